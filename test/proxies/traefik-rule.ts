/** Whether a request matches a rule of a router. */
export type Rule = (host: string, path: string) => boolean;

const MATCHERS: Readonly<Record<string, (argument: string) => Rule>> = {
  Host: argument => host => host === argument,
  PathPrefix: argument => (_, path) => path.startsWith(argument),
  PathRegexp(argument) {
    const regex = new RegExp(argument.replace(/^\(\?i\)/, ''), argument.startsWith('(?i)') ? 'i' : '');
    return (_, path) => regex.test(path);
  },
};

/** Reads a rule of Traefik's: matchers with one argument in backticks, `!`, `&&`, `||` and parentheses. @throws Error for anything else */
export function readRule(text: string): Rule {
  const tokens = text.match(/&&|\|\||[!()]|\w+\(`[^`]*`\)|\S/g) ?? [];

  function either(): Rule {
    const first = both();
    if (tokens[0] !== '||') return first;
    tokens.shift();
    const second = either();
    return (host, path) => first(host, path) || second(host, path);
  }
  function both(): Rule {
    const first = one();
    if (tokens[0] !== '&&') return first;
    tokens.shift();
    const second = both();
    return (host, path) => first(host, path) && second(host, path);
  }
  function one(): Rule {
    const token = tokens.shift() ?? '';
    if (token === '!') {
      const rule = one();
      return (host, path) => !rule(host, path);
    }
    if (token === '(') {
      const rule = either();
      if (tokens.shift() !== ')') throw new Error(`A parenthesis is missing: ${text}`);
      return rule;
    }
    const [, name = '', argument = ''] = /^(\w+)\(`([^`]*)`\)$/.exec(token) ?? [];
    const matcher = MATCHERS[name];
    if (!matcher) throw new Error(`No matcher: ${token}`);
    return matcher(argument);
  }

  const rule = either();
  if (tokens.length > 0) throw new Error(`What follows is no part of the rule: ${tokens.join('')}`);
  return rule;
}
