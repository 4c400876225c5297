import { settingsJsonSchema } from '../config/index.ts';

/**
 * `halogate schema`: prints the JSON Schema of the settings, for editors.
 * @returns the exit status
 */
export async function schema(write: (text: string) => void = text => process.stdout.write(text)): Promise<number> {
  write(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
  return 0;
}
