/** What the programs of an intercepted run trust: the authority of the run, and all that they trusted before. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as tls from 'node:tls';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where systems keep the authorities that they trust, in one file. The first one that is there counts. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
];

/** Variables that name files or folders of authorities. Behind a company's proxy several of them are set. */
const variables = [
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'DENO_CERT',
];

/**
 * For programs whose list is replaced by what a variable names: the authority, those that the user's variables name,
 * the system's and the public ones. Each stands there once.
 */
export function allAuthorities(own: string, environment: Environment): string {
  const named = variables.flatMap((name) => (environment[name] ?? '').split(path.delimiter));
  const system = systemFiles.find((file) => existsSync(file)) ?? '';
  const texts = [own, ...[...named, system].map(readPlace), ...systemAuthorities(), ...tls.rootCertificates];
  return formatCertificates(texts);
}

/** For programs that add to their list: the authority, and what the user's variable adds. */
export function withAuthority(own: string, file: string | undefined): string {
  return formatCertificates([own, readPlace(file ?? '')]);
}

/** macOS and Windows keep theirs in no file; newer Nodes can ask for them. */
function systemAuthorities(): readonly string[] {
  if (process.platform !== 'darwin' && process.platform !== 'win32') return [];
  const newer: typeof tls & { getCACertificates?: (kind: 'system') => string[] } = tls;
  return newer.getCACertificates?.('system') ?? [];
}

const certificateForm = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function formatCertificates(texts: readonly string[]): string {
  const byContent = new Map<string, string>();
  for (const text of texts.flatMap((each) => each.match(certificateForm) ?? [])) {
    const content = text.replaceAll(/\s/g, '');
    if (!byContent.has(content)) byContent.set(content, text);
  }
  return [...byContent.values(), ''].join('\n');
}

/** A file, or all files of a folder. What cannot be read is not trusted: the program would have said so itself. */
function readPlace(place: string): string {
  if (place === '') return '';
  try {
    if (!statSync(place).isDirectory()) return readFileSync(place, 'utf8');
    return readdirSync(place)
      .map((name) => path.join(place, name))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
  } catch {
    return '';
  }
}

/** The password that every list of Java's has; it protects nothing. */
export const javaPassword = 'changeit';

/** The same authorities as Java reads them: a JKS file, which every version takes. */
export function formatJavaTrust(certificates: string, nowMs: number): Buffer {
  const all = (certificates.match(certificateForm) ?? []).map((pem) =>
    Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'),
  );
  const entries = all.map((certificate, index) =>
    Buffer.concat([
      int32(2),
      javaText(`a${index}`),
      int64(nowMs),
      javaText('X.509'),
      int32(certificate.length),
      certificate,
    ]),
  );
  const content = Buffer.concat([int32(0xfeedfeed), int32(2), int32(all.length), ...entries]);
  const whitener = Buffer.from(javaPassword, 'utf16le').swap16();
  const digest = createHash('sha1').update(whitener).update('Mighty Aphrodite').update(content).digest();
  return Buffer.concat([content, digest]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function javaText(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value)]);
}
