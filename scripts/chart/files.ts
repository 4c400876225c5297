import { settingsJsonSchema } from '../../src/config/index.ts';
import { chartSettingsSchema } from './settings-schema.ts';
import { chartValuesSchema } from './values-schema.ts';

/** The texts of the schemas that are made of src/config, by the path from the root. */
export function schemaFiles(): Readonly<Record<string, string>> {
  const settings = settingsJsonSchema();
  const files = {
    'config/halogate.schema.json': settings,
    'helm/halogate/values.schema.json': chartValuesSchema(chartSettingsSchema(settings)),
  };
  return Object.fromEntries(
    Object.entries(files).map(([path, schema]) => [path, `${JSON.stringify(schema, null, 2)}\n`]),
  );
}
