/** How long before its end a credential is warned of, in milliseconds: 30 days. */
const NOTICE = 30 * 24 * 60 * 60 * 1000;

/**
 * How a credential stands: `ending` within 30 days, `ended` or `good`.
 * @param expires when it ends; like `now` in milliseconds since the epoch
 */
export function expiryOf(expires: number, now: number): 'good' | 'ending' | 'ended' {
  if (expires <= now) return 'ended';
  return expires - now <= NOTICE ? 'ending' : 'good';
}
