/** Writes XML as the platform does. */
import { isList } from './fields.ts';

/** `Fields` to write: numbers are written bare, texts in CDATA; `undefined` leaves the element out. */
export interface XmlFields {
  readonly [name: string]: XmlFieldValue;
}
export type XmlFieldValue = string | number | XmlFields | readonly XmlFieldValue[] | undefined;

/** Whether a text at this place (`SendPicsInfo.Count`) is written without CDATA, as the platform writes numbers. */
export type IsBare = (path: string, text: string) => boolean;

/**
 * Writes fields as the platform does: one element per line, texts in CDATA, numbers bare, no declaration.
 * `]]>` is split over two sections and survives; characters that XML forbids are dropped, since no escape exists for
 * them. Throws a `TypeError` for a name that is not an XML name.
 */
export function formatXml(fields: XmlFields, isBare: IsBare = () => false): string {
  return `<xml>${formatChildren(fields, '', isBare)}</xml>`;
}

/** Whether an element may have this name. */
export function isXmlName(name: string): boolean {
  return /^[A-Za-z_][\w.-]*$/.test(name);
}

function formatChildren(fields: XmlFields, path: string, isBare: IsBare): string {
  const elements = Object.keys(fields).map((name) =>
    formatElement(name, fields[name], path === '' ? name : `${path}.${name}`, isBare),
  );
  return elements.join('');
}

function formatElement(name: string, value: XmlFieldValue, path: string, isBare: IsBare): string {
  if (!isXmlName(name)) throw new TypeError(`not an XML name: ${JSON.stringify(name)}`);
  if (value === undefined) return '';
  if (isList(value)) return value.map((entry) => formatElement(name, entry, path, isBare)).join('');
  return `<${name}>${formatValue(value, path, isBare)}</${name}>\n`;
}

function formatValue(value: string | number | XmlFields, path: string, isBare: IsBare): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return isBare(path, value) ? value : formatCdata(value);
  return `\n${formatChildren(value, path, isBare)}`;
}

/** One text as CDATA. */
function formatCdata(text: string): string {
  const allowed = dropForbidden(text);
  return `<![CDATA[${allowed.includes(']]>') ? allowed.replaceAll(']]>', ']]]]><![CDATA[>') : allowed}]]>`;
}

/** Nearly every text: without a look at its surrogates, which takes the engine five times as long. */
const plain = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]*$/;
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Without the characters that XML forbids, for which no escape exists. */
export function dropForbidden(text: string): string {
  return plain.test(text) ? text : text.replaceAll(forbidden, '');
}
