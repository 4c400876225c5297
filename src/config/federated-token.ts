import { type Reading, readText } from './secrets.ts';

/** The variable by which the platform says where the token is (Azure Workload Identity). */
const VARIABLE = 'AZURE_FEDERATED_TOKEN_FILE';

/**
 * The token by which the cluster vouches for this process, or why there is none. To be read anew for each use: the platform replaces
 * the file long before the token in it ends.
 */
export function readFederatedToken(env: NodeJS.ProcessEnv): Reading {
  const file = env[VARIABLE];
  if (file === undefined || file === '') return { problem: `the environment variable ${VARIABLE} is not set` };
  const { value, problem } = readText(file, { directory: '.', env, static: false });
  if (value === undefined) return { problem: `${VARIABLE}: ${problem ?? 'cannot be read'}` };
  const token = value.trim();
  return token === '' ? { problem: `${VARIABLE}: the file is empty` } : { value: token };
}
