import type { IncomingMessage } from 'node:http';
import { isIP, type Socket, SocketAddress } from 'node:net';
import { createRanges } from '../config/index.ts';
import type { ClientAddress } from './api.ts';

/** What stands for a peer that has already gone (RFC 7239 section 6.3 uses the same word). No range contains it. */
const UNKNOWN = 'unknown';

interface Peer {
  readonly address: string;
  readonly trusted: boolean;
}

/**
 * Makes the function that tells the client's address: the rightmost of `X-Forwarded-For` and the peer that is not a trusted proxy,
 * the leftmost where all are. An entry that is no address ends the walk, because nothing left of it can be told: the last good
 * address counts.
 * @param trustedProxies CIDR ranges or single addresses
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  if (trustedProxies.length === 0) return request => peerAddress(request.socket);
  const isTrusted = createRanges(trustedProxies);
  const peers = new WeakMap<Socket, Peer>();

  const peerOf = (socket: Socket): Peer => {
    const known = peers.get(socket);
    if (known) return known;
    const address = peerAddress(socket);
    const peer = { address, trusted: isTrusted(address) };
    peers.set(socket, peer);
    return peer;
  };

  return (request: IncomingMessage) => {
    const peer = peerOf(request.socket);
    // Several fields arrive joined, in their order (RFC 9110 section 5.3).
    const forwarded = request.headers['x-forwarded-for'];
    if (!peer.trusted || typeof forwarded !== 'string') return peer.address;
    let nearest = peer.address;
    for (const entry of forwarded.split(',').reverse()) {
      const address = forwardedAddress(entry);
      if (address === undefined) return nearest;
      if (!isTrusted(address)) return address;
      nearest = address;
    }
    return nearest;
  };
}

/**
 * Makes the function that tells whether a request comes straight from a trusted proxy.
 * @param trustedProxies CIDR ranges or single addresses
 */
export function createFromTrustedProxy(trustedProxies: readonly string[]): (request: IncomingMessage) => boolean {
  const isTrusted = createRanges(trustedProxies);
  return request => isTrusted(peerAddress(request.socket));
}

function peerAddress(socket: Socket): string {
  return unmapped(socket.remoteAddress ?? UNKNOWN);
}

/** One entry of `X-Forwarded-For` as an address, without port and brackets; undefined for anything else. */
function forwardedAddress(entry: string): string | undefined {
  let text = entry.trim();
  if (text.startsWith('[')) {
    const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text);
    if (bracketed?.[1] === undefined || isIP(bracketed[1]) !== 6) return undefined;
    text = bracketed[1];
  } else if (text.indexOf(':') !== -1 && text.indexOf(':') === text.lastIndexOf(':')) {
    const [address = '', port = ''] = text.split(':');
    if (!/^\d{1,5}$/.test(port)) return undefined;
    text = address;
  }
  // A zone means something on the host that wrote it alone.
  if (text.includes('%')) return undefined;
  const family = isIP(text);
  if (family === 4) return text;
  return family === 6 ? unmapped(canonicalIPv6(text)) : undefined;
}

/** The one spelling of RFC 5952, so that one client counts as one. */
function canonicalIPv6(address: string): string {
  return new SocketAddress({ address, family: 'ipv6' }).address;
}

/** An IPv4-mapped IPv6 address as IPv4. */
function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
