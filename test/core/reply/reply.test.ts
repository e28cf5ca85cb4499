import { describe, expect, test } from 'vitest';
import { formatReply, formatReplyJson, isComplete } from '../../../src/core/reply/reply.ts';
import type { PassiveReply } from '../../../src/core/reply/reply.ts';

const envelope = {
  toUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  fromUserName: 'gh_97417a04a28d',
  createTime: 1714037059,
};
const around = (
  msgType: string,
  content: string,
): string => `<xml><ToUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></ToUserName>
<FromUserName><![CDATA[gh_97417a04a28d]]></FromUserName>
<CreateTime>1714037059</CreateTime>
<MsgType><![CDATA[${msgType}]]></MsgType>
${content}</xml>`;

describe('formatReply()', () => {
  const article = { title: 'title1', description: 'description1', picUrl: 'picurl', url: 'url' };
  const cases: readonly (readonly [PassiveReply, string])[] = [
    [{ msgType: 'text', content: '你好' }, '<Content><![CDATA[你好]]></Content>\n'],
    [{ msgType: 'image', mediaId: 'm' }, '<Image>\n<MediaId><![CDATA[m]]></MediaId>\n</Image>\n'],
    [{ msgType: 'voice', mediaId: 'm' }, '<Voice>\n<MediaId><![CDATA[m]]></MediaId>\n</Voice>\n'],
    [{ msgType: 'video', mediaId: 'm' }, '<Video>\n<MediaId><![CDATA[m]]></MediaId>\n</Video>\n'],
    [
      { msgType: 'video', mediaId: 'm', title: 't', description: 'd' },
      '<Video>\n<MediaId><![CDATA[m]]></MediaId>\n<Title><![CDATA[t]]></Title>\n<Description><![CDATA[d]]></Description>\n</Video>\n',
    ],
    [
      { msgType: 'music', thumbMediaId: 'm', title: 't', description: 'd', musicUrl: 'u', hqMusicUrl: 'h' },
      '<Music>\n<Title><![CDATA[t]]></Title>\n<Description><![CDATA[d]]></Description>\n<MusicUrl><![CDATA[u]]></MusicUrl>\n<HQMusicUrl><![CDATA[h]]></HQMusicUrl>\n<ThumbMediaId><![CDATA[m]]></ThumbMediaId>\n</Music>\n',
    ],
    [
      { msgType: 'news', articles: [article, article] },
      `<ArticleCount>2</ArticleCount>\n<Articles>\n${'<item>\n<Title><![CDATA[title1]]></Title>\n<Description><![CDATA[description1]]></Description>\n<PicUrl><![CDATA[picurl]]></PicUrl>\n<Url><![CDATA[url]]></Url>\n</item>\n'.repeat(2)}</Articles>\n`,
    ],
    [{ msgType: 'transfer_customer_service' }, ''],
    [{ msgType: 'transfer_biz_ai_ivr' }, ''],
    [
      { msgType: 'transfer_customer_service', kfAccount: 'test1@test' },
      '<TransInfo>\n<KfAccount><![CDATA[test1@test]]></KfAccount>\n</TransInfo>\n',
    ],
  ];

  test.each(cases)('formatReply() writes %j as the platform documents it', (reply, content) => {
    expect(formatReply(reply, envelope)).toBe(around(reply.msgType, content));
  });
});

describe('formatReplyJson()', () => {
  test('formatReplyJson() writes one object with the names on the wire', () => {
    expect(formatReplyJson({ msgType: 'transfer_customer_service' }, envelope)).toBe(
      '{"ToUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","FromUserName":"gh_97417a04a28d","CreateTime":1714037059,"MsgType":"transfer_customer_service"}',
    );
  });
});

describe('isComplete()', () => {
  const article = { title: 't', description: '', picUrl: '', url: 'u' };
  const cases: readonly (readonly [boolean, PassiveReply])[] = [
    [true, { msgType: 'text', content: 'a' }],
    [false, { msgType: 'text', content: ' \n' }],
    [true, { msgType: 'image', mediaId: 'm' }],
    [false, { msgType: 'image', mediaId: ' ' }],
    [false, { msgType: 'voice', mediaId: ' ' }],
    [true, { msgType: 'video', mediaId: 'm' }],
    [false, { msgType: 'video', mediaId: ' ' }],
    [true, { msgType: 'music', thumbMediaId: 'm' }],
    [true, { msgType: 'music', thumbMediaId: undefined }],
    [false, { msgType: 'music', thumbMediaId: ' ' }],
    [true, { msgType: 'news', articles: [article, article] }],
    [false, { msgType: 'news', articles: [article, { ...article, title: ' ' }] }],
    [false, { msgType: 'news', articles: [{ ...article, url: ' ' }, article] }],
    [true, { msgType: 'transfer_customer_service' }],
    [true, { msgType: 'transfer_biz_ai_ivr' }],
  ];

  test.each(cases)('is %s for %j', (complete, reply) => expect(isComplete(reply)).toBe(complete));
});
