import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rounds } from '../../helpers/rounds.ts';
import { parseFields } from '../../../src/core/callback/body.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import { eventNames } from '../../../src/core/message/event.ts';
import type { Fields, FieldValue } from '../../../src/core/message/fields.ts';
import { eventNameOf } from '../../../src/core/message/message.ts';
import { readMessage } from '../../../src/core/message/message.ts';
import { writeMessage } from '../../../src/core/message/writer.ts';
import { loadSample, sampleSummaries } from '../../../src/simulator/push/sample-messages.ts';
import type { Sample } from '../../../src/simulator/push/sample-messages.ts';

const samples = await Promise.all(sampleSummaries.map(({ id }) => loadSample(id) as Promise<Sample>));
/** What a message means: its values, whatever names and nesting they came with. */
const meaning = (text: string): object => {
  const { fields: _, ...message } = readMessage(parseFields(text));
  return message;
};

describe('writeMessage()', () => {
  test.each(samples.map((sample) => [sample.id, sample] as const))(
    'writeMessage() writes the sample %s byte for byte as the platform does',
    (_, { xml }) => {
      expect(writeMessage(parseFields(xml), 'xml')).toBe(xml);
    },
  );

  test.each(samples.map((sample) => [sample.id, sample] as const))(
    'writeMessage() keeps the meaning of %s through JSON and back',
    (_, { xml }) => {
      const json = writeMessage(parseFields(xml), 'json');
      expect(meaning(json)).toEqual(meaning(xml));
      const again = writeMessage(parseFields(json), 'xml');
      expect(meaning(again)).toEqual(meaning(xml));
      expect(writeMessage(parseFields(again), 'json')).toBe(json);
    },
  );

  test.each(samples.filter(({ json }) => json !== undefined).map((sample) => [sample.id, sample] as const))(
    'writeMessage() keeps the meaning of the documented JSON of %s',
    (_, { json }) => {
      const text = JSON.stringify(json);
      expect(meaning(writeMessage(parseFields(text), 'json'))).toEqual(meaning(text));
      expect(meaning(writeMessage(parseFields(text), 'xml'))).toEqual(meaning(text));
    },
  );

  test('writeMessage() writes every digit of a 64-bit id', () => {
    const write = (id: string, format: 'xml' | 'json') => writeMessage({ MsgId: id }, format);
    expect(write('9007199254740991', 'json')).toBe('{"MsgId":9007199254740991}');
    expect(write('9007199254740992', 'json')).toBe('{"MsgId":"9007199254740992"}');
    expect(write('9223372036854775807', 'json')).toBe('{"MsgId":"9223372036854775807"}');
    expect(write('9223372036854775807', 'xml')).toBe('<xml><MsgId>9223372036854775807</MsgId>\n</xml>');
    expect(write('49d72d67_15', 'json')).toBe('{"MsgId":"49d72d67_15"}');
    expect(write('49d72d67_15', 'xml')).toBe('<xml><MsgId><![CDATA[49d72d67_15]]></MsgId>\n</xml>');
  });

  test.each(['007', '1e3', '', ' 1', '1.', '-', 'NaN', 'true', '<a>', '1</MsgId>'])(
    'writeMessage() never writes %j bare where a number belongs',
    (text) => {
      expect(writeMessage({ MsgId: text }, 'xml')).toBe(`<xml><MsgId><![CDATA[${text}]]></MsgId>\n</xml>`);
      expect(writeMessage({ MsgId: text }, 'json')).toBe(JSON.stringify({ MsgId: text }));
    },
  );

  test.each([
    ['true', true],
    ['false', true],
    ['untrue', false],
    ['falsey', false],
  ])('writeMessage() writes the truth %j bare: %s', (text, bare) => {
    expect(writeMessage({ IsChatRoom: text }, 'json')).toBe(
      bare ? `{"IsChatRoom":${text}}` : `{"IsChatRoom":"${text}"}`,
    );
    expect(writeMessage({ MsgId: text }, 'json')).toBe(`{"MsgId":"${text}"}`);
  });

  test('writeMessage() keeps decimals as they were written', () => {
    expect(writeMessage({ Precision: '119.385040' }, 'json')).toBe('{"Precision":119.385040}');
    expect(parseFields('{"Precision":119.385040}')).toEqual({ Precision: '119.385040' });
  });

  test('writeMessage() drops what XML forbids from XML, and keeps it in JSON', () => {
    const fields = { Content: 'a\u0008\u0000b\uFFFE\uD800c\t\n' };
    expect(parseFields(writeMessage(fields, 'xml'))).toEqual({ Content: 'abc\t\n' });
    expect(parseFields(writeMessage(fields, 'json'))).toEqual(fields);
  });

  test('writeMessage() moves the list of subscription events to where each format has it', () => {
    const entry = { TemplateId: 't', MsgID: '1700827132819554304', ErrorCode: '0' };
    const common = { MsgType: 'event', Event: 'subscribe_msg_sent_event' };
    const inXml = { ...common, SubscribeMsgSentEvent: { List: entry, Other: 'x' } };
    expect(JSON.parse(writeMessage(inXml, 'json'))).toEqual({
      ...common,
      List: [{ ...entry }],
      SubscribeMsgSentEvent: { Other: 'x' },
    });
    expect(writeMessage({ ...common, List: [entry, entry] }, 'xml')).toContain(
      '<SubscribeMsgSentEvent>\n<List>\n<TemplateId><![CDATA[t]]></TemplateId>\n<MsgID>1700827132819554304</MsgID>\n<ErrorCode>0</ErrorCode>\n</List>\n<List>',
    );
    // Neither list pushes the other away.
    const twice = { ...inXml, List: 'x' };
    expect(parseFields(writeMessage(twice, 'json'))).toEqual(twice);
    expect(parseFields(writeMessage(twice, 'xml'))).toEqual(twice);
    // The same name in another event is that event's own.
    expect(writeMessage({ MsgType: 'event', Event: 'x', List: 'a' }, 'xml')).toContain('<List><![CDATA[a]]>');
  });

  test.each(['a b', '1a', '', '<', 'a>', '中'])(
    'writeMessage() refuses the element name %j in XML only',
    (name) => {
      const deep = { a: [{ b: { [name]: 'x' } }] };
      expect(() => writeMessage(deep, 'xml')).toThrow(WechatMpError);
      expect(JSON.parse(writeMessage(deep, 'json'))).toEqual(deep);
    },
  );

  /** A text that XML can carry; blanks alone around elements would be layout. */
  const text = fc
    .string({ unit: 'grapheme' })
    .map((value) => value.replaceAll(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ''));
  const name = fc
    .stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/)
    .filter(
      (value) => !['constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf'].includes(value),
    );
  const { tree } = fc.letrec<{ tree: Fields; value: FieldValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'fields' },
      text,
      fc.integer().map(String),
      fc.array(fc.oneof({ maxDepth: 3, depthIdentifier: 'fields' }, text, tie('tree')), {
        minLength: 2,
        maxLength: 3,
      }),
      tie('tree'),
    ),
    tree: fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
  }));

  test('writeMessage() writes any fields so that parseFields() finds them again, in both formats', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom('xml' as const, 'json' as const), (fields, format) => {
        expect(parseFields(writeMessage(fields, format))).toEqual(fields);
      }),
      { numRuns: rounds(100, 1000) },
    );
  });

  test('writeMessage() keeps the meaning of samples whose texts were replaced by anything', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.infiniteStream(text), ({ xml }, stream) => {
        const fields = replaceTexts(parseFields(xml), stream) as Fields;
        const wanted = meaning(JSON.stringify(fields));
        expect(meaning(writeMessage(fields, 'json'))).toEqual(wanted);
        expect(meaning(writeMessage(fields, 'xml'))).toEqual(wanted);
      }),
      { numRuns: rounds(100, 1000) },
    );
  });
});

/** The words that say what it is stay; every other text becomes one of the stream. */
function replaceTexts(value: FieldValue, stream: Iterator<string>, name = ''): FieldValue {
  if (typeof value === 'string')
    return ['MsgType', 'Event', 'CreateTime'].includes(name) ? value : (stream.next().value as string);
  if (Array.isArray(value)) return (value as FieldValue[]).map((entry) => replaceTexts(entry, stream, name));
  return Object.fromEntries(
    Object.entries(value as Fields).map(([key, entry]) => [key, replaceTexts(entry, stream, key)]),
  );
}

describe('readMessage() and the samples', () => {
  test('there are all 9 messages and 68 events, and no event without a sample', () => {
    expect(samples.filter(({ kind }) => kind === 'message')).toHaveLength(9);
    expect(samples.filter(({ kind }) => kind === 'event')).toHaveLength(68);
    const documented = new Set(
      samples.filter(({ msgType }) => msgType === 'event').map(({ event }) => event),
    );
    expect(new Set(eventNames)).toEqual(documented);
  });

  test.each(samples.map((sample) => [sample.id, sample] as const))(
    'readMessage() knows %s by its type and event',
    (_, { xml, msgType, event }) => {
      const message = readMessage(parseFields(xml));
      expect(message.msgType).toBe(msgType);
      expect(eventNameOf(message)).toBe(event);
      if (message.msgType === 'event') expect(message.event).toBe(event);
    },
  );
});
