import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createAuthority, isPlatformHost } from '../../../src/io/intercept/certificates.ts';

const nowMs = Date.UTC(2026, 10, 28, 12);
const authority = createAuthority(nowMs);
const own = new X509Certificate(authority.certificate);

test('the authority is one, for a year from yesterday, and its name says whose', () => {
  expect(own.ca).toBe(true);
  expect(own.subject).toMatch(/^CN=wechat-mp simulator of this run [\da-f]{8}$/);
  expect([own.validFrom, own.validTo]).toEqual(['Nov 27 12:00:00 2026 GMT', 'Nov 28 12:00:00 2027 GMT']);
  expect(own.verify(own.publicKey)).toBe(true);
  expect(authority.certificate).not.toContain('PRIVATE');
});

test('a host gets a certificate for its name alone, by this authority', () => {
  const leaf = new X509Certificate(authority.certify('api.weixin.qq.com').cert);
  expect([leaf.checkIssued(own), leaf.verify(own.publicKey), leaf.ca]).toEqual([true, true, false]);
  expect([leaf.checkHost('api.weixin.qq.com'), leaf.checkHost('mp.weixin.qq.com')]).toEqual([
    'api.weixin.qq.com',
    undefined,
  ]);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('two runs have nothing in common', () => {
  const other = createAuthority(nowMs);
  const leaf = new X509Certificate(other.certify('api.weixin.qq.com').cert);
  expect(leaf.verify(own.publicKey)).toBe(false);
  expect(new X509Certificate(other.certificate).subject).not.toBe(own.subject);
});

test('years after 2049 have four digits', () => {
  const late = new X509Certificate(createAuthority(Date.UTC(2049, 11, 31)).certificate);
  expect([late.validFrom, late.validTo]).toEqual(['Dec 30 00:00:00 2049 GMT', 'Dec 31 00:00:00 2050 GMT']);
});

/** What a client that trusts the authority says of a certificate of this name. */
async function judge(host: string): Promise<string> {
  const server = createServer(authority.certify(host), (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return await new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: host, ca: authority.certificate });
    socket.on('secureConnect', () => resolve('trusted'));
    socket.on('error', (error) => resolve(error.message));
  });
}

test.each([
  ['api.weixin.qq.com', 'trusted'],
  ['weixin.qq.com', 'trusted'],
  ['a.b.weixin.qq.com', 'trusted'],
  ['qq.com', 'permitted subtree violation'],
  ['myweixin.qq.com', 'permitted subtree violation'],
  ['example.com', 'permitted subtree violation'],
])('a program believes the authority about %s: %s', async (host, verdict) => {
  expect(await judge(host)).toBe(verdict);
});

test.each([
  ['api.weixin.qq.com', true],
  ['weixin.qq.com', true],
  ['API.Weixin.QQ.com.', true],
  ['api.mch.weixin.qq.com', true],
  ['qq.com', false],
  ['myweixin.qq.com', false],
  ['weixin.qq.com.example', false],
  ['weixinaqq.com', false],
  ['', false],
])('%j is a host of the platform: %s', (host, expected) => {
  expect(isPlatformHost(host)).toBe(expected);
});
