/** The way to a setting: keys, and indexes from 0. */
export type Path = readonly (string | number)[];

/** Whether a finding is about a key (or a list's entry) or about its value. */
export type Anchor = 'key' | 'value';

/** From 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
