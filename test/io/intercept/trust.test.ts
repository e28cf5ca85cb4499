import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { allAuthorities, formatJavaTrust, withAuthority } from '../../../src/io/intercept/trust.ts';
import { temporaryFolder } from '../../helpers/command.ts';
import { selfSigned } from '../../helpers/self-signed.ts';

const own = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const pem = (content: string): string => own.replace('AAAA', content);

test('all authorities are ours, the user’s, the system’s and the public ones, each once', () => {
  const folder = temporaryFolder();
  const [file, directory] = [path.join(folder, 'a.pem'), path.join(folder, 'more')];
  mkdirSync(directory);
  writeFileSync(file, `a comment\n${pem('BBBB')}${pem('CCCC')}${selfSigned.key}`);
  writeFileSync(path.join(directory, 'd.crt'), pem('DDDD'));
  writeFileSync(path.join(directory, 'twice.crt'), pem('CC\nCC'));
  const all = allAuthorities(own, {
    SSL_CERT_FILE: file,
    REQUESTS_CA_BUNDLE: directory,
    CURL_CA_BUNDLE: path.join(folder, 'missing.pem'),
  });
  const found = all.match(/BEGIN CERTIFICATE-----\n.*/g) ?? [];
  expect(found.slice(0, 4).map((line) => line.slice(-4))).toEqual(['AAAA', 'BBBB', 'CCCC', 'DDDD']);
  expect(all).not.toContain('PRIVATE');
  expect(found.length).toBeGreaterThanOrEqual(4 + rootCertificates.length);
  const bodies = all.split('-----END').map((part) => part.replaceAll(/\s/g, ''));
  expect(new Set(bodies).size).toBe(bodies.length);
});

test('what adds to a program’s own list has ours and the user’s', () => {
  const file = path.join(temporaryFolder(), 'extra.pem');
  writeFileSync(file, pem('BBBB'));
  expect(withAuthority(own, file)).toBe(own + pem('BBBB'));
  expect(withAuthority(own, undefined)).toBe(own);
});

test('Java’s list has each as a trusted entry, under the digest with the usual password', () => {
  const list = formatJavaTrust(own + selfSigned.cert, 1_768_449_600_000);
  const [content, digest] = [list.subarray(0, -20), list.subarray(-20)];
  expect(content.subarray(0, 12).toString('hex')).toBe('feedfeed0000000200000002');
  const der = Buffer.from(selfSigned.cert.replaceAll(/-----.*-----|\s/g, ''), 'base64');
  expect(content.subarray(-der.length).equals(der)).toBe(true);
  expect(content.subarray(12, 28).toString('hex')).toBe('00000002000261300000019bbfcf6a00');
  const salt = Buffer.from([...'changeit'].flatMap((letter) => [0, letter.charCodeAt(0)]));
  expect(
    digest.equals(createHash('sha1').update(salt).update('Mighty Aphrodite').update(content).digest()),
  ).toBe(true);
});
