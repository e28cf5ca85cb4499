/** Keeps secrets out of the request log: what is shown may end up in a screenshot or an issue. */
import { credentialNames } from '../../core/text/secret-names.ts';

/** This is how tickets of the simulator are known: by name, that of a QR code, which is for everybody, would go as well. */
const tokenText = /SIM_[A-Za-z0-9_-]{20,}/g;
const secretKey = new RegExp(`${credentialNames}$`, 'i');
const secretPair = new RegExp(`(${credentialNames}["']?\\s*[=:]\\s*["']?)([^&\\s"',}]+)`, 'gi');

export interface Mask {
  /** A JSON value with every secret in it shortened, at any depth. */
  value(value: unknown): unknown;
  text(text: string): string;
  /** The parameters of a query; of a repeated one the last counts. */
  query(query: URLSearchParams): Record<string, string>;
}

/** `secrets` are values that are hidden wherever they appear. */
export function createMask(secrets: readonly string[]): Mask {
  const text = (raw: string): string => {
    let masked = raw.replace(tokenText, shorten);
    for (const secret of secrets) masked = masked.replaceAll(secret, shorten(secret));
    return masked.replace(secretPair, (pair, key: string, found: string) =>
      found.includes('…') ? pair : key + shorten(found),
    );
  };
  const named = (key: string, entry: string): string => (secretKey.test(key) ? shorten(entry) : text(entry));
  const value = (raw: unknown): unknown => {
    if (typeof raw === 'string') return text(raw);
    if (Array.isArray(raw)) return raw.map(value);
    if (typeof raw !== 'object' || raw === null) return raw;
    return Object.fromEntries(
      Object.entries(raw).map(([key, entry]) => [
        key,
        typeof entry === 'string' ? named(key, entry) : value(entry),
      ]),
    );
  };
  const query = (raw: URLSearchParams): Record<string, string> =>
    Object.fromEntries([...raw].map(([key, entry]) => [key, named(key, entry)]));
  return { value, text, query };
}

/** The first and last four characters of a long secret, nothing of a short one. */
export function shorten(secret: string): string {
  return secret.length < 24 ? '…' : `${secret.slice(0, 4)}…${secret.slice(-4)}`;
}
