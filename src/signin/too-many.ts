import type { Answer } from '../answers/index.ts';
import { tooManyRequests } from '../pages/index.ts';
import type { SignInContext, Visit } from './visit.ts';

/** 429 for a client that asks too often. @param wait milliseconds */
export function tooManyAnswer({ answers }: Pick<SignInContext, 'answers'>, visit: Visit, wait: number): Answer {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  const headers = [['Retry-After', String(seconds)]] as const;
  return answers.refuse(visit.audience, { status: 429, content: tooManyRequests(), headers });
}
