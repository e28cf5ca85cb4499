import { VerificationError } from '../errors.ts';

export interface XmlLimits {
  /** UTF-8 bytes of the whole document; 64 KiB unless told otherwise. A text message has a few kilobytes. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 64 * 1024;
/** The deepest documented push has six levels, `xml` included. */
const maxDepth = 12;
const declaration = /^\s*(?:<\?xml\s[^<>]{0,100}\?>\s*)?/;
const startTag = /<([A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/y;
const endTag = /<\/([A-Za-z_][\w.:-]*)\s*>/y;

/**
 * Checks the shape of a document in one linear pass before any parser sees it, and returns it without byte order mark
 * and declaration: a single `<xml>` root, tags that match, closed CDATA, nothing else that begins with `<!` or `<?`.
 * A search for `<!DOCTYPE` would be wrong instead: people may send that text, and it then stands inside CDATA.
 * Throws `VerificationError` (`xml`).
 */
export function checkXmlShape(text: string, limits: XmlLimits = {}): string {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes;
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw misshapen(`it must have at most ${maxBytes} bytes`, `最多允许 ${maxBytes} 字节`);
  }
  const start = declaration.exec(text.startsWith('\uFEFF') ? text.slice(1) : text)?.[0].length ?? 0;
  const body = text.slice(start + (text.startsWith('\uFEFF') ? 1 : 0)).trimEnd();
  if (!body.startsWith('<')) throw misshapen('it must begin with "<xml>"', '应以“<xml>”开头');
  checkTags(body);
  return body;
}

function checkTags(body: string): void {
  const open: string[] = [];
  let position = 0;
  while (position !== -1) {
    const [end, name, kind] = readMarkup(body, position);
    if (open.length === 0 && (name !== 'xml' || kind === 'end')) {
      throw misshapen('its root must be "<xml>"', '根元素应为“<xml>”');
    }
    if (kind === 'start') {
      open.push(name);
      if (open.length > maxDepth) {
        throw misshapen(`it is nested deeper than ${maxDepth} levels`, `嵌套超过 ${maxDepth} 层`);
      }
    } else if (kind === 'end' && open.pop() !== name) {
      throw misshapen('an end tag does not match its start tag', '结束标签与开始标签不匹配');
    }
    if (open.length === 0 && end !== body.length) {
      throw misshapen('something follows the root element', '根元素之后还有内容');
    }
    position = body.indexOf('<', end);
  }
  if (open.length > 0) throw misshapen('an element is not closed', '有元素没有关闭');
}

type Markup = readonly [end: number, name: string, kind: 'start' | 'end' | 'whole'];

/** Reads the tag or the CDATA section that begins at this `<`. */
function readMarkup(body: string, position: number): Markup {
  if (body.startsWith('<![CDATA[', position)) {
    const end = body.indexOf(']]>', position + 9);
    if (end === -1) throw misshapen('a CDATA section is not closed', '有 CDATA 段没有关闭');
    return [end + 3, '', 'whole'];
  }
  if (body.startsWith('<!', position)) {
    throw misshapen(
      'document types, entities and comments are not allowed',
      '不允许使用文档类型、实体声明或注释',
    );
  }
  if (body.startsWith('<?', position))
    throw misshapen('processing instructions are not allowed', '不允许使用处理指令');
  const pattern = body.startsWith('</', position) ? endTag : startTag;
  pattern.lastIndex = position;
  const match = pattern.exec(body);
  if (match === null) throw misshapen('a tag is malformed', '有标签格式不正确');
  const name = match[1] ?? '';
  if (pattern === endTag) return [pattern.lastIndex, name, 'end'];
  return [pattern.lastIndex, name, match[2] === '/' ? 'whole' : 'start'];
}

function misshapen(en: string, zh: string): VerificationError {
  return new VerificationError('xml', { en: `Cannot read XML: ${en}`, zh: `无法读取 XML：${zh}` });
}
