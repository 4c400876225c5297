/** A field of a form, decoded. */
export interface FormField {
  readonly name: string;
  readonly value: string;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes a form (`application/x-www-form-urlencoded`) strictly.
 * @returns undefined where an encoding is invalid or a name holds a control character
 */
export function readForm(body: Buffer): readonly FormField[] | undefined {
  try {
    const fields = UTF8.decode(body)
      .split('&')
      .filter(part => part !== '')
      .map(readField);
    return fields.some(field => holdsControl(field.name)) ? undefined : fields;
  } catch {
    return undefined;
  }
}

function readField(part: string): FormField {
  const equals = part.indexOf('=');
  if (equals === -1) return { name: decode(part), value: '' };
  return { name: decode(part.slice(0, equals)), value: decode(part.slice(equals + 1)) };
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function holdsControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}
