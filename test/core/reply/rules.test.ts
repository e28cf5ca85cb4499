import { describe, expect, test } from 'vitest';
import { parseFields } from '../../../src/core/callback/body.ts';
import { readMessage } from '../../../src/core/message/message.ts';
import { parseReply } from '../../../src/core/reply/parse.ts';
import { readReply } from '../../../src/core/reply/reply.ts';
import { checkContent } from '../../../src/core/reply/content-rules.ts';
import { showsReply, validateReply } from '../../../src/core/reply/rules.ts';
import { formatReply, formatReplyJson, replyTypes } from '../../../src/core/reply/reply.ts';
import type { PassiveReply } from '../../../src/core/reply/reply.ts';
import { loadSample, sampleSummaries } from '../../../src/simulator/push/sample-messages.ts';
import replies from '../../fixtures/replies.json' with { type: 'json' };

const sample = async (id: string) => readMessage(parseFields((await loadSample(id))?.xml ?? ''));
const message = await sample('text');
const click = await sample('menu_click');
const envelope = {
  toUserName: message.fromUserName,
  fromUserName: message.toUserName,
  createTime: 1714037059,
};
const write = (reply: PassiveReply) => formatReply(reply, envelope);
const good = write({ msgType: 'text', content: '你好' });
/** Rules, severities and places of what is wrong. */
const judge = (body: string | Uint8Array, push = message, format: 'xml' | 'json' = 'xml') =>
  validateReply(parseReply(body), push, { format }).map(({ rule, severity, field }) =>
    [rule, severity, field].filter((part) => part !== undefined).join(' '),
  );
const articles = (count: number) =>
  write({
    msgType: 'news',
    articles: Array.from({ length: count }, (_, index) => ({
      title: `t${index}`,
      description: '',
      picUrl: '',
      url: 'https://example.com/',
    })),
  });

describe('validateReply()', () => {
  test.each(replies.map(({ id, xml }) => [id, xml] as const))(
    'validateReply() finds nothing wrong with the documented %s',
    (_, xml) => {
      expect(judge(xml)).toEqual([]);
      expect(judge(Buffer.from(xml))).toEqual([]);
    },
  );

  test.each(['', 'success', '<?xml version="1.0" encoding="utf-8"?>\n' + good, `${good}\n`])(
    'validateReply() finds nothing wrong with %j',
    (body) => expect(judge(body)).toEqual([]),
  );

  test('every problem has words in both languages, without a full stop or a contraction', () => {
    const bodies = [
      '\uFEFF ' + good,
      '"success"',
      '{}',
      '<html>',
      'x',
      good.replace('text', 'Text'),
      '<xml></xml>',
    ];
    const problems = bodies.flatMap((body) => validateReply(parseReply(body), message));
    expect(problems.length).toBeGreaterThan(8);
    for (const { text, hint } of problems) {
      for (const { en, zh } of [text, hint]) {
        expect(en).not.toMatch(/\.$|\b\w+n't\b/);
        expect(zh).toMatch(/[\u4e00-\u9fff]/);
        expect(zh).not.toMatch(/。$/);
      }
    }
  });

  test.each([
    ['\n', '1 character'],
    ['\n\n', '2 characters'],
  ])('counts what stands before the XML: %j', (before, count) => {
    const [problem] = parseReply(Buffer.from(before + good)).problems;
    expect(problem?.text.en).toBe(`Blanks stand before the first "<" of the reply: ${count}`);
  });

  test.each([
    ['a byte order mark', `\uFEFF${good}`, ['bom error']],
    ['a byte order mark before success', '\uFEFFsuccess', ['bom error']],
    ['a line end before the XML', `\n${good}`, ['before-xml error']],
    ['a notice before the XML', `<b>Notice</b>: x${good}`, ['before-xml error']],
    ['a byte order mark and a line end', `\uFEFF\n${good}`, ['bom error', 'before-xml error']],
    ['quotes round success', '"success"', ['quoted error']],
    ['capitals in success', 'SUCCESS', ['letter-case error']],
    ['one capital in success', 'Success\n', ['letter-case error']],
    ['a full stop behind success', 'success.', ['success-spelling error']],
    ['quotes that differ round success', '"success\'', ['success-spelling error']],
    ['a mark and no quote behind success', 'Success;', ['success-spelling error']],
    ['a word before success', 'no success', ['not-xml error']],
    ['a word before quotes', 'x"success"', ['not-xml error']],
    ['a word behind quotes', '"success"x', ['not-xml error']],
    ['a word behind success', 'success is near', ['not-xml error']],
    ['a line end as JSON before the XML', JSON.stringify(`\n${good}`), ['quoted error']],
    ['blanks in a JSON string', `"  ${good}"`, ['quoted error']],
    ['a quote behind the XML alone', `x"${good}"`, ['before-xml error', 'not-xml error']],
    ['a page with two blanks in its head', '<!DOCTYPE  HTML><p><xml></xml>', ['html error']],
    ['a word before a fragment of HTML', 'a <b>c</b>', ['not-xml error']],
    ['XML as a JSON string', JSON.stringify(good), ['quoted error']],
    ['XML in single quotes', `'${good}'`, ['quoted error']],
    ['an object of xml2js', '{"xml":{"Encrypt":["…"]}}', ['parsed error']],
    ['an object of a form parser', JSON.stringify({ [good]: '' }), ['parsed error']],
    ['an object in words', '[object Object]', ['parsed error']],
    [
      'a response printed by PHP',
      `HTTP/1.0 200 OK\r\nCache-Control: no-cache\r\n\r\n${good}`,
      ['http-head error'],
    ],
    ['a line end after success', 'success\n', ['success-spelling warning']],
    ['a blank', ' ', ['success-spelling warning']],
    ['HTML', '<!DOCTYPE html><html></html>', ['html error']],
    ['HTML with XML in it', '<html><body><xml></xml></body></html>', ['html error']],
    ['a fragment of HTML', '<div>hello</div>', ['html error']],
    ['plain text', 'hello', ['not-xml error']],
    ['JSON', formatReplyJson({ msgType: 'text', content: 'a' }, envelope), ['json error']],
    ['broken JSON', '{"a":', ['not-xml error']],
    ['another root', '<reply></reply>', ['not-xml error']],
    ['an end tag that is missing', good.replace('</xml>', ''), ['not-xml error']],
    ['something after the reply', `${good}<!-- 1 ms -->`, ['not-xml error']],
    ['a debug bar after the reply', `${good}<script>1</script>`, ['not-xml error']],
    [
      'an empty element',
      '<xml></xml>',
      [
        'missing-field error ToUserName',
        'missing-field error FromUserName',
        'missing-field error CreateTime',
        'missing-field error MsgType',
      ],
    ],
  ])('validateReply() names %s', (_, body, wanted) => expect(judge(body)).toEqual(wanted));

  test('validateReply() names bytes that are not UTF-8', () => {
    expect(judge(Buffer.from(good, 'utf16le'))).not.toEqual([]);
    expect(judge(Buffer.from([0x3c, 0xc4, 0xe3]))).toEqual(['not-utf8 error']);
  });

  test('validateReply() names "]]>" in a text, and lets it pass where it is split', () => {
    expect(judge(good.replace('你好', 'a ]]> b'))).toEqual(['cdata-end error']);
    expect(judge(write({ msgType: 'text', content: 'a ]]> b' }))).toEqual([]);
    expect(judge(good.replace('你好', '<![CDATA[ nested'))).toEqual([]);
  });

  test('validateReply() names a bare "&", and lets entities and CDATA pass', () => {
    const bare = (text: string) => good.replace('<![CDATA[你好]]>', text);
    expect(judge(bare('a&b'))).toEqual(['ampersand error']);
    expect(judge(bare('a&nbsp;b'))).toEqual(['ampersand error']);
    expect(judge(bare('a&amp;b&#20320;&#x4f60;'))).toEqual([]);
    expect(judge(good.replace('你好', 'a&b'))).toEqual([]);
  });

  test('validateReply() names characters that XML forbids, tab and line end excepted', () => {
    expect(judge(good.replace('你好', '\u0008'))).toEqual(['control-character error']);
    expect(judge(good.replace('你好', '\uFFFF'))).toEqual(['control-character error']);
    expect(judge(good.replace('你好', '\t\r\n😀'))).toEqual([]);
  });

  test('validateReply() says of the two sides in the wrong order that they must change places', () => {
    const swapped = formatReply(
      { msgType: 'text', content: 'a' },
      { ...envelope, toUserName: message.toUserName, fromUserName: message.fromUserName },
    );
    expect(judge(swapped)).toEqual(['to-user error ToUserName', 'from-user error FromUserName']);
    const hints = validateReply(parseReply(swapped), message).map(({ hint }) => hint.en);
    expect(hints).toEqual(
      Array.from({ length: 2 }, () => 'Swap the two: the reply goes from the account to the person'),
    );
  });

  test('validateReply() names one wrong side alone', () => {
    const to = formatReply({ msgType: 'text', content: 'a' }, { ...envelope, toUserName: 'someone' });
    expect(judge(to)).toEqual(['to-user error ToUserName']);
    expect(validateReply(parseReply(to), message)[0]?.hint.en).toBe('Copy the FromUserName of the push');
    const from = formatReply({ msgType: 'text', content: 'a' }, { ...envelope, fromUserName: 'someone' });
    expect(judge(from)).toEqual(['from-user error FromUserName']);
  });

  test.each([
    ['1714037059', []],
    ['0', []],
    ['1714037059000', ['create-time-ms warning CreateTime']],
    ['171403705900', ['create-time error CreateTime']],
    ['17140370590000', ['create-time error CreateTime']],
    ['2024-04-25', ['create-time error CreateTime']],
    ['1714037059.5', ['create-time error CreateTime']],
    ['-1', ['create-time error CreateTime']],
    ['', ['missing-field error CreateTime']],
  ])('validateReply() judges the time %j', (time, wanted) => {
    expect(judge(good.replace('<CreateTime>1714037059', `<CreateTime>${time}`))).toEqual(wanted);
  });

  test('validateReply() names a type that is none, and one in capitals', () => {
    expect(judge(good.replace('[text]', '[wxcard]'))).toEqual(['msg-type error MsgType']);
    const problems = validateReply(parseReply(good.replace('[text]', '[Text]')), message);
    expect(problems.map(({ hint }) => hint.en)).toEqual(['Write it in lower case: "text"']);
  });

  test.each([
    [2048, []],
    [2049, ['content-bytes error Content']],
  ])('validateReply() counts %i bytes of text', (bytes, wanted) => {
    const content = '你'.repeat(682) + 'a'.repeat(bytes - 2046);
    expect(Buffer.byteLength(content)).toBe(bytes);
    expect(judge(write({ msgType: 'text', content }))).toEqual(wanted);
  });

  test.each([
    ['你好\\n世界', ['literal-newline warning Content']],
    ['1. a\\r\\n2. b', ['literal-newline warning Content']],
    ['Total:\\n3', ['literal-newline warning Content']],
    ['选项A:\\n苹果', ['literal-newline warning Content']],
    ['你好\n世界', []],
    ['C:\\new\\notes.txt', []],
    ['在 D:\\name 下', []],
  ])('validateReply() warns of a line break that was not made: %j', (content, wanted) => {
    expect(judge(write({ msgType: 'text', content }))).toEqual(wanted);
  });

  const complete: readonly PassiveReply[] = [
    { msgType: 'text', content: 'a' },
    { msgType: 'image', mediaId: 'm' },
    { msgType: 'voice', mediaId: 'm' },
    { msgType: 'video', mediaId: 'm' },
    { msgType: 'music', thumbMediaId: 'm' },
    { msgType: 'transfer_customer_service', kfAccount: 'a@b' },
  ];
  test.each([
    ['text', 'Content', 'Content'],
    ['image', 'MediaId', 'Image.MediaId'],
    ['voice', 'MediaId', 'Voice.MediaId'],
    ['video', 'MediaId', 'Video.MediaId'],
    ['transfer_customer_service', 'KfAccount', 'TransInfo.KfAccount'],
  ])('validateReply() wants in a reply of type %s the element %s', (msgType, name, field) => {
    const reply = complete.find((one) => one.msgType === msgType);
    const xml = write(reply as PassiveReply);
    expect(judge(xml)).toEqual([]);
    const element = new RegExp(`<${name}>.*</${name}>`);
    for (const broken of [
      '<Other>1</Other>',
      `<${name}></${name}>`,
      `<${name}><![CDATA[ ]]></${name}>`,
      `<${name}><a>1</a></${name}>`,
    ])
      expect(judge(xml.replace(element, broken))).toEqual([`missing-field error ${field}`]);
  });

  test.each([
    ['', 'warning'],
    ['<thumbMediaId>m</thumbMediaId>', 'warning'],
    ['<ThumbMediaId></ThumbMediaId>', 'error'],
    ['<ThumbMediaId><![CDATA[ ]]></ThumbMediaId>', 'error'],
    ['<ThumbMediaId><a>1</a></ThumbMediaId>', 'error'],
  ])('validateReply() takes music without a cover, but not with an empty one: %j', (element, severity) => {
    const whole = write({ msgType: 'music', thumbMediaId: 'm', title: 't' });
    expect(judge(whole)).toEqual([]);
    const reply = parseReply(whole.replace(/<ThumbMediaId>.*<\/ThumbMediaId>/, element));
    const [problem, ...others] = validateReply(reply, message);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ rule: 'missing-field', severity, field: 'Music.ThumbMediaId' });
    expect(problem?.hint.en.startsWith('Rename')).toBe(element.startsWith('<thumb'));
    // `readReply` agrees on what can be shown.
    const shown = reply.kind === 'reply' ? readReply(reply.fields) : undefined;
    expect(shown?.msgType).toBe(severity === 'warning' ? 'music' : undefined);
  });

  test('validateReply() finds a media id at the top and a name in other capitals', () => {
    const flat = write({ msgType: 'image', mediaId: 'm' }).replaceAll(/<\/?Image>\n/g, '');
    const [problem] = validateReply(parseReply(flat), message);
    expect(problem).toMatchObject({
      rule: 'missing-field',
      field: 'Image.MediaId',
      hint: { en: 'Put "MediaId" inside <Image>' },
    });
    const small = good.replaceAll('Content>', 'content>');
    expect(validateReply(parseReply(small), message)[0]?.hint.en).toBe(
      'Rename "content" to "Content": capitals count',
    );
  });

  test.each([
    ['<MediaId></MediaId>', '"Image.MediaId" is empty'],
    ['<MediaId><a>1</a></MediaId>', '"Image.MediaId" must be a single text'],
    ['<Other>1</Other>', '"Image.MediaId" is missing'],
  ])('says what is wrong with an image that holds %s', (inner, text) => {
    const whole = write({ msgType: 'image', mediaId: 'm' });
    const [problem] = validateReply(parseReply(whole.replace(/<MediaId>.*<\/MediaId>/, inner)), message);
    expect(problem).toMatchObject({ text: { en: text }, hint: { en: 'Write <MediaId> with its value' } });
  });

  test.each([
    ['', '"Image.MediaId" is missing'],
    ['<Image></Image>', '"Image.MediaId" is empty'],
    ['<Image>m</Image>', '"Image.MediaId" is empty'],
  ])('asks for the outer element where %j stands', (outer, text) => {
    const whole = write({ msgType: 'image', mediaId: 'm' }).replace(/<Image>[^]*<\/Image>/, outer);
    const [problem] = validateReply(parseReply(whole), message);
    expect(problem).toMatchObject({ text: { en: text }, hint: { en: 'Write <Image> with its value' } });
  });

  test('takes blanks round a word, and counts them in a text', () => {
    expect(judge(good.replace('[text]', '[ text ]'))).toEqual([]);
    expect(judge(write({ msgType: 'text', content: `${'a'.repeat(2048)} ` }))).toEqual([
      'content-bytes error Content',
    ]);
  });

  test('numbers the articles where there are several', () => {
    const own = { ...click, fromUserName: message.fromUserName, toUserName: message.toUserName };
    const empty = (from: string, to: string) => articles(2).replace(from, to);
    expect(judge(empty('[t1]', '[ ]'), own)).toEqual(['missing-field error Articles.item[1].Title']);
    expect(judge(empty('[https://example.com/]', '[ ]'), own)).toEqual([
      'missing-field error Articles.item[0].Url',
    ]);
  });

  test('opens an answer with more articles where the message is not known', () => {
    const reply = parseReply(articles(8));
    const fields = reply.kind === 'reply' ? reply.fields : {};
    expect(checkContent(fields)).toEqual([]);
    expect(checkContent(fields, message).map(({ rule }) => rule)).toEqual(['one-article']);
  });

  test('takes no word that is not success after a byte order mark for silence', () => {
    expect(parseReply('success').kind).toBe('none');
    expect(parseReply('\uFEFFsuccess').kind).toBe('unreadable');
  });

  test('is an envelope only without a type of its own', () => {
    expect(parseReply('<xml><Encrypt>a</Encrypt></xml>').kind).toBe('envelope');
    expect(parseReply('<xml><Encrypt>a</Encrypt><MsgType>text</MsgType></xml>').kind).toBe('reply');
  });

  test('does not read more than 256 KiB', () => {
    const long = (bytes: number) => good.replace('你好', 'a'.repeat(bytes - Buffer.byteLength(good) + 6));
    expect(parseReply(long(256 * 1024)).kind).toBe('reply');
    expect(parseReply(long(256 * 1024 + 1)).kind).toBe('unreadable');
  });

  test.each([
    ['both are the account', message.toUserName, message.toUserName, 'to-user', 'Copy the FromUserName'],
    ['both are the person', message.fromUserName, message.fromUserName, 'from-user', 'Copy the ToUserName'],
    ['a stranger writes', message.toUserName, 'x', 'to-user', 'Copy the FromUserName'],
    ['a stranger is written to', 'x', message.fromUserName, 'to-user', 'Copy the FromUserName'],
  ])('asks to copy where %s', (_who, toUserName, fromUserName, rule, hint) => {
    const xml = formatReply({ msgType: 'text', content: 'a' }, { ...envelope, toUserName, fromUserName });
    const [problem] = validateReply(parseReply(xml), message);
    expect(problem).toMatchObject({ rule, hint: { en: `${hint} of the push` } });
  });

  test('proposes for a type the same word alone', () => {
    const [problem] = validateReply(parseReply(good.replace('[text]', '[wxcard]')), message);
    expect(problem?.hint.en).toBe('Choose one of these; other messages go through the customer-service API');
  });

  test('validateReply() takes one article for a message, eight for an event', () => {
    const own = { ...click, fromUserName: message.fromUserName, toUserName: message.toUserName };
    expect(judge(articles(1))).toEqual([]);
    expect(judge(articles(2))).toEqual(['one-article error Articles']);
    expect(judge(articles(8), own)).toEqual([]);
    expect(judge(articles(9), own)).toEqual(['article-count error Articles']);
    expect(judge(articles(0), own)).toEqual(['missing-field error Articles.item']);
  });

  test('validateReply() wants the number of articles to be right, and each article whole', () => {
    expect(judge(articles(1).replace('<ArticleCount>1', '<ArticleCount>2'))).toEqual([
      'article-count error ArticleCount',
    ]);
    expect(judge(articles(1).replace(/<ArticleCount>.*\n/, ''))).toEqual([
      'missing-field error ArticleCount',
    ]);
    for (const name of ['Title', 'Description', 'PicUrl', 'Url']) {
      expect(judge(articles(1).replace(new RegExp(`<${name}>.*\n`), ''))).toEqual([
        `missing-field error Articles.item.${name}`,
      ]);
    }
  });

  test('validateReply() refuses an envelope where the push was plain', () => {
    expect(judge('<xml><Encrypt>a</Encrypt></xml>')).toEqual(['encrypted error']);
  });

  test('validateReply() warns of a reply that nobody sees', async () => {
    const view = await sample('menu_view');
    const reply = formatReply(
      { msgType: 'text', content: 'a' },
      { ...envelope, toUserName: view.fromUserName, fromUserName: view.toUserName },
    );
    expect(judge(reply, view)).toEqual(['not-shown warning']);
    expect(validateReply(parseReply(reply), view)[0]?.text.en).toBe('A reply to "VIEW" is shown to nobody');
    expect(judge('success', view)).toEqual([]);
  });

  test('validateReply() takes any object where a mini program was pushed JSON', () => {
    expect(judge('{"demo_resp":"good luck"}', message, 'json')).toEqual([]);
    const transfer = formatReplyJson({ msgType: 'transfer_customer_service' }, envelope);
    expect(judge(transfer, message, 'json')).toEqual([]);
    expect(judge(good, message, 'json')).toEqual(['not-shown warning']);
  });
});

describe('showsReply()', () => {
  test('showsReply() is true for what opens or uses the chat', async () => {
    const shown: string[] = [];
    for (const { id } of sampleSummaries) if (showsReply(await sample(id))) shown.push(id);
    expect(shown).toEqual([
      'text',
      'image',
      'voice',
      'video',
      'shortvideo',
      'location',
      'link',
      'miniprogrampage',
      'subscribe',
      'subscribe_qr',
      'scan',
      'menu_click',
      'menu_scancode_push',
      'menu_scancode_waitmsg',
      'menu_pic_sysphoto',
      'menu_pic_photo_or_album',
      'menu_pic_weixin',
      'menu_location_select',
      'user_enter_session_from_card',
      'user_scan_product_enter_session',
      'device_text',
    ]);
    expect(showsReply(message, 'json')).toBe(false);
    expect(showsReply(readMessage({ MsgType: 'text', Event: 'VIEW' }))).toBe(true);
    expect(showsReply(readMessage({ MsgType: 'event', Event: 'new_one' }))).toBe(true);
    expect(showsReply(readMessage({ MsgType: 'event', Event: 'FREEPUBLISHJOBFINISH' }))).toBe(false);
  });
});

describe('readReply()', () => {
  test.each(replies.map(({ msgType, xml }) => [msgType, xml] as const))(
    'readReply() reads the documented reply %s, and formatReply() writes it again',
    (msgType, xml) => {
      const reply = readReply(parseFields(xml));
      expect(reply?.msgType).toBe(msgType);
      expect(formatReply(reply as PassiveReply, envelope)).toBe(xml);
    },
  );

  test('all types of replies are among the samples', () => {
    expect(replies.map(({ msgType }) => msgType)).toEqual([...replyTypes]);
  });

  test.each([
    '<xml><MsgType>text</MsgType></xml>',
    '<xml><MsgType>image</MsgType><MediaId>m</MediaId></xml>',
    '<xml><MsgType>video</MsgType><Video><Title>t</Title></Video></xml>',
    '<xml><MsgType>news</MsgType><Articles><item>t</item></Articles></xml>',
    '<xml><MsgType>music</MsgType></xml>',
    '<xml><MsgType>news</MsgType></xml>',
    '<xml><MsgType>x</MsgType></xml>',
  ])('readReply() finds no reply in %s', (xml) => expect(readReply(parseFields(xml))).toBeUndefined());
});
