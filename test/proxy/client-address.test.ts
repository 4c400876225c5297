import http from 'node:http';
import type { Socket } from 'node:net';
import t from 'tap';
import { createClientAddress } from '../../src/proxy/index.ts';
import { listen } from '../support/forwarding.ts';

/** A request from a peer, as far as its address goes. */
function from(remoteAddress: string | undefined, forwardedFor?: string): http.IncomingMessage {
  const request = new http.IncomingMessage({ remoteAddress } as Socket);
  if (forwardedFor !== undefined) request.headers['x-forwarded-for'] = forwardedFor;
  return request;
}

t.test('without trusted proxies the peer is the client, whatever it says', async t => {
  const clientAddress = createClientAddress([]);
  t.equal(clientAddress(from('198.51.100.7', '203.0.113.1')), '198.51.100.7');
  t.equal(clientAddress(from('::ffff:198.51.100.7')), '198.51.100.7', 'an IPv4 peer of an IPv6 listener');
  t.equal(clientAddress(from('2001:db8::7')), '2001:db8::7');
  t.equal(clientAddress(from(undefined)), 'unknown', 'a peer that has gone');
});

t.test('the client is the rightmost address that is not a trusted proxy', async t => {
  const clientAddress = createClientAddress(['10.0.0.0/24', '2001:db8:1::/48', '192.0.2.5']);
  const cases: readonly (readonly [peer: string, forwardedFor: string | undefined, client: string, why: string])[] = [
    ['198.51.100.7', '203.0.113.1', '198.51.100.7', 'an untrusted peer is not believed'],
    ['10.0.0.1', undefined, '10.0.0.1', 'a trusted peer that names nobody'],
    ['10.0.0.1', '', '10.0.0.1', 'or says nothing'],
    ['10.0.0.1', '203.0.113.1', '203.0.113.1', 'one proxy'],
    ['::ffff:10.0.0.1', '203.0.113.1', '203.0.113.1', 'a trusted IPv4 peer of an IPv6 listener'],
    ['10.0.0.1', '6.6.6.6, 203.0.113.1', '203.0.113.1', 'what the client itself sent is not believed'],
    ['10.0.0.1', '6.6.6.6, 203.0.113.1, 10.0.0.9, 192.0.2.5', '203.0.113.1', 'several proxies'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3', 'the leftmost, where all are trusted'],
    ['10.0.0.1', '203.0.113.1, unknown', '10.0.0.1', 'garbage ends the walk'],
    ['10.0.0.1', '203.0.113.1, unknown, 10.0.0.2', '10.0.0.2', 'at the last good address'],
    ['10.0.0.1', '203.0.113.1,', '10.0.0.1', 'an empty entry is garbage'],
    ['10.0.0.1', '203.0.113.1,10.0.0.2', '203.0.113.1', 'without spaces'],
    ['10.0.0.1', '203.0.113.1:4711', '203.0.113.1', 'with a port'],
    ['10.0.0.1', '203.0.113.1:x', '10.0.0.1', 'with a port that is none'],
    ['10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1', 'IPv6 with a port'],
    ['10.0.0.1', '[2001:db8::1]', '2001:db8::1', 'IPv6 in brackets'],
    ['10.0.0.1', '2001:DB8:0:0::1', '2001:db8::1', 'IPv6 in its one spelling'],
    ['10.0.0.1', '[203.0.113.1]', '10.0.0.1', 'IPv4 in brackets is garbage'],
    ['10.0.0.1', '[2001:db8::1', '10.0.0.1', 'a bracket left open is garbage'],
    ['10.0.0.1', 'fe80::1%eth0', '10.0.0.1', 'a zone of another host is garbage'],
    ['10.0.0.1', '::ffff:203.0.113.1', '203.0.113.1', 'IPv4 in an IPv6 spelling'],
    ['10.0.0.1', '::ffff:cb00:7101', '203.0.113.1', 'in hexadecimal too'],
    ['10.0.0.1', '6.6.6.6, ::ffff:10.0.0.2', '6.6.6.6', 'a trusted proxy in an IPv6 spelling'],
    ['10.0.0.1', '203.0.113.1, 2001:db8:1::9', '203.0.113.1', 'a trusted IPv6 proxy'],
    ['10.0.0.1', '0177.0.0.1', '10.0.0.1', 'an octal spelling is garbage'],
    ['10.0.0.1', '2130706433', '10.0.0.1', 'a number is garbage'],
    ['2001:db8:1::1', '203.0.113.1', '203.0.113.1', 'a trusted IPv6 peer'],
  ];
  for (const [peer, forwardedFor, client, why] of cases) {
    t.equal(clientAddress(from(peer, forwardedFor)), client, why);
  }
});

t.test('several X-Forwarded-For fields count as one, in their order', async t => {
  const clientAddress = createClientAddress(['127.0.0.0/8', '10.0.0.2']);
  const server = http.createServer((request, response) => response.end(clientAddress(request)));
  const port = await listen(server);
  t.teardown(() => server.close());
  const headers = { 'X-Forwarded-For': ['6.6.6.6, 203.0.113.1', '10.0.0.2'] };
  const text = await new Promise<string>((resolve, reject) => {
    http
      .get({ port, host: '127.0.0.1', headers, agent: false }, answer => {
        answer.setEncoding('utf8').on('data', resolve);
      })
      .on('error', reject);
  });
  t.equal(text, '203.0.113.1');
});
