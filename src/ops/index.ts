export type { Audit, AuditEvent } from './audit/event.ts';
export { trackConnections } from './connections.ts';
export { drain } from './drain.ts';
export { createHealth, type Readiness } from './health.ts';
export { createOpsListener } from './listener.ts';
export { createLog } from './log.ts';
export type {
  ExchangeRecorder,
  ProviderEndpoint,
  ProviderFailure,
  SignInRecorder,
} from './recorder.ts';
export { describeStatus, type TenantsFacts } from './status.ts';
export { createTelemetry, type Telemetry } from './telemetry.ts';
export { readVersion } from './version.ts';
