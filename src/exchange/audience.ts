import type { IncomingMessage } from 'node:http';
import { isSeen } from '../policy/index.ts';

/** Whether what is answered becomes what a person sees: a page, else a problem document. */
export function isPageWanted({ headers }: IncomingMessage): boolean {
  return isSeen({ headers, websocket: headers.upgrade !== undefined });
}
