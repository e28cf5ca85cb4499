import { VerificationError } from '../errors.ts';
import { emptyFields, isFields, maxDepth, type Fields, type FieldValue } from './fields.ts';
import { dropForbidden } from './format-xml.ts';

/** An element with its children; see `Fields`. */
export type XmlElement = Fields;

export interface XmlLimits {
  /** UTF-8 bytes of the whole document; 64 KiB unless told otherwise. A text message has a few kilobytes. */
  readonly maxBytes?: number;
}

/**
 * Reads the platform's XML dialect: one `<xml>` root, no attributes that matter, no DTD, no comments, no processing
 * instructions. Returns the children of the root. Text is exact but for line ends, which XML reads as `\n`; blanks around
 * CDATA are dropped. The five predefined entities and character references are decoded in bare text only, and nothing
 * else is ever expanded. Throws `VerificationError` (`xml`) and never quotes the input.
 */
export function parseXml(text: string, limits: XmlLimits = {}): XmlElement {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes;
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw unreadable(`it must have at most ${maxBytes} bytes`, `最多允许 ${maxBytes} 字节`);
  }
  const root = readRoot(bodyOf(text));
  // `<xml></xml>` has no children at all, and reads as the empty text.
  if (root === '') return emptyFields();
  if (!isFields(root)) throw unreadable();
  return root;
}

const defaultMaxBytes = 64 * 1024;
/** To `\s` a byte order mark is a blank. */
const declaration = /^\s*(?:<\?xml\s[^<>]{0,100}\?>\s*)?/;

/** The document without byte order mark, declaration and what is blank around it. */
function bodyOf(text: string): string {
  const body = text.slice(declaration.exec(text)?.[0].length ?? 0).trimEnd();
  if (!body.startsWith('<')) throw unreadable('it must begin with "<xml>"', '应以“<xml>”开头');
  return body.includes('\r') ? body.replaceAll(/\r\n?/g, '\n') : body;
}

/** An element whose end tag has not come yet. */
interface OpenElement {
  readonly name: string;
  /** From the first child on, and those of them that are repeated. */
  fields: Record<string, FieldValue> | undefined;
  lists: Map<string, FieldValue[]> | undefined;
  /** All of its text, that of its CDATA sections, and whether more than blanks stands outside of them. */
  text: string;
  sections: string | undefined;
  hasBareText: boolean;
}

function openElement(name: string): OpenElement {
  return { name, fields: undefined, lists: undefined, text: '', sections: undefined, hasBareText: false };
}

/**
 * One pass from `<` to `<`, without recursion: the character behind it tells what begins there. A search for
 * `<!DOCTYPE` would be wrong instead: people may send that text, and it then stands inside CDATA.
 */
function readRoot(body: string): FieldValue | undefined {
  const document = openElement('');
  /** What the present element stands in. */
  const outer: OpenElement[] = [];
  let element = document;
  let isDangerous = false;

  /** Reads the tag or the section at this `<`, and returns where it ends. */
  const readMarkup = (position: number): number => {
    const next = body[position + 1];
    if (next === '/') {
      const end = endOfEndTag(body, position, element.name);
      const parent = outer.pop() ?? document;
      addChild(parent, element.name, valueOf(element));
      element = parent;
      return end;
    }
    if (next === '!') {
      const end = endOfSection(body, position);
      if (outer.length === 0) throw otherRoot();
      addSection(element, body.slice(position + sectionStart.length, end - sectionEnd.length));
      return end;
    }
    if (next === '?') throw unreadable('processing instructions are not allowed', '不允许使用处理指令');
    const [name, end] = readStartTag(body, position);
    if (outer.length === 0 && name !== 'xml') throw otherRoot();
    isDangerous ||= name === 'prototype' || name in Object.prototype;
    if (body[end - 2] === '/') {
      addChild(element, name, '');
    } else {
      outer.push(element);
      element = openElement(name);
      if (outer.length > maxDepth) {
        throw unreadable(`it is nested deeper than ${maxDepth} levels`, `嵌套超过 ${maxDepth} 层`);
      }
    }
    return end;
  };

  for (let position = 0; position !== -1;) {
    const end = readMarkup(position);
    if (outer.length === 0 && end !== body.length) {
      throw unreadable('something follows the root element', '根元素之后还有内容');
    }
    position = body.indexOf('<', end);
    if (position > end) addBareText(element, body.slice(end, position));
  }
  if (outer.length > 0) throw unreadable('an element is not closed', '有元素没有关闭');
  return isDangerous ? undefined : document.fields?.['xml'];
}

const sectionStart = '<![CDATA[';
const sectionEnd = ']]>';

function endOfSection(body: string, position: number): number {
  if (!body.startsWith(sectionStart, position)) {
    throw unreadable(
      'document types, entities and comments are not allowed',
      '不允许使用文档类型、实体声明或注释',
    );
  }
  const end = body.indexOf(sectionEnd, position + sectionStart.length);
  if (end === -1) throw unreadable('a CDATA section is not closed', '有 CDATA 段没有关闭');
  return end + sectionEnd.length;
}

const plainStartTag = /<[A-Za-z_][\w.:-]*>/y;
const startTag = /<([A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*\/?>/y;
const endTag = /<\/([A-Za-z_][\w.:-]*)\s*>/y;

function readStartTag(body: string, position: number): readonly [name: string, end: number] {
  plainStartTag.lastIndex = position;
  if (plainStartTag.test(body)) {
    const end = plainStartTag.lastIndex;
    return [body.slice(position + 1, end - 1), end];
  }
  startTag.lastIndex = position;
  const [, name] = startTag.exec(body) ?? [];
  if (name === undefined) throw malformed();
  return [name, startTag.lastIndex];
}

/** `name` is that of the open element, and empty where none is open. */
function endOfEndTag(body: string, position: number, name: string): number {
  const end = position + 2 + name.length;
  if (name !== '' && body[end] === '>' && body.startsWith(name, position + 2)) return end + 1;
  endTag.lastIndex = position;
  const [, other] = endTag.exec(body) ?? [];
  if (other === undefined) throw malformed();
  if (name === '') throw otherRoot();
  if (other !== name) {
    throw unreadable('an end tag does not match its start tag', '结束标签与开始标签不匹配');
  }
  return endTag.lastIndex;
}

function addBareText(element: OpenElement, text: string): void {
  element.text += decodeEntities(text);
  element.hasBareText ||= text.trim() !== '';
}

/** Adjacent sections are one text: that is how `]]>` travels. */
function addSection(element: OpenElement, text: string): void {
  element.text += text;
  element.sections = (element.sections ?? '') + text;
}

/** A list is made when a name comes again, and then grows in place: copying it each time would be quadratic. */
function addChild(element: OpenElement, name: string, value: FieldValue): void {
  const fields = (element.fields ??= emptyFields());
  const former = fields[name];
  if (former === undefined) {
    fields[name] = value;
    return;
  }
  const list = element.lists?.get(name);
  if (list !== undefined) {
    list.push(value);
    return;
  }
  const both = [former, value];
  (element.lists ??= new Map()).set(name, both);
  fields[name] = both;
}

function valueOf({ fields, sections, text, hasBareText }: OpenElement): FieldValue {
  if (fields !== undefined) return fields;
  return sections === undefined || hasBareText ? text : sections;
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

function malformed(): VerificationError {
  return unreadable('a tag is malformed', '有标签格式不正确');
}

function otherRoot(): VerificationError {
  return unreadable('its root must be "<xml>"', '根元素应为“<xml>”');
}
