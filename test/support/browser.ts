import { request } from 'undici';

/** An answer as a browser's page would see it. */
export interface Seen {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly setCookies: readonly string[];
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

interface Cookie {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
  /** SameSite=None: sent with a cross-site POST too. */
  readonly crossSite: boolean;
}

/**
 * As much of a browser as sign-in needs: cookies by host and path, redirects, fetch metadata of a navigation.
 * `hosts` says where public origins are really served, since tests have neither DNS nor TLS.
 */
export class Browser {
  readonly #hosts: Readonly<Record<string, string>>;
  #cookies: readonly Cookie[] = [];

  constructor(hosts: Readonly<Record<string, string>>) {
    this.#hosts = hosts;
  }

  /** The browser's cookies for a URL, by name. */
  cookies(url: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#for(new URL(url)).map(({ name, value }) => [name, value]));
  }

  /** Plants a cookie, as an attacker or an earlier page could. */
  plant(url: string, name: string, value: string): void {
    this.#keep({ host: new URL(url).host, path: '/', name, value, crossSite: false });
  }

  /** Everything that the browser keeps, to be put into another one. */
  copyTo(other: Browser): void {
    other.#cookies = this.#cookies;
  }

  /** One request without following redirects. */
  async ask(url: string | URL, { method = 'GET', headers = {}, form }: Ask = {}): Promise<Seen> {
    const target = new URL(url);
    const at = this.#hosts[target.origin] ?? target.origin;
    const strict = method === 'POST' && headers['sec-fetch-site'] === 'cross-site';
    const cookie = this.#for(target)
      .filter(({ crossSite }) => crossSite || !strict)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const answer = await request(at + target.pathname + target.search, {
      method: method as 'GET',
      headers: {
        host: target.host,
        accept: 'text/html',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
        'sec-fetch-site': 'none',
        ...(cookie ? { cookie } : {}),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    });
    const setCookies = [answer.headers['set-cookie'] ?? []].flat();
    for (const line of setCookies) this.#set(target, line);
    return {
      url: target,
      status: answer.statusCode,
      headers: answer.headers,
      setCookies,
      body: await answer.body.text(),
    };
  }

  /** Goes to an address and follows redirects until a page comes. */
  async go(url: string | URL, ask: Ask = {}): Promise<Seen> {
    let seen = await this.ask(url, ask);
    for (let hops = 0; isRedirect(seen); hops += 1) {
      if (hops > 10) throw new Error(`A redirect loop at ${seen.url.href}`);
      const site = new URL(locationOf(seen)).origin === seen.url.origin ? 'same-origin' : 'cross-site';
      seen = await this.ask(locationOf(seen), { headers: { ...ask.headers, 'sec-fetch-site': site } });
    }
    return seen;
  }

  #for(url: URL): readonly Cookie[] {
    return this.#cookies.filter(({ host, path }) => host === url.host && url.pathname.startsWith(path));
  }

  #set(url: URL, line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const cookie = {
      host: url.host,
      name: pair.slice(0, equals),
      value: pair.slice(equals + 1),
      crossSite: attributes.some(attribute => /^samesite=none$/i.test(attribute)),
      path: attributes.find(attribute => /^path=/i.test(attribute))?.slice(5) ?? '/',
    };
    this.#cookies = this.#cookies.filter(other => !isSame(other, cookie));
    if (!attributes.some(attribute => /^max-age=0$/i.test(attribute))) this.#keep(cookie);
  }

  #keep(cookie: Cookie): void {
    this.#cookies = [...this.#cookies.filter(other => !isSame(other, cookie)), cookie];
  }
}

function isSame(one: Cookie, other: Cookie): boolean {
  return one.host === other.host && one.path === other.path && one.name === other.name;
}

function isRedirect({ status, headers }: Seen): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined;
}

/** Where an answer leads. */
export function locationOf({ headers, url }: Seen): string {
  return new URL(String(headers.location), url).href;
}
