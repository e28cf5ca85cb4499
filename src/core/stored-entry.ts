/** Reads entries of the token store back. Whatever is not exactly what we write counts as damaged. */
import type { HistoryLine, StoredEntry } from './access-token.ts';
import { HISTORY_LENGTH, isCredentialText, isTime } from './access-token.ts';
import type { CredentialEndpoint, CredentialKey } from './credential-key.ts';

/** The bytes of an entry. */
export function formatEntry(entry: StoredEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The entry in these bytes, or `undefined` if they are damaged or belong to another key. Never throws. */
export function parseEntry(bytes: Uint8Array, key: CredentialKey): StoredEntry | undefined {
  const fields = parseObject(bytes);
  if (fields === undefined || !hasOnly(fields, entryFields)) return undefined;
  const { value, obtainedAtMs, expiresAtMs, issuedAtMs, sentAtMs, forcedAtMs, history } = fields;
  const ours =
    fields['version'] === 1 &&
    fields['kind'] === (ticketTypes.has(key.endpoint) ? 'ticket' : 'access_token') &&
    fields['appId'] === key.appId &&
    fields['apiBase'] === key.apiBase &&
    fields['endpoint'] === key.endpoint;
  const sound =
    isCredentialText(value) &&
    isTime(obtainedAtMs) &&
    isTime(expiresAtMs) &&
    obtainedAtMs < expiresAtMs &&
    (issuedAtMs === undefined || isTime(issuedAtMs)) &&
    isTime(sentAtMs) &&
    (forcedAtMs === undefined || isTime(forcedAtMs)) &&
    isHistory(history);
  return ours && sound ? (fields as unknown as StoredEntry) : undefined;
}

/** The JSON object in these bytes, or `undefined`. Its keys are its own, `__proto__` included. */
export function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    // A byte order mark is nothing that we write, so it must not be swallowed.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
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

function hasOnly(fields: Record<string, unknown>, names: ReadonlySet<string>): boolean {
  return Object.keys(fields).every((name) => names.has(name));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
