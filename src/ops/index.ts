export { type Audit, type AuditEvent, createAudit } from './audit.ts';
export { trackConnections } from './connections.ts';
export { drain } from './drain.ts';
export { createHealth, type Readiness } from './health.ts';
export { createOpsListener } from './listener.ts';
export { createLog } from './log.ts';
export { describeStatus } from './status.ts';
export { readVersion } from './version.ts';
