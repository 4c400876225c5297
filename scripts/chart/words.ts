/** What values are made of, as JSON Schema. */
export const text = { type: 'string' } as const;
export const texts = { type: 'array', items: text } as const;
export const flag = { type: 'boolean' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const portOrNothing = { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 1, maximum: 65535 }] } as const;

/** Names and texts: labels, annotations. */
export const map = { type: 'object', additionalProperties: text } as const;

export function choice(...values: readonly string[]) {
  return { enum: values };
}

/** A map that has these keys and no others. */
export function only<P extends object>(properties: P) {
  return { type: 'object', properties, additionalProperties: false } as const;
}
