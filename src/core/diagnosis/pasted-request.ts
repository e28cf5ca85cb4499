/** The query of a call of WeChat, out of what people paste: a URL, a path, a request line, a line of a log. */
import { isObject, parseJson } from '../text/json-value.ts';
import type { Text } from '../text/text.ts';

export interface PastedRequest {
  /** Without its question mark, as it was on the wire. */
  readonly query: string;
  /** What HTML had done to it, which is undone in `query`. */
  readonly warnings: readonly Text[];
}

/**
 * Finds the query. Lines of nginx, Apache and curl have it in a request line, those of Caddy in JSON; a text without any
 * `signature` is taken for the URL itself.
 */
export function readPastedRequest(pasted: string): PastedRequest {
  const text = textsOf(pasted).find((one) => signed.test(one)) ?? pasted;
  const target = signed.exec(unescape(text))?.[0] ?? text;
  const query = target
    .replace(/^[^?]*\?/s, '')
    .replace(/#.*$/s, '')
    .trim();
  const found = entities.filter(({ pattern }) => pattern.test(query));
  return {
    query: found.reduce((rest, { pattern, instead }) => rest.replaceAll(pattern, instead), query),
    warnings: found.map(({ warning }) => warning),
  };
}

/** A word of a text that has a signature in its query, or is such a query. */
const signed = /[^\s"'`<>[\]]*(?:\?|&|\b)(?:msg_)?signature=[^\s"'`<>[\]]*/;

/** The texts in a log entry of JSON, in their order; a program that collects logs may write something before it. */
function textsOf(pasted: string): readonly string[] {
  const start = pasted.indexOf('{');
  if (start === -1) return [];
  return [...textsIn(parseJson(pasted.slice(start)))];
}

function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (isObject(value)) for (const item of Object.values(value)) yield* textsIn(item);
}

/** As logs and shells write what is special to them. */
function unescape(text: string): string {
  return text
    .replaceAll(/\\u0026/gi, '&')
    .replaceAll(/\\x([0-9a-f]{2})/gi, '%$1')
    .replaceAll(/\\([?&=])/g, '$1');
}

const entities: readonly {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly warning: Text;
}[] = [
  {
    pattern: /&amp;/g,
    instead: '&',
    warning: {
      en: 'The URL has "&amp;" where a request has "&": it was copied from HTML and is read as "&"',
      zh: 'URL 含有“&amp;”，实际请求中应为“&”：可能是从 HTML 中复制的，已按“&”处理',
    },
  },
  {
    // Also as bytes, and as bytes read in another encoding.
    pattern: /(?:×|%C3%97|%D7|Ã—)tamp=/gi,
    instead: '&timestamp=',
    warning: {
      en: 'The URL has "×tamp" where a request has "&timestamp": HTML took "&times" for its entity ×; read as "&timestamp"',
      zh: 'URL 含有“×tamp”，应为“&timestamp”：HTML 把“&times”当成了实体 ×，已按“&timestamp”处理',
    },
  },
];
