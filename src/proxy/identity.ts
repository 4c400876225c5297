import type { Config, Portal } from '../config/index.ts';
import type { Session } from '../sessions/index.ts';
import type { IdentityHeaders, RawHeaders } from './api.ts';
import type { Assertions } from './assertion.ts';
import { createGroupsForHalo } from './groups.ts';
import { compileTemplate } from './identity-template.ts';

interface Prepared {
  readonly fields: Promise<RawHeaders>;
  /** Milliseconds since the epoch: from then on the fields are prepared anew. */
  readonly renewAt: number;
}

/** How much of an assertion's lifetime is left at least when it goes to Halo. */
const REMAINING = 0.25;

/**
 * Makes the function that gives the identity's header fields of a session on a portal. They are prepared once and kept with the
 * session object; with an assertion they are renewed before that expires. The promise rejects where no assertion can be signed.
 * @param assertions needed where `identity.assertion` is switched on
 * @throws TypeError for a template that does not compile, or an assertion that nobody signs
 */
export function createIdentityHeaders(
  config: Pick<Config, 'connections' | 'identity'>,
  assertions?: Assertions,
  now: () => number = Date.now,
): IdentityHeaders {
  const { headers, assertion } = config.identity;
  if (assertion && !assertions)
    throw new TypeError('Identity assertions are switched on, but there is nobody to sign them.');
  const signer = assertion ? assertions : undefined;
  const templates = headers.map(({ name, template }) => ({ name, fill: compileTemplate(template) }));
  const groupsForHalo = createGroupsForHalo(config);
  const kept = new WeakMap<Session, WeakMap<Portal, Prepared>>();

  const prepare = async (session: Session, portal: Portal): Promise<RawHeaders> => {
    const groups = groupsForHalo(session.person);
    const fields: string[] = [];
    for (const { name, fill } of templates) {
      const value = fill({ session, portal, groups });
      if (value !== '') fields.push(name, value);
    }
    if (assertion && signer) fields.push(assertion.header, await signer.sign(session, portal, groups));
    return fields;
  };

  return (session, portal) => {
    let ofSession = kept.get(session);
    if (!ofSession) {
      ofSession = new WeakMap();
      kept.set(session, ofSession);
    }
    const time = now();
    const known = ofSession.get(portal);
    if (known && time < known.renewAt) return known.fields;

    const fields = prepare(session, portal);
    const renewAt = assertion ? time + assertion.lifetime * (1 - REMAINING) : Number.POSITIVE_INFINITY;
    const prepared: Prepared = { fields, renewAt };
    ofSession.set(portal, prepared);
    // Who cannot be vouched for now may be vouched for at the next request.
    fields.catch(() => {
      if (kept.get(session)?.get(portal) === prepared) kept.get(session)?.delete(portal);
    });
    return fields;
  };
}
