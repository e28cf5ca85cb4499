import { describe, expect, test } from 'vitest';
import { parseFields } from '../../src/core/callback/body.ts';
import { readMessage } from '../../src/core/message/message.ts';
import { createRuleReply, fillReply, matchRule } from '../../src/server/rules.ts';
import type { Rule } from '../../src/server/rules.ts';
import { fillTemplate, placeholdersOf } from '../../src/server/template.ts';

const common = { ToUserName: 'gh_1', FromUserName: 'o_1', CreateTime: '1714037059' };
const text = (content: string) => readMessage({ ...common, MsgType: 'text', Content: content, MsgId: '1' });
const event = (name: string, fields = {}) =>
  readMessage({ ...common, MsgType: 'event', Event: name, ...fields });
const click = event('CLICK', { EventKey: 'V1001' });
const push = { format: 'xml', encrypted: false } as const;

describe('matchRule()', () => {
  const cases: readonly (readonly [string, Omit<Rule, 'reply'>, boolean])[] = [
    ['a rule without conditions', {}, true],
    ['the type', { type: 'text' }, true],
    ['another type', { type: 'image' }, false],
    ['the whole text', { text: 'hello' }, true],
    ['a part of the text', { text: 'hell' }, false],
    ['other capitals', { text: 'Hello' }, false],
    ['a pattern', { text: /^he/ }, true],
    ['a pattern that is not found', { text: /^lo/ }, false],
    ['an event', { event: 'CLICK' }, false],
    ['a key', { key: 'hello' }, false],
  ];
  test.each(cases)('matchRule() compares %s', (_, rule, wanted) => {
    expect(matchRule({ ...rule, reply: 'success' }, text('hello')) !== undefined).toBe(wanted);
  });

  const ofEvents: readonly (readonly [Omit<Rule, 'reply'>, boolean])[] = [
    [{ event: 'CLICK' }, true],
    [{ event: 'click' }, false],
    [{ type: 'event' }, true],
    [{ key: 'V1001' }, true],
    [{ event: 'CLICK', key: 'V1001' }, true],
    [{ event: 'CLICK', key: 'V1002' }, false],
    [{ event: 'VIEW', key: 'V1001' }, false],
    [{ key: /^V(\d+)$/ }, true],
    [{ text: /.*/ }, false],
    [{ type: 'text' }, false],
  ];
  test.each(ofEvents)('matchRule() holds a click against %j', (rule, wanted) => {
    expect(matchRule({ ...rule, reply: 'success' }, click) !== undefined).toBe(wanted);
  });

  test('matchRule() takes no notice of blanks round a text', () => {
    expect(matchRule({ text: 'hello', reply: 'success' }, text(' hello\n'))).toEqual({});
    expect(matchRule({ type: 'hologram', reply: 'success' }, readMessage({ MsgType: 'hologram' }))).toEqual(
      {},
    );
    expect(matchRule({ event: 'brand_new', reply: 'success' }, event('brand_new'))).toEqual({});
  });

  test('matchRule() hands out what the patterns have caught, by number and by name', () => {
    const rule: Rule = { text: /^order (?<id>\d+)( now)?$/i, reply: 'success' };
    expect(matchRule(rule, text('Order 12'))).toEqual({ '0': 'Order 12', '1': '12', '2': '', id: '12' });
  });
});

describe('createRuleReply()', () => {
  const rules: readonly Rule[] = [
    { text: 'a', reply: 'success' },
    { text: /a/, reply: { msgType: 'text', content: 'second {{Content}}' } },
    { event: 'CLICK', reply: 'echo' },
  ];
  const reply = createRuleReply(rules, () => ({ msgType: 'text', content: 'otherwise' }));

  test('the first rule that matches answers, and the fallback where none does', () => {
    expect(reply(text('a'), push)).toBe('success');
    expect(reply(text('banana'), push)).toEqual({ msgType: 'text', content: 'second banana' });
    expect(reply(click, push)).toEqual({ msgType: 'text', content: 'CLICK V1001' });
    expect(reply(text('x'), push)).toEqual({ msgType: 'text', content: 'otherwise' });
  });
});

describe('fillReply()', () => {
  const values = { fields: text('you').fields, groups: { '1': '7' } };
  const echoed = () => 'success' as const;

  test('fillReply() inserts values into every text of a reply, and leaves its type alone', () => {
    const article = {
      title: '{{Content}}',
      description: 'd{{1}}',
      picUrl: '',
      url: 'https://e.com/?id={{1}}',
    };
    expect(fillReply({ msgType: 'news', articles: [article] }, values, echoed)).toEqual({
      msgType: 'news',
      articles: [{ title: 'you', description: 'd7', picUrl: '', url: 'https://e.com/?id=7' }],
    });
    expect(fillReply({ msgType: 'image', mediaId: '{{1}}' }, values, echoed)).toEqual({
      msgType: 'image',
      mediaId: '7',
    });
  });

  test.each([
    { msgType: 'text', content: ' {{Nothing}} ' },
    { msgType: 'image', mediaId: '{{MediaId}}' },
    { msgType: 'voice', mediaId: '{{MediaId}}' },
    { msgType: 'video', mediaId: '{{MediaId}}', title: 't' },
    { msgType: 'music', thumbMediaId: '{{ThumbMediaId}}', musicUrl: 'u' },
    { msgType: 'news', articles: [{ title: '{{Title}}', description: 'd', picUrl: '', url: 'u' }] },
    { msgType: 'news', articles: [{ title: 't', description: 'd', picUrl: '', url: '{{Url}}' }] },
  ] as const)('fillReply() sends nothing where what must be there turns out empty: %j', (reply) => {
    expect(fillReply(reply, values, echoed)).toBe('success');
  });

  test('fillReply() leaves out an agent who turns out empty, and keeps the empty answer', () => {
    const reply = { msgType: 'transfer_customer_service', kfAccount: '{{Agent}}' } as const;
    expect(fillReply(reply, values, echoed)).toEqual({ msgType: 'transfer_customer_service' });
    expect(fillReply('', values, echoed)).toBe('');
  });
});

describe('fillTemplate()', () => {
  const fields = {
    Content: 'a {{1}} $& b',
    ScanCodeInfo: { ScanResult: 'r' },
    List: [{ T: 'first' }, { T: 'second' }],
    Deep: { List: ['x', 'y'] },
  };
  test.each([
    ['{{Content}}', 'a {{1}} $& b'],
    ['{{ ScanCodeInfo.ScanResult }}!', 'r!'],
    ['{{List.T}}', 'first'],
    ['{{List.0.T}} {{List.1.T}} {{List.2.T}}', 'first second '],
    ['{{Deep.List.1}} {{ScanCodeInfo.0.ScanResult}} {{ScanCodeInfo.1.ScanResult}}', 'y r '],
    ['{{Content.0}}{{Content.0.0}}{{Content.1}}', 'a {{1}} $& ba {{1}} $& b'],
    ['{{Deep.List}}', 'x'],
    ['{{1}}-{{name}}', 'one-two'],
    ['{{Missing}}{{Content.a}}{{ScanCodeInfo}}{{constructor}}{{__proto__}}', ''],
    ['{{}} {x} {{a b}}', '{{}} {x} {{a b}}'],
  ])('fillTemplate() makes of %s %j', (template, wanted) => {
    expect(fillTemplate(template, { fields, groups: { '1': 'one', name: 'two' } })).toBe(wanted);
  });

  test.each([
    [
      'XML',
      '<xml><SubscribeMsgPopupEvent><List><TemplateId>one</TemplateId></List><List><TemplateId>two</TemplateId></List></SubscribeMsgPopupEvent></xml>',
    ],
    ['JSON', '{"SubscribeMsgPopupEvent":{"List":[{"TemplateId":"one"},{"TemplateId":"two"}]}}'],
  ])('fillTemplate() counts repeated elements of %s from 0', (_format, body) => {
    const read = (template: string) => fillTemplate(template, { fields: parseFields(body), groups: {} });
    expect(read('{{SubscribeMsgPopupEvent.List.1.TemplateId}}')).toBe('two');
    expect(read('{{SubscribeMsgPopupEvent.List.0.TemplateId}}')).toBe('one');
  });

  test('placeholdersOf() finds the names', () => {
    expect(placeholdersOf('{{Content}} and {{ 1 }} but not {{a b}}')).toEqual(['Content', '1']);
  });
});
