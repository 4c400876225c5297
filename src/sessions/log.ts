/** Where the sessions report what an operator should know: a pino logger fits. */
export interface SessionsLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
