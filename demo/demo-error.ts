/** Something that the person at the terminal can mend: its message is all that is said. */
export class DemoError extends Error {}
