export type * from './api.ts';
export { type Assertions, createAssertions } from './assertion.ts';
export { createClientAddress } from './client-address.ts';
export { discardBody, expectsContinue } from './client-connection.ts';
export { createForwarder, type ForwarderConfig } from './forward.ts';
export { createIdentityHeaders } from './identity.ts';
export type { SharedValues } from './shared-keys.ts';
export type { Tunnel } from './tunnel.ts';
export { createUpgrade, type Upgrade } from './upgrade.ts';
