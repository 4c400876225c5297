/** Servers that hand fields on as variables (CGI, WSGI, IIS) make `-` and `_` the same: names that are one to them have one form here. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
