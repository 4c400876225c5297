import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net';

type Family = 'ipv4' | 'ipv6';

/** An IPv4-mapped IPv6 address is the IPv4 address. */
interface Address {
  readonly address: string;
  readonly family: Family;
}

interface Range extends Address {
  readonly prefix: number;
}

/**
 * Makes a test of whether an address lies in one of the ranges. IPv4 and IPv6 are kept apart: `::/0` holds no IPv4 address, and an
 * IPv4-mapped address counts as IPv4.
 * @param cidrs single addresses and CIDR ranges
 * @returns a function that is false for what is no address
 * @throws RangeError for what is no range
 */
export function createRanges(cidrs: readonly string[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const cidr of cidrs) {
    const range = parseRange(cidr);
    if (range === undefined) throw new RangeError(`Not an address range: ${cidr}`);
    lists[range.family].addSubnet(range.address, range.prefix, range.family);
  }
  return text => {
    const parsed = parseAddress(text);
    return parsed !== undefined && lists[parsed.family].check(parsed.address, parsed.family);
  };
}

/** Whether the text is an IP address or a CIDR range. */
export function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/** Whether two ranges have an address in common. */
export function rangesOverlap(a: string, b: string): boolean {
  const base = (cidr: string) => cidr.replace(/\/.*$/, '');
  // Of two ranges that overlap, one holds the other whole, its written address included.
  return createRanges([a])(base(b)) || createRanges([b])(base(a));
}

function parseRange(text: string): Range | undefined {
  const [, base = '', digits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  const parsed = parseAddress(base);
  if (parsed === undefined || base.includes('%')) return undefined;
  const mapped = parsed.family === 'ipv4' && isIPv6(base);
  const bits = isIPv4(base) ? 32 : 128;
  const written = digits === undefined ? bits : Number(digits);
  if (written > bits) return undefined;
  // A range that is wider than the IPv4-mapped block is a range of IPv6 addresses, however its base is written.
  if (mapped && written < 96) return { address: base, family: 'ipv6', prefix: written };
  return { ...parsed, prefix: mapped ? written - 96 : written };
}

function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { address: text, family: 'ipv4' };
  const zoneless = text.replace(/%.*$/, '');
  if (!isIPv6(zoneless)) return undefined;
  const { address } = new SocketAddress({ address: zoneless, family: 'ipv6' });
  const mapped = /^::ffff:([0-9]+[.][0-9.]+)$/.exec(address)?.[1];
  return mapped === undefined ? { address, family: 'ipv6' } : { address: mapped, family: 'ipv4' };
}
