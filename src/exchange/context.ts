import type { IncomingMessage } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { Answers } from '../answers/index.ts';
import type { Config } from '../config/index.ts';
import type { Audit, ExchangeRecorder } from '../ops/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Locate } from '../portals/index.ts';
import type { Assertions, ClientAddress, Forwarder, IdentityHeaders, Upgrade } from '../proxy/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { SignInContext } from '../signin/index.ts';
import type { Sockets } from './sockets.ts';

/** Everything that carrying requests needs; the composition root fills it. */
export interface ExchangeContext {
  readonly config: Config;
  readonly locate: Locate;
  /** As it is now: tenants come and go. */
  readonly policy: Policy;
  readonly sessions: Sessions;
  readonly signIn: SignInContext;
  readonly answers: Answers;
  readonly audit: Audit;
  readonly recorder: ExchangeRecorder;
  readonly forwarder: Forwarder;
  readonly upgrade: Upgrade;
  readonly sockets: Sockets;
  readonly identityHeaders: IdentityHeaders;
  /** Left out where the assertion is switched off. */
  readonly assertions?: Assertions;
  readonly clientAddress: ClientAddress;
  /** Whether a request comes straight from a trusted proxy. */
  readonly fromTrustedProxy: (request: IncomingMessage) => boolean;
  /** Whether no portal counts as forced for a client now. */
  readonly emergency: (client: string) => boolean;
  readonly isDraining: () => boolean;
  readonly log: FastifyBaseLogger;
}
