import type { PageContent, Pages } from '../pages/index.ts';
import { preferredLanguage } from './language.ts';

/** What the gateway itself answers: written whole, never cached. */
export interface Answer {
  readonly status: number;
  /** Name and value; a name may stand several times. */
  readonly headers: readonly Field[];
  readonly body: string | Uint8Array;
  /** The stable code, for the log. */
  readonly code?: string;
}

export type Field = readonly [name: string, value: string];

/** Who asks: decides whether a refusal is a page or a problem document, and in which language either is written. */
export interface Audience {
  readonly page: boolean;
  readonly requestId: string;
  /** The header field, as it came. */
  readonly acceptLanguage: string | undefined;
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
  /** A page to whoever asks. It shows a request number only where it shows a code. */
  page(audience: Audience, status: number, content: PageContent, headers?: readonly Field[]): Answer;
  /** A page to a person, `application/problem+json` (RFC 9457) to a program. */
  refuse(audience: Audience, refusal: Refusal): Answer;
  redirect(status: 302 | 303, location: string, headers?: readonly Field[]): Answer;
  /** Says what it has to say in its header fields. */
  empty(status: number, headers: readonly Field[]): Answer;
  json(status: number, value: unknown, headers?: readonly Field[], contentType?: string): Answer;
  stylesheet(): Answer;
  /** Undefined where the settings name none. */
  logo(): Answer | undefined;
}

/** @param pages renders what a person sees */
export function createAnswers(pages: Pages): Answers {
  function page(
    { requestId, acceptLanguage }: Audience,
    status: number,
    content: PageContent,
    headers: readonly Field[] = [],
  ): Answer {
    const shown = content.code === undefined ? content : { ...content, requestId };
    const { html, headers: pageHeaders } = pages.render(shown, preferredLanguage(acceptLanguage));
    return {
      status,
      headers: [...Object.entries(pageHeaders), BY_LANGUAGE, ...headers],
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

  function empty(status: number, headers: readonly Field[]): Answer {
    return { status, headers: [NO_STORE, ...headers], body: '' };
  }

  return {
    page,
    json,
    refuse(audience, { status, content, headers = [], signIn }) {
      if (audience.page) return page(audience, status, content, headers);
      const { requestId, acceptLanguage } = audience;
      const language = preferredLanguage(acceptLanguage);
      const { title, detail } = pages.tell(content, language);
      const problem = {
        type: `urn:halogate:problem:${content.code}`,
        title,
        status,
        detail,
        code: content.code,
        requestId,
        ...(signIn === undefined ? {} : { signIn }),
      };
      const fields: readonly Field[] = [['Content-Language', language], BY_LANGUAGE, ...headers];
      return { ...json(status, problem, fields, 'application/problem+json'), code: content.code };
    },
    empty,
    redirect: (status, location, headers = []) => empty(status, [['Location', location], ...headers]),
    stylesheet: () => ({
      status: 200,
      headers: [['Content-Type', pages.stylesheet.contentType], ['X-Content-Type-Options', 'nosniff'], NO_STORE],
      body: pages.stylesheet.css,
    }),
    logo: () => pages.logo && image(pages.logo),
  };
}

/** An image, harmless to whoever opens it by its address: an SVG may hold scripts and links (CSP Level 3). */
function image({ bytes, contentType }: NonNullable<Pages['logo']>): Answer {
  return {
    status: 200,
    headers: [
      ['Content-Type', contentType],
      ['Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"],
      ['X-Content-Type-Options', 'nosniff'],
      NO_STORE,
    ],
    body: bytes,
  };
}

const NO_STORE: Field = ['Cache-Control', 'no-store'];
/** The words depend on the languages that somebody prefers (RFC 9110 section 12.5.5). */
const BY_LANGUAGE: Field = ['Vary', 'Accept-Language'];
