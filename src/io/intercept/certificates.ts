/**
 * The certificate authority of one run, and the certificates of the hosts that it speaks for. X.509 is written here by
 * hand: fifty lines, where the libraries bring twenty packages and more time than the whole start. `node:crypto` makes
 * the keys and signs. No key ever leaves the memory of this process.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** The one domain that the authority may speak for. */
export const platformDomain = 'weixin.qq.com';

/** Whether a host is one of the platform's, however it is spelt. */
export function isPlatformHost(host: string): boolean {
  return /^(?:.+\.)?weixin\.qq\.com\.?$/i.test(host);
}

export interface Authority {
  /** Its certificate, for programs to trust. */
  readonly certificate: string;
  /** The key and the certificate of a host, for `tls`. */
  readonly certify: (host: string) => { readonly key: string; readonly cert: string };
}

/** Long enough for a simulator that is left running, and less than the longest that any program takes for a host. */
const daysValid = 365;
const dayMs = 86_400_000;

/** Makes an authority that is trusted for the platform's domain alone: names of others and all addresses are ruled out. */
export function createAuthority(nowMs: number): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hosts = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = `wechat-mp simulator of this run ${randomBytes(4).toString('hex')}`;
  const keyId = keyIdOf(own.publicKey);
  const issue = (subject: string, publicKey: KeyObject, extensions: readonly Buffer[]): string =>
    formatPem(signed(own.privateKey, tbs({ issuer: name, subject, publicKey, nowMs }, extensions)));
  const key = hosts.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    certificate: issue(name, own.publicKey, [
      extension('2.5.29.19', sequence(der(tags.boolean, [0xff]), der(tags.integer, [0])), 'critical'),
      extension('2.5.29.15', der(tags.bits, [2, 0b0000_0100]), 'critical'),
      extension('2.5.29.30', onlyThePlatform(), 'critical'),
      extension('2.5.29.14', der(tags.octets, keyId)),
    ]),
    certify: (host) => ({
      key,
      cert: issue(host, hosts.publicKey, [
        extension('2.5.29.15', der(tags.bits, [7, 0b1000_0000]), 'critical'),
        extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.17', sequence(der(0x82, Buffer.from(host)))),
        extension('2.5.29.14', der(tags.octets, keyIdOf(hosts.publicKey))),
        extension('2.5.29.35', sequence(der(0x80, keyId))),
      ]),
    }),
  };
}

/** Name constraints: names of the domain are permitted, addresses of either kind are excluded. */
function onlyThePlatform(): Buffer {
  const anyAddress = [8, 32].map((bytes) => sequence(der(0x87, Buffer.alloc(bytes))));
  return sequence(der(0xa0, sequence(der(0x82, Buffer.from(platformDomain)))), der(0xa1, ...anyAddress));
}

interface Subject {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly nowMs: number;
}

function tbs({ issuer, subject, publicKey, nowMs }: Subject, extensions: readonly Buffer[]): Buffer {
  const serial = randomBytes(16);
  // Positive, and never one byte shorter.
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0);
  return sequence(
    der(0xa0, der(tags.integer, [2])),
    der(tags.integer, serial),
    sequence(oid(ecdsaWithSha256)),
    commonName(issuer),
    // A clock in a container may be a little behind ours.
    sequence(time(nowMs - dayMs), time(nowMs + daysValid * dayMs)),
    commonName(subject),
    spkiOf(publicKey),
    der(0xa3, sequence(...extensions)),
  );
}

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

function signed(key: KeyObject, content: Buffer): Buffer {
  const signature = sign('sha256', content, key);
  return sequence(content, sequence(oid(ecdsaWithSha256)), der(tags.bits, [0], signature));
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1').update(spkiOf(key)).digest();
}

function commonName(text: string): Buffer {
  return sequence(der(tags.set, sequence(oid('2.5.4.3'), der(tags.utf8, Buffer.from(text)))));
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  const flag = critical === undefined ? [] : [der(tags.boolean, [0xff])];
  return sequence(oid(id), ...flag, der(tags.octets, value));
}

/** Until 2049 with two digits for the year, as the standard asks. */
function time(ms: number): Buffer {
  const text = `${new Date(ms).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`;
  return text < '2050' ? der(tags.shortTime, Buffer.from(text.slice(2))) : der(tags.time, Buffer.from(text));
}

function formatPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

// DER: a tag, a length, a content.

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  shortTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(tags.sequence, ...parts);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...others] = text.split('.').map(Number);
  return der(tags.oid, [first * 40 + second, ...others.flatMap(inBase128)]);
}

function inBase128(number: number): number[] {
  if (number < 0x80) return [number];
  return [...inBase128(number >> 7).map((byte) => byte | 0x80), number & 0x7f];
}
