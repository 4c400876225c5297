/**
 * ASCII letters in lower case, everything else as it is. `toLowerCase` would also map letters beyond ASCII onto ASCII ones
 * (the Kelvin sign onto `k`), and two different paths would become one.
 */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase());
}
