/**
 * A value that the checks have seen.
 * @throws Error where a check has let something pass that it should not have
 */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The settings passed their checks but cannot be used.');
  return value;
}
