import { XMLParser } from 'fast-xml-parser';
import { VerificationError } from '../errors.ts';
import { emptyFields } from './fields.ts';
import type { Fields, FieldValue } from './fields.ts';
import { checkXmlShape } from './xml-shape.ts';
import type { XmlLimits } from './xml-shape.ts';

/** An element with its children; see `Fields`. */
export type XmlElement = Fields;

/** `Fields` to write: numbers are written bare, texts in CDATA; `undefined` leaves the element out. */
export interface XmlFields {
  readonly [name: string]: XmlFieldValue;
}
export type XmlFieldValue = string | number | XmlFields | readonly XmlFieldValue[] | undefined;

/**
 * Reads the platform's XML dialect: one `<xml>` root, no attributes that matter, no DTD, no comments, no processing
 * instructions. Returns the children of the root. Text is exact; blanks around CDATA are dropped. The five predefined
 * entities and character references are decoded in bare text only, and nothing else is ever expanded.
 * Throws `VerificationError` (`xml`) and never quotes the input.
 */
export function parseXml(text: string, limits?: XmlLimits): XmlElement {
  const body = checkXmlShape(text, limits);
  const flat = readFlatXml(body);
  if (flat !== undefined) return flat;
  const root = parseNodes(body);
  const element = root.length === 1 ? root[0]?.['xml'] : undefined;
  const fields = element === undefined ? undefined : toField(element);
  // `<xml></xml>` has no children at all, and reads as the empty text.
  if (fields === '') return emptyFields();
  if (fields === undefined || typeof fields === 'string') throw unreadable();
  return fields;
}

const flatTag = /<([A-Za-z_][\w.-]*)>/y;

/**
 * Reads a document whose elements hold texts alone, as most messages and all envelopes do; `undefined` for any other,
 * which is left to the parser. The parser takes three times as long, and that is a third of what an answer costs.
 * Only for text that has passed `checkXmlShape`: tags match, and every section is closed.
 */
export function readFlatXml(body: string): XmlElement | undefined {
  if (!body.startsWith('<xml>') || body.includes('\r')) return undefined;
  const fields = emptyFields();
  const lists = new Map<string, FieldValue[]>();
  let position = body.indexOf('<', 5);
  while (!body.startsWith('</xml', position)) {
    flatTag.lastIndex = position;
    const name = flatTag.exec(body)?.[1];
    if (name === undefined || name in Object.prototype || name === 'prototype') return undefined;
    const text = readFlatText(body, flatTag.lastIndex);
    if (text === undefined) return undefined;
    addField(fields, lists, name, text.value);
    position = body.indexOf('<', text.end);
  }
  return lists.size === 0 && Object.keys(fields).length === 0 ? undefined : fields;
}

/** The text that begins here, up to the end tag; `end` stands in the end tag. */
function readFlatText(
  body: string,
  start: number,
): { readonly value: string; readonly end: number } | undefined {
  let position = start;
  let bare = '';
  let mixed = '';
  let sections: string | undefined;
  for (;;) {
    const next = body.indexOf('<', position);
    const piece = body.slice(position, next);
    bare += piece;
    mixed += decodeEntities(piece);
    if (body.startsWith('</', next))
      return { value: sections !== undefined && bare.trim() === '' ? sections : mixed, end: next + 1 };
    if (!body.startsWith('<![CDATA[', next)) return undefined;
    const end = body.indexOf(']]>', next);
    const section = body.slice(next + 9, end);
    sections = (sections ?? '') + section;
    mixed += section;
    position = end + 3;
  }
}

/** A node of the parser's ordered output: one name with its children, or a text. */
type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  // Ordered output tells CDATA from bare text, which decides about blanks and entities.
  preserveOrder: true,
  cdataPropName: '#cdata',
  ignoreAttributes: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  htmlEntities: false,
  processEntities: false,
  maxNestedTags: 12,
  strictReservedNames: true,
  onDangerousProperty: () => {
    throw unreadable();
  },
});

function parseNodes(body: string): readonly Node[] {
  try {
    const nodes: readonly Node[] = parser.parse(body);
    return nodes;
  } catch {
    // The parser's message quotes the input. It is dropped on purpose.
    throw unreadable();
  }
}

function toField(nodes: unknown): string | Fields {
  if (!Array.isArray(nodes)) throw unreadable();
  const fields = emptyFields();
  const lists = new Map<string, FieldValue[]>();
  let hasChildren = false;
  let bare = '';
  let mixed = '';
  let hasCdata = false;
  for (const node of nodes as readonly Node[]) {
    const name = Object.keys(node)[0] ?? '';
    if (name === '#text') {
      const piece = String(node[name]);
      bare += piece;
      mixed += decodeEntities(piece);
    } else if (name === '#cdata') {
      hasCdata = true;
      mixed += cdataText(node[name]);
    } else {
      hasChildren = true;
      addField(fields, lists, name, toField(node[name]));
    }
  }
  if (hasChildren) return fields;
  return hasCdata && bare.trim() === '' ? cdataOnly(nodes as readonly Node[]) : mixed;
}

/** Adjacent sections are one text: that is how `]]>` travels. */
function cdataOnly(nodes: readonly Node[]): string {
  return nodes.map((node) => ('#cdata' in node ? cdataText(node['#cdata']) : '')).join('');
}

function cdataText(section: unknown): string {
  return Array.isArray(section) ? section.map((part: Node) => String(part['#text'])).join('') : '';
}

/** A list is made when a name comes again, and then grows in place: copying it each time would be quadratic. */
function addField(
  fields: Record<string, FieldValue>,
  lists: Map<string, FieldValue[]>,
  name: string,
  value: FieldValue,
): void {
  const list = lists.get(name);
  const former = fields[name];
  if (list !== undefined) {
    list.push(value);
  } else if (former === undefined) {
    fields[name] = value;
  } else {
    const both = [former, value];
    lists.set(name, both);
    fields[name] = both;
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g,
    (all, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return entities[name] ?? all;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
      return character !== '' && isXmlText(character) ? character : all;
    },
  );
}

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
  return Object.entries(fields)
    .map(([name, value]) => formatElement(name, value, path === '' ? name : `${path}.${name}`, isBare))
    .join('');
}

function formatElement(name: string, value: XmlFieldValue, path: string, isBare: IsBare): string {
  if (!isXmlName(name)) throw new TypeError(`not an XML name: ${JSON.stringify(name)}`);
  if (value === undefined) return '';
  if (isList(value)) return value.map((entry) => formatElement(name, entry, path, isBare)).join('');
  return `<${name}>${formatValue(value, path, isBare)}</${name}>\n`;
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: XmlFieldValue): value is readonly XmlFieldValue[] {
  return Array.isArray(value);
}

function formatValue(value: string | number | XmlFields, path: string, isBare: IsBare): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return isBare(path, value) ? value : formatCdata(value);
  return `\n${formatChildren(value, path, isBare)}`;
}

/** One text as CDATA. */
function formatCdata(text: string): string {
  return `<![CDATA[${dropForbidden(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function dropForbidden(text: string): string {
  return text.replaceAll(forbidden, '');
}

function isXmlText(text: string): boolean {
  return dropForbidden(text) === text;
}

function unreadable(): VerificationError {
  return new VerificationError('xml', {
    en: 'Cannot read XML: the body is not what the platform sends',
    zh: '无法读取 XML：内容不是平台发送的格式',
  });
}
