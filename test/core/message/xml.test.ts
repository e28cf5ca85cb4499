import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { VerificationError } from '../../../src/core/errors.ts';
import { formatXml } from '../../../src/core/message/format-xml.ts';
import { parseXml } from '../../../src/core/message/xml.ts';
import { almostQuadratic, growth } from '../../helpers/growth.ts';

/** The text of the refusal; anything but a `VerificationError` of check `xml` goes on. */
function refusalOf(text: string, limits?: { maxBytes: number }): string {
  try {
    parseXml(text, limits);
  } catch (error) {
    if (error instanceof VerificationError && error.check === 'xml') return error.text.en;
    throw error;
  }
  return 'not refused';
}

describe('parseXml()', () => {
  test.each([
    ['007', '007'],
    ['1e3', '1e3'],
    ['true', 'true'],
    ['24534963034417920', '24534963034417920'],
    ['18446744073709551615', '18446744073709551615'],
    ['&lt;b&gt; &amp;amp; &#20320;&#x597d;', '<b> &amp; 你好'],
    ['&xxe; &#0; &#xD800; & &#99999999;', '&xxe; &#0; &#xD800; & &#99999999;'],
    ['&#x10FFFD;&#x10FFFF;&#1114112;&#x110000;', '\u{10FFFD}\u{10FFFF}&#1114112;&#x110000;'],
    ['<![CDATA[&lt;b>]]>', '&lt;b>'],
    ['<![CDATA[<!DOCTYPE a [<!ENTITY b "c">]>]]>', '<!DOCTYPE a [<!ENTITY b "c">]>'],
    ['<![CDATA[</A></xml>]]>', '</A></xml>'],
    ['<![CDATA[a]]]]><![CDATA[>b]]>', 'a]]>b'],
    ['\n <![CDATA[ a ]]> \n', ' a '],
    ['a<![CDATA[b]]>c', 'abc'],
    ['<![CDATA[]]>', ''],
    ['', ''],
    [' ', ' '],
  ])('parseXml() reads %j as the text %j', (inner, text) => {
    expect(parseXml(`<xml><A>${inner}</A></xml>`)).toEqual({ A: text });
  });

  test('parseXml() reads nested and repeated elements', () => {
    const text =
      '<xml>\n<P>\n<Count>2</Count><L><i>1</i><i>2</i></L>\n</P>\n<A>x</A><A>y</A><A>z</A><E/>\n</xml>\n';
    expect(parseXml(text)).toEqual({ P: { Count: '2', L: { i: ['1', '2'] } }, A: ['x', 'y', 'z'], E: '' });
  });

  test.each([
    '\uFEFF<xml><A>1</A></xml>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<xml><A>1</A></xml>',
    ' <xml  id="1" ><A b=\'2>\'>1</A ></xml>',
  ])('parseXml() accepts %j', (text) => {
    expect(parseXml(text)).toEqual({ A: '1' });
  });

  test('parseXml() gives an empty root no fields', () => {
    expect(parseXml('<xml></xml>')).toEqual({});
    expect(parseXml('<xml/>')).toEqual({});
  });

  test('parseXml() gives fields no inherited names', () => {
    expect(parseXml('<xml><A>1</A></xml>')['constructor']).toBeUndefined();
  });

  test.each([
    ['external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>'],
    ['document type behind a declaration', '<?xml version="1.0"?><!DOCTYPE x><xml></xml>'],
    ['document type inside the root', '<xml><!DOCTYPE x [<!ENTITY e "PWN">]><A>&e;</A></xml>'],
    ['billion laughs', '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xml><A>&b;</A></xml>'],
    ['comment', '<xml><!-- a --><A>1</A></xml>'],
    ['processing instruction', '<xml><?php x ?><A>1</A></xml>'],
    ['unclosed CDATA', '<xml><A><![CDATA[1</A></xml>'],
    ['CDATA spelled wrong', '<xml><A><![cdata[1]]></A></xml>'],
    ['mismatched end tag', '<xml><A>1</B></xml>'],
    ['missing end tag', '<xml><A>1</xml>'],
    ['unclosed root', '<xml><A>1</A>'],
    ['two roots', '<xml><A>1</A></xml><xml></xml>'],
    ['two empty roots', '<xml/><xml/>'],
    ['junk in front', 'x<xml></xml>'],
    ['junk behind', '<xml></xml>x'],
    ['CDATA as root', '<![CDATA[x]]>'],
    ['end tag only', '</xml>'],
    ['another root', '<html></html>'],
    ['root in capitals', '<XML></XML>'],
    ['text in the root', '<xml>hello</xml>'],
    ['a lone <', '<xml><A>1 < 2</A></xml>'],
    ['unquoted attribute', '<xml a=1></xml>'],
    ['__proto__', '<xml><__proto__><a>1</a></__proto__></xml>'],
    ['prototype itself', '<xml><prototype>1</prototype></xml>'],
    ['constructor', '<xml><constructor>1</constructor></xml>'],
    ['toString', '<xml><toString>1</toString></xml>'],
    ['plain text', 'hello'],
    ['empty', ''],
    ['JSON', '{"a":1}'],
  ])('parseXml() refuses: %s', (_name, text) => {
    expect(refusalOf(text)).toMatch(/^Cannot read XML: /);
  });

  test.each([
    ['<xml><!DOCTYPE a></xml>', 'Cannot read XML: document types, entities and comments are not allowed'],
    ['<xml><?a ?></xml>', 'Cannot read XML: processing instructions are not allowed'],
    ['<xml><A><![CDATA[</A></xml>', 'Cannot read XML: a CDATA section is not closed'],
    ['<xml><A></B></xml>', 'Cannot read XML: an end tag does not match its start tag'],
    ['hello', 'Cannot read XML: it must begin with "<xml>"'],
    ['<html></html>', 'Cannot read XML: its root must be "<xml>"'],
    ['<![CDATA[x]]>', 'Cannot read XML: its root must be "<xml>"'],
    ['</xml>', 'Cannot read XML: its root must be "<xml>"'],
    ['<xml><A>1</A>', 'Cannot read XML: an element is not closed'],
    ['<xml><1></1></xml>', 'Cannot read XML: a tag is malformed'],
    ['<xml></ xml>', 'Cannot read XML: a tag is malformed'],
    ['<xml>hello</xml>', 'Cannot read XML: the body is not what the platform sends'],
    ['<xml/><xml/>', 'Cannot read XML: something follows the root element'],
  ])('parseXml() says what is wrong with %j', (text, wanted) => {
    expect(refusalOf(text)).toBe(wanted);
  });

  test('parseXml() accepts 12 levels and refuses 13', () => {
    const nest = (levels: number) => `<xml>${'<a>'.repeat(levels - 1)}1${'</a>'.repeat(levels - 1)}</xml>`;
    expect(parseXml(nest(12))).toHaveProperty('a');
    expect(refusalOf(nest(13))).toContain('12 levels');
  });

  test('parseXml() counts the limit in bytes and includes it', () => {
    const text = '<xml><A>你好</A></xml>';
    expect(parseXml(text, { maxBytes: 24 })).toEqual({ A: '你好' });
    expect(refusalOf(text, { maxBytes: 23 })).toContain('23 bytes');
    expect(parseXml(`<xml><A>${'a'.repeat(65_536 - 18)}</A></xml>`)).toHaveProperty('A');
    expect(refusalOf(`<xml><A>${'a'.repeat(65_536 - 17)}</A></xml>`)).toContain('65536 bytes');
  });

  test('parseXml() never repeats its input in an error', () => {
    for (const text of ['<xml><canary></xml>', '<xml canary', 'canary', '<xml><canary>1</canari></xml>']) {
      expect(refusalOf(text)).not.toContain('canar');
    }
  });

  test('parseXml() throws nothing but VerificationError, whatever the text', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/',
      '!',
      '?',
      '&',
      ';',
      '[CDATA[',
      ']]>',
      'xml',
      'a',
      ' ',
      '"',
      '=',
      '#',
      '<a>',
      '</a>',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        expect(refusalOf(`<xml>${parts.join('')}</xml>`)).toMatch(/^(?:not refused|Cannot read XML: )/);
      }),
      { numRuns: 500 },
    );
  });

  const hostile: readonly (readonly [string, (bytes: number) => string])[] = [
    ['unclosed tags', (bytes) => `<xml>${'<a>'.repeat(bytes / 3)}</xml>`],
    ['blanks in a tag', (bytes) => `<xml ${' '.repeat(bytes)}`],
    ['many CDATA sections', (bytes) => `<xml><A>${'<![CDATA[]]>'.repeat(bytes / 12)}</A></xml>`],
    ['equal tags', (bytes) => `<xml>${'<a></a>'.repeat(bytes / 7)}</xml>`],
    ['empty tags', (bytes) => `<xml>${'<a/>'.repeat(bytes / 4)}</xml>`],
    [
      'distinct tags',
      (bytes) =>
        `<xml>${Array.from({ length: bytes / 16 }, (_, index) => `<a${index}></a${index}>`).join('')}</xml>`,
    ],
    ['ampersands', (bytes) => `<xml><A>${'&'.repeat(bytes)}</A></xml>`],
    ['half character references', (bytes) => `<xml><A>${'&#1111111'.repeat(bytes / 9)}</A></xml>`],
    ['lone ]]', (bytes) => `<xml><A><![CDATA[${']'.repeat(bytes)}]]></A></xml>`],
    ['leading blanks', (bytes) => `${' '.repeat(bytes)}<xml>`],
    ['attributes', (bytes) => `<xml ${'a="" '.repeat(bytes / 5)}>x`],
  ];
  test.each(hostile)('parseXml() takes linear time for %s', (_name, make) => {
    const parse = (bytes: number) => {
      const text = make(bytes);
      return () => {
        try {
          parseXml(text, { maxBytes: 4 * 1024 * 1024 });
        } catch {
          // Refusals have to be quick, too.
        }
      };
    };
    expect(growth(65_536, parse)).toBeLessThan(almostQuadratic);
  });
});

describe('formatXml()', () => {
  test('formatXml() writes texts as CDATA, numbers bare, and one element per line', () => {
    expect(formatXml({ A: 'x<y', B: 12, C: { D: '' }, E: undefined, F: [{ G: 1 }, { G: 2 }] })).toBe(
      '<xml><A><![CDATA[x<y]]></A>\n<B>12</B>\n<C>\n<D><![CDATA[]]></D>\n</C>\n<F>\n<G>1</G>\n</F>\n<F>\n<G>2</G>\n</F>\n</xml>',
    );
  });

  test('formatXml() splits "]]>" so that it survives', () => {
    expect(formatXml({ A: ']]>' })).toBe('<xml><A><![CDATA[]]]]><![CDATA[>]]></A>\n</xml>');
  });

  test('formatXml() drops the characters that XML forbids', () => {
    expect(formatXml({ A: 'a\0b\u0008c\u001Bd\uFFFEe\uD800f\tg\nh😀' })).toBe(
      '<xml><A><![CDATA[abcdef\tg\nh😀]]></A>\n</xml>',
    );
  });

  test.each(['', 'a b', '1a', 'a>', 'a/'])('formatXml() refuses the name %j', (name) => {
    expect(() => formatXml({ [name]: '' })).toThrow(TypeError);
  });

  test('parseXml() reverses formatXml() for every text that XML can hold', () => {
    const words = fc.constantFrom(
      ']]>',
      ']]',
      '<![CDATA[',
      '&lt;',
      '</A>',
      '你好',
      '😀',
      ' ',
      '\n',
      '\t',
      '<!DOCTYPE',
    );
    // XML itself reads \r\n and \r as \n, and has no place for other control characters.
    const readable = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, ''));
    fc.assert(
      fc.property(fc.array(fc.oneof(words, readable), { maxLength: 8 }), (parts) => {
        expect(parseXml(formatXml({ A: parts.join('') }))).toEqual({ A: parts.join('') });
      }),
    );
    expect(parseXml(formatXml({ A: 'a\r\nb\rc' }))).toEqual({ A: 'a\nb\nc' });
  });
});

/** The same by the library, for documents whose form is right: an independent reader of XML. */
const library = new XMLParser({
  // Ordered output tells CDATA from bare text, which decides about blanks and entities.
  preserveOrder: true,
  cdataPropName: '#cdata',
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});

type Node = Readonly<Record<string, unknown>>;

function textOf(node: Node): string {
  const [text] = node['#cdata'] as readonly Node[];
  return String(text?.['#text'] ?? '');
}

/** The platform's reading of the library's nodes: children, or one text with blanks around CDATA dropped. */
function valueOf(nodes: readonly Node[]): unknown {
  const children = nodes.filter((node) => !('#text' in node) && !('#cdata' in node));
  if (children.length === 0) {
    const bare = nodes.filter((node) => '#text' in node).map((node) => String(node['#text']));
    const isSection = bare.join('').trim() === '' && nodes.some((node) => '#cdata' in node);
    const pieces = nodes.filter((node) => '#cdata' in node || !isSection);
    return pieces.map((node) => ('#cdata' in node ? textOf(node) : String(node['#text']))).join('');
  }
  const fields: Record<string, unknown> = {};
  for (const name of new Set(children.flatMap((child) => Object.keys(child)))) {
    const values = children.filter((child) => name in child).map((child) => valueOf(child[name] as Node[]));
    fields[name] = values.length === 1 ? values[0] : values;
  }
  return fields;
}

describe('parseXml() beside fast-xml-parser', () => {
  const name = fc.constantFrom('a', 'b', 'MsgType', 'x-y', 'n.m', '_u', 'xml');
  const attributes = fc.constantFrom('', '', '', ' ', ' b="c>"', '\n b=\'d\' c = "e"');
  const bare = fc
    .array(fc.constantFrom('x', ' ', '\n', '\r\n', '\r', '&lt;', '&#65;', '&#x4f60;', ']]', '>', '你', '😀'))
    .map((pieces) => pieces.join(''));
  const section = fc
    .array(fc.constantFrom('x', ' ', '\n', '\r\n', '<', '</a>', ']', '&lt;', '<![CDATA[', '<!DOCTYPE', '你'))
    .map((pieces) => `<![CDATA[${pieces.join('').replaceAll(']]>', '')}]]>`);
  const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
    element: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.tuple(name, attributes).map(([tag, more]) => `<${tag}${more}/>`),
      fc
        .tuple(name, attributes, fc.array(tie('content'), { maxLength: 4 }), fc.constantFrom('', '\n'))
        .map(([tag, more, inner, blank]) => `<${tag}${more}>${inner.join('')}</${tag}${blank}>`),
    ),
    content: fc.oneof(bare, section, tie('element')),
  }));
  const document = fc
    .array(fc.oneof(element, fc.constantFrom('\n', '\r\n')), { minLength: 1, maxLength: 6 })
    .filter((pieces) => pieces.some((piece) => piece.startsWith('<')))
    .map((pieces) => `<xml>${pieces.join('')}</xml>`);

  test('parseXml() reads every document as the library does', () => {
    fc.assert(
      fc.property(document, (text) => {
        const [root] = library.parse(text) as readonly Node[];
        expect(structuredClone(parseXml(text))).toEqual(valueOf(root?.['xml'] as readonly Node[]));
      }),
      { numRuns: 500 },
    );
  });

  test('parseXml() takes no changed document that the validator of the library refuses', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('<', '>', '/', '!', '?', '</', '<a>', '</a>', ']]>', '<![CDATA[', '"', ''),
    );
    fc.assert(
      fc.property(document, change, (text, [where, removed, added]) => {
        // A lone & is forgiven here, and not by the validator.
        const plain = text.replaceAll('&', '+');
        const at = where % plain.length;
        const changed = plain.slice(0, at) + added + plain.slice(at + removed);
        const isTaken = refusalOf(changed) === 'not refused';
        if (isTaken) expect([changed, XMLValidator.validate(changed)]).toEqual([changed, true]);
      }),
      { numRuns: 1000 },
    );
  });
});
