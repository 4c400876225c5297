import type { AssertionConfig, IdentityConfig } from '../config.ts';
import { defaults } from '../defaults.ts';
import type { Settings } from '../schema/index.ts';
import { parseDuration } from '../units.ts';

type IdentitySettings = NonNullable<Settings['identity']>;

export function buildIdentity(settings: IdentitySettings, assertionKey: string | undefined): IdentityConfig {
  const headers = Object.entries(settings.headers ?? defaults.identityHeaders);
  const assertion = buildAssertion(settings.assertion ?? {}, assertionKey);
  return {
    headers: headers.map(([name, template]) => ({ name, template })),
    groups: settings.groups ?? defaults.identityGroups,
    ...(assertion === undefined ? {} : { assertion }),
  };
}

function buildAssertion(
  settings: NonNullable<IdentitySettings['assertion']>,
  key: string | undefined,
): AssertionConfig | undefined {
  if (settings === false) return undefined;
  return {
    header: settings.header ?? defaults.assertionHeader,
    lifetime: parseDuration(settings.lifetime ?? defaults.assertionLifetime),
    ...(key === undefined ? {} : { key }),
  };
}
