import { ASK_SUPPORT, type Words } from './words.ts';

/** Requests that the gateway cannot serve. */
export const gateway = {
  upstreamUnreachable: {
    heading: 'The helpdesk cannot be reached',
    paragraphs: [
      'It does not answer at the moment. You have not been signed out.',
      `Wait a moment and load the page again. ${ASK_SUPPORT}`,
    ],
  },
  upstreamTimeout: {
    heading: 'The helpdesk takes too long to answer',
    paragraphs: [
      'We waited for it and had to give up. If you were sending something, look whether it has arrived before you send it again.',
      `Wait a moment and load the page again. ${ASK_SUPPORT}`,
    ],
  },
  clientTimeout: {
    heading: 'Your request did not arrive whole',
    paragraphs: ['The connection was too slow or stopped half-way.', 'Check your connection and try again.'],
  },
  storeUnreachable: {
    heading: 'We cannot check your sign-in just now',
    paragraphs: [
      'A part of the service is not available. You have not been signed out.',
      `Wait a moment and load the page again. ${ASK_SUPPORT}`,
    ],
  },
  internalError: {
    heading: 'Something went wrong',
    paragraphs: ['An error on our side kept us from answering.', `Load the page again. ${ASK_SUPPORT}`],
  },
  badRequest: {
    heading: 'This request cannot be read',
    paragraphs: [
      'Your browser sent something that has more than one meaning, so we did not pass it on.',
      `Load the page again. ${ASK_SUPPORT}`,
    ],
  },
  badTarget: {
    heading: 'This address cannot be opened',
    paragraphs: [
      'It holds characters that may not stand in an address here.',
      'Check the address, or go to the start page of the helpdesk and find your way from there.',
    ],
  },
  unknownHost: {
    heading: 'There is no helpdesk at this address',
    paragraphs: [
      'The server was reached, but not under a name that it knows.',
      'Check the address in your browser for a typing mistake, or ask your helpdesk for the right one.',
    ],
  },
  notFound: {
    heading: 'This page does not exist',
    paragraphs: [
      'The address may be incomplete or out of date.',
      'Go to the start page of the helpdesk and find your way from there.',
    ],
  },
  methodNotAllowed: {
    heading: 'This address cannot be used in that way',
    paragraphs: [
      'The page exists, but not for what your browser asked of it.',
      'Go back, load the page again and try once more.',
    ],
  },
  crossOrigin: {
    heading: 'This came from another site',
    paragraphs: [
      'A page outside this helpdesk tried to change something here in your name. We stopped it for your protection.',
      'If you wanted to do this, open the helpdesk itself and do it there.',
    ],
  },
  noConnection: {
    heading: 'You cannot sign in this way',
    paragraphs: [
      'This way of signing in is not offered here, or no longer. The link may be out of date.',
      'Go to the start page of the helpdesk and sign in from there.',
    ],
  },
} as const satisfies Readonly<Record<string, Words>>;
