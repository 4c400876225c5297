import t from 'tap';
import type { PageContent } from '../../src/pages/index.ts';
import { defaultLanguage, languages, type Texts } from '../../src/pages/texts/index.ts';
import type { SignInFailure } from '../../src/signin/errors.ts';
import { CODES, questions, refusals, samples } from '../support/page-samples.ts';

/** A record rather than a list: it does not type-check while a code of the sign-in is missing from it. */
const FAILURES: Readonly<Record<SignInFailure, 'retry' | 'no retry'>> = {
  SIGN_IN_CANCELLED: 'retry',
  ACCOUNT_NOT_IN_ORGANISATION: 'retry',
  ACCESS_NOT_ASSIGNED: 'retry',
  CONSENT_REQUIRED: 'retry',
  ORGANISATION_NOT_SET_UP: 'retry',
  INTERACTION_REQUIRED: 'retry',
  BLOCKED_BY_POLICY: 'retry',
  ACCOUNT_DISABLED: 'retry',
  SIGN_IN_MISCONFIGURED: 'no retry',
  SIGN_IN_LOOP: 'retry',
  PROVIDER_ERROR: 'retry',
  CODE_REJECTED: 'retry',
  PROVIDER_UNREACHABLE: 'retry',
  TOKEN_INVALID: 'retry',
  TENANT_NOT_ADMITTED: 'retry',
  GROUPS_OVERAGE: 'no retry',
  GROUPS_UNREACHABLE: 'retry',
  CALLBACK_INVALID: 'retry',
  COOKIES_BLOCKED: 'retry',
};
const SIGN_IN = '/.halogate/sign-in?return=%2Ftickets';
const en = languages[defaultLanguage];

function targetsOf(content: PageContent, texts: Texts): string[] {
  return (content.say(texts).actions ?? []).flatMap(action => {
    if (action.kind === 'again') return [];
    return action.kind === 'link' ? [action.href] : [action.action];
  });
}

function wordsOf(content: PageContent | undefined, texts: Texts): string {
  return content?.say(texts).paragraphs.join(' ') ?? '';
}

/** The words of a language by their place, a function's with a marker in place of each name. */
function leavesOf(value: unknown, place = ''): readonly (readonly [place: string, words: string])[] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value === 'function') return [[place, String(value(...markersOf(value)))]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${place}.${key}`));
}

function markersOf({ length }: { readonly length: number }): readonly string[] {
  return Array.from({ length }, (_, index) => `⟦${index}⟧`);
}

t.test('the pages have words for every code of the sign-in, and for no other', async t => {
  t.strictSame([...CODES].sort(), Object.keys(FAILURES).sort());
});

for (const [language, texts] of Object.entries<Texts>(languages)) {
  t.test(`${language}: every refusal says what it is in words of its own`, async t => {
    const contents = Object.values(refusals);
    t.equal(new Set(contents.map(({ say }) => say(texts).heading)).size, contents.length);
    t.equal(new Set(contents.map(content => wordsOf(content, texts))).size, contents.length);
  });

  t.test(`${language}: every page says what happened and what to do next, in words`, async t => {
    for (const [name, content] of Object.entries(samples)) {
      const { heading, paragraphs, actions = [], details = [] } = content.say(texts);
      t.ok(heading.trim().length > 0 && paragraphs.length > 0, name);
      for (const paragraph of paragraphs) t.match(paragraph, /^\S.*\S[.]$/s, name);
      const words = [heading, ...paragraphs, ...actions, ...details].flatMap(part =>
        typeof part === 'string' ? [part] : [part.label],
      );
      t.notMatch(
        words.join(' '),
        /\b(?:undefined|null|nan)\b|\[object|\b(?:AADSTS|OIDC|OAuth|tokens?|tenants?)\b/i,
        name,
      );
    }
  });

  t.test(`${language}: nothing is left over from writing the words`, async t => {
    for (const [place, words] of leavesOf(texts)) {
      t.match(words, /^\S(?:.*\S)?$/, `${place} is neither empty nor ragged`);
      t.notMatch(words, /[{}<>$%_*|`]|["'] |\s{2}|\.\.|\bTBD\b|lorem|\?\?/i, `${place} holds no placeholder or markup`);
    }
  });

  t.test(`${language}: a sentence about a name holds the name, once`, async t => {
    const about = (value: unknown, place: string): void => {
      if (typeof value === 'function') {
        const words = String(value(...markersOf(value)));
        t.ok(value.length > 0, place);
        for (const marker of markersOf(value)) t.equal(words.split(marker).length, 2, `${place} ${marker}`);
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) about(inner, `${place}.${key}`);
      }
    };
    about(texts, language);
  });
}

/** Words that two languages share. */
const SHARED: ReadonlySet<string> = new Set(['Code', 'Organisation', 'ltr']);

t.test('every word of every other language is translated', async t => {
  const original = new Map(leavesOf(en));
  let seen = 0;
  for (const [language, texts] of Object.entries<Texts>(languages)) {
    if (texts === en) continue;
    for (const [place, words] of leavesOf(texts)) {
      if (SHARED.has(words)) continue;
      seen += 1;
      t.not(words, original.get(place), `${language}${place}`);
      t.notMatch(words, /\b(?:the|you|sign|again|your)\b/i, `${language}${place}`);
    }
  }
  t.ok(seen > 100, 'there are words to look at');
});

t.test('a failed sign-in offers another attempt only where one may help', async t => {
  for (const code of CODES) {
    const [target] = refusals[code] ? targetsOf(refusals[code], en) : [];
    t.equal(target, FAILURES[code] === 'retry' ? SIGN_IN : undefined, code);
  }
});

t.test('whoever came with a wrong account is told that they can use another', async t => {
  for (const code of ['ACCOUNT_NOT_IN_ORGANISATION', 'TENANT_NOT_ADMITTED']) {
    const [action] = refusals[code]?.say(en).actions ?? [];
    t.match(action?.label, /another account/i, code);
    t.match(wordsOf(refusals[code], en), /sign in with/i, code);
  }
});

t.test('every refusal carries its stable code', async t => {
  for (const [code, content] of Object.entries(refusals)) t.equal(content.code, code);
  t.equal(questions.framed?.code, 'SIGN_IN_REQUIRED');
  t.equal(questions['session-missing']?.code, 'SIGN_IN_REQUIRED');
});

t.test('every action leads to a path of the host, but for the consent of an administrator', async t => {
  const host = 'https://helpdesk.example.com';
  const elsewhere: string[] = [];
  let seen = 0;
  for (const [name, content] of Object.entries(samples)) {
    for (const target of targetsOf(content, en)) {
      seen += 1;
      if (!target.startsWith('/') || new URL(target, host).origin !== host) elsewhere.push(name);
    }
  }
  t.ok(seen > Object.keys(samples).length / 2, 'there are actions to look at');
  t.strictSame(elsewhere, ['CONSENT_REQUIRED']);
});

t.test('the page that asks before signing out lets its form go on to the provider', async t => {
  t.strictSame(questions['sign-out-question']?.formTargets, ['https://login.microsoftonline.com']);
});

t.test('only the page for a frame may be framed, and it opens a window of its own', async t => {
  t.strictSame(
    Object.values(samples).filter(({ framed }) => framed),
    [questions.framed],
  );
  t.match(questions.framed?.say(en).actions, [{ kind: 'link', href: '/tickets', newWindow: true }]);
});
