import type { IncomingMessage } from 'node:http';
import type { Audience } from '../answers/index.ts';
import { isSeen } from '../policy/index.ts';

/** To whom a request is answered: a page where what is answered becomes what a person sees, else a problem document. */
export function audienceOf({ headers }: IncomingMessage, requestId: string): Audience {
  return {
    page: isSeen({ headers, websocket: headers.upgrade !== undefined }),
    requestId,
    acceptLanguage: headers['accept-language'],
  };
}
