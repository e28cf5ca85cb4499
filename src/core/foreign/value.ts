/** What a library has written under its key: the credential in it, or by which form it cannot be read. */
import { isObject, own, parseJson } from '../text/json-value.ts';
import { isCredentialText } from '../token/index.ts';
import type { ForeignKey } from './layout.ts';
import { looksLikePhp, parsePhp } from './php.ts';

export type Codec = 'plain' | 'json' | 'php';

/** A form that is not read: its name where it has one; `binary` where nothing but that can be said. */
export type Obstacle = 'redisson' | 'igbinary' | 'java' | 'binary' | 'php' | 'json' | 'text';

export type ForeignValue =
  | {
      readonly value: string;
      readonly codec: Codec;
      /** Where the value itself tells it. */
      readonly endsAtMs?: number;
    }
  | { readonly obstacle: Obstacle };

/** Whatever else stands in the value, such as the AppSecret in Senparc's, is left behind here. */
export function readForeignValue(text: string, key: Pick<ForeignKey, 'layout' | 'holds'>): ForeignValue {
  const binary = nameBinary(text, key);
  if (binary !== undefined) return { obstacle: binary };
  if (looksLikePhp(text)) return extract(parsePhp(text), 'php', key);
  if (/^\s*["{[]/.test(text)) return extract(parseJson(text), 'json', key);
  return mayBeCredential(text) ? { value: text, codec: 'plain' } : { obstacle: 'text' };
}

/** Stricter than what this tool is handed on purpose: anything may lie under a key. The shortest known has 21 characters. */
function mayBeCredential(value: unknown): value is string {
  return isCredentialText(value) && /^[\w.~+/=@-]{16,}$/.test(value);
}

/** Bytes that are no UTF-8 arrive as U+FFFD. */
function nameBinary(text: string, { layout }: Pick<ForeignKey, 'layout'>): Obstacle | undefined {
  // Control characters other than blanks.
  if (!/[^\P{Cc}\s]|\ufffd/u.test(text)) return undefined;
  if (text.startsWith('\0\0\0\u0001') || text.startsWith('\0\0\0\u0002')) return 'igbinary';
  if (text.replace(/^\ufffd+/, '').startsWith('\0\u0005')) return 'java';
  return layout === 'wxjava' ? 'redisson' : 'binary';
}

function extract(
  value: unknown,
  codec: 'json' | 'php',
  { layout, holds }: Pick<ForeignKey, 'layout' | 'holds'>,
): ForeignValue {
  if (layout === 'senparc') return readBag(value, holds);
  const found = isObject(value) ? own(value, holds) : value;
  return mayBeCredential(found) ? { value: found, codec } : { obstacle: codec };
}

const bags = {
  access_token: { result: 'AccessTokenResult', end: 'AccessTokenExpireTime' },
  ticket: { result: 'JsApiTicketResult', end: 'JsApiTicketExpireTime' },
} as const;

function readBag(value: unknown, holds: ForeignKey['holds']): ForeignValue {
  const { result, end } = bags[holds];
  // Quirk: older versions put the bag into a wrapper beside the name of its type.
  const bag = own(value, result) === undefined ? own(value, 'Object') : value;
  const found = own(own(bag, result), holds);
  if (!mayBeCredential(found)) return { obstacle: 'json' };
  const time = own(bag, end);
  // Quirk: without an offset it is the local time of a machine that we do not know.
  const endsAtMs = typeof time === 'string' && /(?:Z|[+-]\d\d:\d\d)$/.test(time) ? Date.parse(time) : NaN;
  return { value: found, codec: 'json', ...(Number.isNaN(endsAtMs) ? {} : { endsAtMs }) };
}
