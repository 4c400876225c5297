import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { createRanges } from '../../src/config/index.ts';
import type { SignedIn } from '../../src/policy/index.ts';
import { isMisplaced } from '../../src/portals/index.ts';
import { agent, type Judge, judgeOf, type Manner, signedIn } from '../support/policy.ts';

interface Example {
  readonly settings: string;
  readonly who: string;
  readonly as: Manner;
  readonly headers?: Readonly<Record<string, string>>;
  readonly request: string;
  readonly form?: string;
  readonly body?: string;
  readonly client?: string;
  readonly portal?: string;
  readonly rule: number;
  readonly out: string | number;
  readonly path?: string;
}

interface Fixture {
  readonly base: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly cases: readonly Example[];
}

const text = readFileSync(new URL('../fixtures/decisions.yaml', import.meta.url), 'utf8');
const { base, settings, cases }: Fixture = parse(text, { merge: true });

const PEOPLE: Readonly<Record<string, SignedIn | undefined>> = {
  nobody: undefined,
  agent: agent(),
  user: signedIn(),
  guest: signedIn({ guest: true }),
};

t.ok(cases.length > 80, 'the examples are all there');

for (const [name, differences] of Object.entries(settings)) {
  t.test(`the worked examples under the settings "${name}"`, async t => {
    const judge = await judgeOf({ ...base, ...differences });
    for (const example of cases.filter(({ settings }) => settings === name)) {
      t.same(outcomeOf(judge, example), expectedOf(example), `${example.who} ${example.as} ${example.request}`);
    }
  });
}

function expectedOf({ rule, out, portal, path, request }: Example): Record<string, unknown> {
  if (rule === 0) return { rule, out };
  if (out !== 'forward' && out !== 'identity') return { rule, out, portal };
  const asked = request.replace(/^[A-Z]+ https:\/\/[^/]+/, '');
  return { rule, out, portal, path: path ?? asked };
}

function outcomeOf(judge: Judge, example: Example): Record<string, unknown> {
  const { request, as, headers = {}, form, body, client, who } = example;
  const { emergency } = judge.config;
  const ask = {
    as,
    headers,
    form,
    body,
    emergency: client !== undefined && emergency !== undefined && createRanges(emergency.from)(client),
  };
  const access = judge.access(request, ask);
  if (isMisplaced(access)) return { rule: 0, out: access.refused === 'UNKNOWN_HOST' ? 421 : 400 };
  const { path, query } = access.place.target;
  const { rule, outcome, status, portal } = judge.decide(request, PEOPLE[who], ask);
  const decided = { rule, out: status ?? outcome, portal: portal.name };
  return outcome === 'forward' || outcome === 'identity' ? { ...decided, path: path + query } : decided;
}
