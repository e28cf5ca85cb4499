/** Reads entries of the token store back. Whatever is not exactly what we write counts as damaged. */
import {
  type HistoryLine,
  type StoredEntry,
  HISTORY_LENGTH,
  isCredentialText,
  isTime,
} from './access-token.ts';
import type { CredentialEndpoint, CredentialKey } from './credential-key.ts';
import { defined } from '../text/defined.ts';
import { isObject, parseJson } from '../text/json-value.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/** The bytes of an entry. */
export function formatEntry(entry: StoredEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The entry in these bytes, or `undefined` if they are damaged or belong to another key. Never throws. */
export function parseEntry(bytes: Uint8Array, key: CredentialKey): StoredEntry | undefined {
  const value = readJson(bytes);
  return isEntry(value, key) ? value : undefined;
}

/** The entry by a clock that is so many milliseconds ahead of the one it was written by. `issuedAtMs` is WeChat's. */
export function shiftEntry(entry: StoredEntry, ms: number): StoredEntry {
  const { obtainedAtMs, expiresAtMs, sentAtMs, forcedAtMs, history } = entry;
  return {
    ...entry,
    obtainedAtMs: obtainedAtMs + ms,
    expiresAtMs: expiresAtMs + ms,
    sentAtMs: sentAtMs + ms,
    ...defined({ forcedAtMs: forcedAtMs === undefined ? undefined : forcedAtMs + ms }),
    history: history.map((line) => ({ ...line, atMs: line.atMs + ms })),
  };
}

/** The value that these bytes say in JSON, or `undefined`. Keys are its own, `__proto__` included. */
export function readJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : parseJson(text);
}

const ticketTypes: ReadonlySet<CredentialEndpoint> = new Set(['jsapi', 'wx_card']);

const entryFields = new Set([
  'version',
  'kind',
  'appId',
  'apiBase',
  'endpoint',
  'value',
  'obtainedAtMs',
  'expiresAtMs',
  'issuedAtMs',
  'sentAtMs',
  'forcedAtMs',
  'history',
]);
const historyFields = new Set(['atMs', 'endpoint', 'host', 'pid', 'first4', 'last4']);

function isEntry(value: unknown, key: CredentialKey): value is StoredEntry {
  return (
    isObject(value) &&
    hasOnly(value, entryFields) &&
    value['version'] === 1 &&
    value['kind'] === (ticketTypes.has(key.endpoint) ? 'ticket' : 'access_token') &&
    value['appId'] === key.appId &&
    value['apiBase'] === key.apiBase &&
    value['endpoint'] === key.endpoint &&
    isCredentialText(value['value']) &&
    isLife(value['obtainedAtMs'], value['expiresAtMs']) &&
    isTime(value['sentAtMs']) &&
    (value['issuedAtMs'] === undefined || isTime(value['issuedAtMs'])) &&
    (value['forcedAtMs'] === undefined || isTime(value['forcedAtMs'])) &&
    isHistory(value['history'])
  );
}

function isLife(obtainedAtMs: unknown, expiresAtMs: unknown): boolean {
  return isTime(obtainedAtMs) && isTime(expiresAtMs) && obtainedAtMs < expiresAtMs;
}

function isHistory(value: unknown): value is readonly HistoryLine[] {
  return Array.isArray(value) && value.length <= HISTORY_LENGTH && value.every(isHistoryLine);
}

function isHistoryLine(value: unknown): boolean {
  return (
    isObject(value) &&
    hasOnly(value, historyFields) &&
    isTime(value['atMs']) &&
    isTime(value['pid']) &&
    ['endpoint', 'host', 'first4', 'last4'].every((name) => typeof value[name] === 'string')
  );
}

function hasOnly(fields: object, names: ReadonlySet<string>): boolean {
  return Object.keys(fields).every((name) => names.has(name));
}
