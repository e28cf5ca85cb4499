import { XMLParser } from 'fast-xml-parser';
import { VerificationError } from '../errors.ts';
import { emptyFields, maxDepth, type Fields, type FieldValue } from './fields.ts';
import { dropForbidden } from './format-xml.ts';

/** An element with its children; see `Fields`. */
export type XmlElement = Fields;

export interface XmlLimits {
  /** UTF-8 bytes of the whole document; 64 KiB unless told otherwise. A text message has a few kilobytes. */
  readonly maxBytes?: number;
}

/**
 * Reads the platform's XML dialect: one `<xml>` root, no attributes that matter, no DTD, no comments, no processing
 * instructions. Returns the children of the root. Text is exact; blanks around CDATA are dropped. The five predefined
 * entities and character references are decoded in bare text only, and nothing else is ever expanded.
 * Throws `VerificationError` (`xml`) and never quotes the input.
 */
export function parseXml(text: string, limits?: XmlLimits): XmlElement {
  const body = checkForm(text, limits);
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

const defaultMaxBytes = 64 * 1024;
const declaration = /^\s*(?:<\?xml\s[^<>]{0,100}\?>\s*)?/;
const startTag = /<([A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/y;
const endTag = /<\/([A-Za-z_][\w.:-]*)\s*>/y;

/**
 * Checks the form of a document in one linear pass before any parser sees it, and returns it without byte order mark
 * and declaration: a single `<xml>` root, tags that match, closed CDATA, nothing else that begins with `<!` or `<?`.
 * A search for `<!DOCTYPE` would be wrong instead: people may send that text, and it then stands inside CDATA.
 * Throws `VerificationError` (`xml`).
 */
function checkForm(text: string, limits: XmlLimits = {}): string {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes;
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw unreadable(`it must have at most ${maxBytes} bytes`, `最多允许 ${maxBytes} 字节`);
  }
  const start = declaration.exec(text.startsWith('\uFEFF') ? text.slice(1) : text)?.[0].length ?? 0;
  const body = text.slice(start + (text.startsWith('\uFEFF') ? 1 : 0)).trimEnd();
  if (!body.startsWith('<')) throw unreadable('it must begin with "<xml>"', '应以“<xml>”开头');
  checkTags(body);
  return body;
}

function checkTags(body: string): void {
  const open: string[] = [];
  let position = 0;
  while (position !== -1) {
    const [end, name, kind] = readMarkup(body, position);
    if (open.length === 0 && (name !== 'xml' || kind === 'end')) {
      throw unreadable('its root must be "<xml>"', '根元素应为“<xml>”');
    }
    if (kind === 'start') {
      open.push(name);
      if (open.length > maxDepth) {
        throw unreadable(`it is nested deeper than ${maxDepth} levels`, `嵌套超过 ${maxDepth} 层`);
      }
    } else if (kind === 'end' && open.pop() !== name) {
      throw unreadable('an end tag does not match its start tag', '结束标签与开始标签不匹配');
    }
    if (open.length === 0 && end !== body.length) {
      throw unreadable('something follows the root element', '根元素之后还有内容');
    }
    position = body.indexOf('<', end);
  }
  if (open.length > 0) throw unreadable('an element is not closed', '有元素没有关闭');
}

type Markup = readonly [end: number, name: string, kind: 'start' | 'end' | 'whole'];

/** Reads the tag or the CDATA section that begins at this `<`. */
function readMarkup(body: string, position: number): Markup {
  if (body.startsWith('<![CDATA[', position)) {
    const end = body.indexOf(']]>', position + 9);
    if (end === -1) throw unreadable('a CDATA section is not closed', '有 CDATA 段没有关闭');
    return [end + 3, '', 'whole'];
  }
  if (body.startsWith('<!', position)) {
    throw unreadable(
      'document types, entities and comments are not allowed',
      '不允许使用文档类型、实体声明或注释',
    );
  }
  if (body.startsWith('<?', position))
    throw unreadable('processing instructions are not allowed', '不允许使用处理指令');
  const pattern = body.startsWith('</', position) ? endTag : startTag;
  pattern.lastIndex = position;
  const match = pattern.exec(body);
  if (match === null) throw unreadable('a tag is malformed', '有标签格式不正确');
  const name = match[1] ?? '';
  if (pattern === endTag) return [pattern.lastIndex, name, 'end'];
  return [pattern.lastIndex, name, match[2] === '/' ? 'whole' : 'start'];
}

const flatTag = /<([A-Za-z_][\w.-]*)>/y;

/**
 * Reads a document whose elements hold texts alone, as most messages and all envelopes do; `undefined` for any other,
 * which is left to the parser. The parser takes three times as long, and that is a third of what an answer costs.
 * Only for text that has passed `checkForm`: tags match, and every section is closed.
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
  maxNestedTags: maxDepth,
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

function isXmlText(text: string): boolean {
  return dropForbidden(text) === text;
}

function unreadable(
  en = 'the body is not what the platform sends',
  zh = '内容不是平台发送的格式',
): VerificationError {
  return new VerificationError('xml', { en: `Cannot read XML: ${en}`, zh: `无法读取 XML：${zh}` });
}
