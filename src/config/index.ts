export type { Layout } from './build/index.ts';
export { findingCodes } from './codes.ts';
export type * from './config.ts';
export { expiryOf } from './expiry.ts';
export { readFederatedToken } from './federated-token.ts';
export { type Finding, formatFinding } from './findings.ts';
export { loadSettings, loadSettingsText } from './load.ts';
export { createRanges } from './ranges.ts';
export { settingsJsonSchema } from './schema/index.ts';
