import type { SessionConfig } from '../../config/index.ts';
import { type StoreTrial, tryStore } from '../../sessions/index.ts';
import { type Check, fail, ok, warn } from './check.ts';

const SUBJECTS: Readonly<Record<StoreTrial['step'], string>> = {
  answer: 'redis, connection',
  sessions: 'redis, reading and writing',
  feed: 'redis, feed of ended sessions',
  listing: 'redis, list of sessions',
};

const GOOD: Readonly<Record<StoreTrial['step'], string>> = {
  answer: 'It answers.',
  sessions: 'A session was written, read, changed and ended.',
  feed: 'What is published comes back.',
  listing: 'halogate sessions can read it.',
};

/** What to do, by the kind of error. */
const BY_REASON: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check host and port, and that Redis runs.',
  ENOTFOUND: 'The host name is unknown: check "session.redis".',
  EAI_AGAIN: 'Host names cannot be resolved now: check the DNS of this machine.',
  ETIMEDOUT: 'No connection came about: check host, port and the firewalls between.',
  TIMEOUT:
    'It does not answer in time: check host, port, whether TLS is expected ("rediss:"), and the firewalls between.',
  ECONNRESET:
    'It drops the connection: check whether TLS is expected ("rediss:") and whether it asks for a client certificate.',
  CLOSED:
    'It closes the connection: check whether TLS is expected ("rediss:") and whether it asks for a client certificate.',
  WRONGPASS: 'User or password is wrong: check "username" and "password" of "session.redis".',
  NOAUTH: 'It asks for a password: set "password" of "session.redis".',
  ERR: 'It refuses how the gateway signs in or which database it chooses: check "username", "password" and the number at the end of "url".',
  NOPERM: 'The user has too few rights: docs/redis.md has the rules that are needed.',
  READONLY: 'It is a replica: name the master, or use "sentinel".',
  MISCONF: 'It cannot write to disk: mend that at the server.',
  OOM: 'Its memory is full: give it more (and "maxmemory-policy noeviction").',
  SENTINELS: 'No sentinel answers: check "sentinel.nodes", and "sentinel.name".',
  LOST: 'What was written was gone at once: it evicts keys, or another master answers. Set "maxmemory-policy noeviction".',
};

/** The store of sessions, tried as gateways use it. */
export async function examineStore({ redis }: SessionConfig): Promise<readonly Check[]> {
  if (!redis) {
    return [
      warn(
        'sessions',
        'They are in memory: for one gateway, and gone when it ends. "session.redis" keeps and shares them.',
      ),
    ];
  }
  return (await tryStore(redis)).map(describe);
}

function describe({ step, reason }: StoreTrial): Check {
  const subject = SUBJECTS[step];
  if (reason === undefined) return ok(subject, GOOD[step]);
  const said = `It fails (${reason}). ${adviceOn(reason)}`;
  // The gateway works without them: every request asks the store, and operators cannot list sessions.
  return step === 'feed' || step === 'listing' ? warn(subject, said) : fail(subject, said);
}

function adviceOn(reason: string): string {
  if (/CERT|SSL|TLS|SIGNATURE|ALTNAME|EPROTO/.test(reason))
    return 'Its certificate does not verify: check "tls.ca" and "tls.servername" of "session.redis".';
  return BY_REASON[reason] ?? 'The log of the server says more.';
}
