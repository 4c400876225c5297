/** What is remembered is bounded: names come from strangers. */
const MAX_NAMES = 1_000;
const MAX_NAME_LENGTH = 64;

/**
 * A look-up of what to do with a header field by its name as it was written. Names repeat from request to request, so that what
 * `classify` says of a spelling is worked out once.
 * @param classify a pure function of the name in lower case
 */
export function createFieldTable<Treatment extends string>(
  classify: (name: string) => Treatment,
): (name: string) => Treatment {
  const known = new Map<string, Treatment>();
  return name => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const treatment = classify(name.toLowerCase());
    if (name.length <= MAX_NAME_LENGTH) {
      // Starting afresh keeps the table useful to everybody after somebody has filled it with invented names.
      if (known.size >= MAX_NAMES) known.clear();
      known.set(name, treatment);
    }
    return treatment;
  };
}
