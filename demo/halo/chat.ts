import { sendHtml } from '../web/index.ts';
import type { Route } from './context.ts';
import { chatPage } from './pages.ts';

/** A page that talks to the hub. */
export const CHAT_ROUTES: readonly Route[] = [
  { methods: ['GET'], path: '/chat', act: ({ response }) => sendHtml(response, 200, chatPage()) },
];
