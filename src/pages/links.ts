/** Stands for the page's own origin: a path that leads anywhere else once it is parsed is no path of this host. */
const SELF = 'https://self.invalid';

/** Whether an address is a path of the page's own host, as a browser would read it. */
export function isOwnPath(address: string): boolean {
  if (!address.startsWith('/')) return false;
  return URL.parse(address, SELF)?.origin === SELF;
}

/** Whether a page may link an address: a path of its own host, or an absolute http, https or mailto address. */
export function isLinkable(address: string): boolean {
  if (isOwnPath(address)) return true;
  return /^(?:https?:\/\/|mailto:)/i.test(address) && URL.canParse(address);
}
