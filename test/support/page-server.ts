import { once } from 'node:events';
import { createServer } from 'node:http';
import { type Answer, createAnswers, writeAnswer } from '../../src/answers/index.ts';
import { createPages } from '../../src/pages/index.ts';
import { samples } from './page-samples.ts';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** A mark to stand above the pages. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="11" fill="#0b5a7a"/>
<path d="M14 30V18l10-6 10 6v12l-10 6z" fill="none" stroke="#fff" stroke-width="3.5" stroke-linejoin="round"/></svg>`;

/** Serves every sample below its name, as the gateway would: in the language that is preferred, with the fields of a page. */
export async function servePages(t: Teardown): Promise<string> {
  const answers = createAnswers(
    createPages({
      title: 'Example Helpdesk',
      logo: { bytes: Buffer.from(LOGO), contentType: 'image/svg+xml' },
      support: 'mailto:it@example.com',
    }),
  );
  const server = createServer((request, response) => {
    // A page that moves on is to stay where it can be looked at: a browser keeps its page on 204.
    if (/^\/(?:\.halogate\/sign-in|favicon\.ico)/.test(request.url ?? '')) return response.writeHead(204).end();
    const audience = { page: true, requestId: REQUEST_ID, acceptLanguage: request.headers['accept-language'] };
    const content = samples[(request.url ?? '').slice(1)];
    const own: Readonly<Record<string, Answer | undefined>> = {
      '/.halogate/style.css': answers.stylesheet(),
      '/.halogate/logo': answers.logo(),
    };
    const answer = content ? answers.page(audience, 200, content) : own[request.url ?? ''];
    return writeAnswer(response, answer ?? answers.json(404, {}), false);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return `http://127.0.0.1:${address.port}`;
}

const REQUEST_ID = '7d9f2c34-1a6b-4e0f-8c55-0b1d2e3f4a5b';
