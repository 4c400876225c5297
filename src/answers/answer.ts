import type { PageContent, Pages } from '../pages/index.ts';

/** What the gateway itself answers: written whole, never cached. */
export interface Answer {
  readonly status: number;
  /** Name and value; a name may stand several times. */
  readonly headers: readonly Field[];
  readonly body: string;
  /** The stable code, for the log. */
  readonly code?: string;
}

export type Field = readonly [name: string, value: string];

/** Who asks: decides whether a refusal is a page or a problem document. */
export interface Audience {
  readonly page: boolean;
  readonly requestId: string;
}

/** A refusal: the page's words serve the problem document too. */
export interface Refusal {
  readonly status: number;
  readonly content: PageContent & { readonly code: string };
  readonly headers?: readonly Field[];
  /** A path where signing in starts: the `signIn` member of a 401 problem. */
  readonly signIn?: string;
}

export interface Answers {
  page(status: number, content: PageContent, headers?: readonly Field[]): Answer;
  /** A page to a person, `application/problem+json` (RFC 9457) to a program. */
  refuse(audience: Audience, refusal: Refusal): Answer;
  redirect(status: 302 | 303, location: string, headers?: readonly Field[]): Answer;
  json(status: number, value: unknown, headers?: readonly Field[], contentType?: string): Answer;
  stylesheet(): Answer;
}

/** @param pages renders what a person sees */
export function createAnswers(pages: Pages): Answers {
  function page(status: number, content: PageContent, headers: readonly Field[] = []): Answer {
    const { html, headers: pageHeaders } = pages.render(content);
    return {
      status,
      headers: [...Object.entries(pageHeaders), ...headers],
      body: html,
      ...(content.code ? { code: content.code } : {}),
    };
  }

  function json(status: number, value: unknown, headers: readonly Field[] = [], type = 'application/json'): Answer {
    return {
      status,
      headers: [['Content-Type', type], ['X-Content-Type-Options', 'nosniff'], NO_STORE, ...headers],
      body: `${JSON.stringify(value)}\n`,
    };
  }

  return {
    page,
    json,
    refuse({ page: toPerson, requestId }, { status, content, headers = [], signIn }) {
      if (toPerson) return page(status, { ...content, requestId }, headers);
      const problem = {
        type: `urn:halogate:problem:${content.code}`,
        title: content.heading,
        status,
        detail: content.paragraphs.join(' '),
        code: content.code,
        requestId,
        ...(signIn === undefined ? {} : { signIn }),
      };
      return { ...json(status, problem, headers, 'application/problem+json'), code: content.code };
    },
    redirect: (status, location, headers = []) => ({
      status,
      headers: [['Location', location], NO_STORE, ...headers],
      body: '',
    }),
    stylesheet: () => ({
      status: 200,
      headers: [['Content-Type', pages.stylesheet.contentType], ['X-Content-Type-Options', 'nosniff'], NO_STORE],
      body: pages.stylesheet.css,
    }),
  };
}

const NO_STORE: Field = ['Cache-Control', 'no-store'];
