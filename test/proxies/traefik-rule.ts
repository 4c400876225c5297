/** What rules are about. */
interface Routable {
  readonly host: string;
  readonly path: string;
  /** The values of a header field. @param name in lower case */
  valuesOf(name: string): readonly string[];
}

/** Whether a request matches a rule of a router. */
export type Rule = (request: Routable) => boolean;

const MATCHERS: Readonly<Record<string, (argument: string, second: string) => Rule>> = {
  Host: argument => request => request.host === argument,
  PathPrefix: argument => request => request.path.startsWith(argument),
  PathRegexp(argument) {
    const regex = regexOf(argument);
    return request => regex.test(request.path);
  },
  HeaderRegexp(name, argument) {
    const regex = regexOf(argument);
    return request => request.valuesOf(name.toLowerCase()).some(value => regex.test(value));
  },
};

function regexOf(text: string): RegExp {
  return new RegExp(text.replace(/^\(\?i\)/, ''), text.startsWith('(?i)') ? 'i' : '');
}

/** Reads a rule of Traefik's: matchers with one or two arguments in backticks, `!`, `&&`, `||` and parentheses. @throws Error for anything else */
export function readRule(text: string): Rule {
  const tokens = text.match(/&&|\|\||[!()]|\w+\(`[^`]*`(?:, *`[^`]*`)?\)|\S/g) ?? [];

  function either(): Rule {
    const first = both();
    if (tokens[0] !== '||') return first;
    tokens.shift();
    const second = either();
    return request => first(request) || second(request);
  }
  function both(): Rule {
    const first = one();
    if (tokens[0] !== '&&') return first;
    tokens.shift();
    const second = both();
    return request => first(request) && second(request);
  }
  function one(): Rule {
    const token = tokens.shift() ?? '';
    if (token === '!') {
      const rule = one();
      return request => !rule(request);
    }
    if (token === '(') {
      const rule = either();
      if (tokens.shift() !== ')') throw new Error(`A parenthesis is missing: ${text}`);
      return rule;
    }
    const [, name = '', argument = '', further = ''] = /^(\w+)\(`([^`]*)`(?:, *`([^`]*)`)?\)$/.exec(token) ?? [];
    const matcher = MATCHERS[name];
    if (!matcher) throw new Error(`No matcher: ${token}`);
    return matcher(argument, further);
  }

  const rule = either();
  if (tokens.length > 0) throw new Error(`What follows is no part of the rule: ${tokens.join('')}`);
  return rule;
}
