/** What stands in the body of a push: XML, or JSON as a mini program gets it. */
import { type Fields, parseJsonFields, parseXml, type XmlLimits } from '../message/index.ts';
import type { MessageFormat } from './mode.ts';

/** The fields of a body, XML or JSON by its first character: headers are not reliable. Throws `VerificationError` (`xml`). */
export function parseFields(body: string, limits?: XmlLimits): Fields {
  return formatOf(body) === 'json' ? parseJsonFields(withoutBom(body)) : parseXml(body, limits);
}

/** XML or JSON, by the first character of the body. */
export function formatOf(body: string): MessageFormat {
  return /^\s*\{/.test(body) ? 'json' : 'xml';
}

function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
