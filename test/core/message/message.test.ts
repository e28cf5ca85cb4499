import { describe, expect, test } from 'vitest';
import { parseFields } from '../../../src/core/callback/body.ts';
import { VerificationError } from '../../../src/core/errors.ts';
import {
  type EventMessage,
  eventNameOf,
  pushNameOf,
  qrSceneOf,
  readMessage,
} from '../../../src/core/message/message.ts';
import { formatXml } from '../../../src/core/message/format-xml.ts';

const common = {
  ToUserName: 'gh_97417a04a28d',
  FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  CreateTime: 1714037059,
};
const read = (fields: Readonly<Record<string, string | number>>) =>
  readMessage(parseFields(formatXml({ ...common, ...fields })));
const readJson = (fields: object) => readMessage(parseFields(JSON.stringify({ ...common, ...fields })));
const msgId = '24534963034417921';

describe('readMessage()', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, object])[] = [
    ['text', { Content: '你好 ]]>' }, { content: '你好 ]]>' }],
    ['text', { Content: '', bizmsgmenuid: '101' }, { content: '', bizMsgMenuId: '101' }],
    ['image', { PicUrl: 'http://p/0', MediaId: 'm' }, { picUrl: 'http://p/0', mediaId: 'm' }],
    ['voice', { MediaId: 'm', Format: 'amr' }, { mediaId: 'm', format: 'amr' }],
    [
      'voice',
      { MediaId: 'm', Format: 'amr', MediaId16K: 'k', Recognition: '腾讯' },
      { mediaId: 'm', format: 'amr', mediaId16K: 'k', recognition: '腾讯' },
    ],
    ['video', { MediaId: 'm', ThumbMediaId: 't' }, { mediaId: 'm', thumbMediaId: 't' }],
    ['shortvideo', { MediaId: 'm', ThumbMediaId: 't' }, { mediaId: 'm', thumbMediaId: 't' }],
    [
      'location',
      { Location_X: '23.134521', Location_Y: '113.358800', Scale: '20', Label: '位置' },
      { latitude: '23.134521', longitude: '113.358800', scale: '20', label: '位置' },
    ],
    ['link', { Title: 't', Description: 'd', Url: 'u' }, { title: 't', description: 'd', url: 'u' }],
    [
      'miniprogrampage',
      { Title: 't', AppId: 'wx0123456789abcdef', PagePath: 'p', ThumbUrl: 'u', ThumbMediaId: 'm' },
      { title: 't', appId: 'wx0123456789abcdef', pagePath: 'p', thumbUrl: 'u', thumbMediaId: 'm' },
    ],
    [
      'device_text',
      { OpenID: 'o', DeviceID: 'd', DeviceType: 'gh', SessionID: '1', Content: 'MTIz' },
      { openId: 'o', deviceId: 'd', deviceType: 'gh', sessionId: '1', content: 'MTIz' },
    ],
  ];

  test.each(cases)(
    'readMessage() reads a message of type %s with %j from XML and JSON',
    (msgType, wire, wanted) => {
      const whole = {
        toUserName: common.ToUserName,
        fromUserName: common.FromUserName,
        createTime: common.CreateTime,
        msgType,
        msgId,
        ...wanted,
      };
      const { fields, ...message } = read({ MsgType: msgType, ...wire, MsgId: msgId });
      expect(message).toEqual(whole);
      expect(fields).toMatchObject(wire);
      const { fields: _, ...fromJson } = readJson({ MsgType: msgType, ...wire, MsgId: msgId });
      expect(fromJson).toEqual(whole);
    },
  );

  test('readMessage() keeps the id of the article a message was sent from', () => {
    expect(read({ MsgType: 'text', Content: 'a', MsgId: '1', MsgDataId: '2_3', Idx: 1 })).toMatchObject({
      msgDataId: '2_3',
      idx: '1',
    });
  });

  test('readMessage() reads an event with key and ticket, capitals kept', () => {
    expect(read({ MsgType: 'event', Event: 'SCAN', EventKey: '123', Ticket: 'T==' })).toMatchObject({
      msgType: 'event',
      event: 'SCAN',
      eventKey: '123',
      ticket: 'T==',
    });
  });

  test('readMessage() tells an empty event key from none', () => {
    expect(read({ MsgType: 'event', Event: 'subscribe', EventKey: '' })).toHaveProperty('eventKey', '');
    expect(read({ MsgType: 'event', Event: 'subscribe' })).not.toHaveProperty('eventKey');
  });

  test('readMessage() keeps what an event has besides', () => {
    const body =
      '<xml><MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><T>1</T></List><List><T>2</T></List></SubscribeMsgPopupEvent></xml>';
    expect(readMessage(parseFields(body)).fields).toMatchObject({
      SubscribeMsgPopupEvent: { List: [{ T: '1' }, { T: '2' }] },
    });
  });

  test('readMessage() reads an event of a device', () => {
    expect(read({ MsgType: 'device_event', Event: 'bind' })).toMatchObject({
      msgType: 'device_event',
      event: 'bind',
    });
  });

  test.each([
    [1, 1],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER + 1, 0],
    [-1, 0],
    [1.5, 0],
    ['soon', 0],
  ])('readMessage() reads the CreateTime %j as %d', (CreateTime, wanted) => {
    expect(readJson({ MsgType: 'text', Content: 'a', MsgId: '1', CreateTime }).createTime).toBe(wanted);
  });

  test('readMessage() keeps unknown types whole', () => {
    expect(read({ MsgType: 'hologram', MsgId: msgId, Depth: '3' })).toMatchObject({
      msgType: 'unknown',
      wireType: 'hologram',
      msgId,
      fields: { Depth: '3' },
    });
    expect(readMessage(parseFields('{"action":"CheckContainerPath"}'))).toMatchObject({
      msgType: 'unknown',
      wireType: '',
      createTime: 0,
      fields: { action: 'CheckContainerPath' },
    });
  });

  test('readMessage() accepts bare text and blanks around the words of the protocol', () => {
    expect(
      readMessage(
        parseFields('<xml><MsgType> text </MsgType><Content> a </Content><MsgId>\n1\n</MsgId></xml>'),
      ),
    ).toMatchObject({ msgType: 'text', content: ' a ', msgId: '1' });
  });

  test.each(['MsgType', 'FromUserName', 'Content', 'MsgId'])(
    'readMessage() refuses a repeated or nested %s',
    (name) => {
      const body = (value: string) =>
        `<xml><MsgType>text</MsgType><FromUserName>o</FromUserName><Content>c</Content><MsgId>1</MsgId>${value}</xml>`;
      expect(() => readMessage(parseFields(body(`<${name}>x</${name}>`)))).toThrow(VerificationError);
      const nested = body('').replace(new RegExp(`<${name}>.*</${name}>`), `<${name}><a>1</a></${name}>`);
      expect(() => readMessage(parseFields(nested))).toThrow(VerificationError);
    },
  );
});

const readName = (fields: Readonly<Record<string, string>>) => readMessage(fields);

describe('pushNameOf()', () => {
  test.each([
    [{ MsgType: 'event', Event: 'CLICK' }, 'CLICK'],
    [{ MsgType: 'event', Event: '' }, 'event'],
    [{ MsgType: 'device_event', Event: 'bind' }, 'bind'],
    [{ MsgType: 'text', Content: 'a' }, 'text'],
    [{ MsgType: 'new_type' }, 'new_type'],
    [{ MsgType: 'new_type', InfoType: 'x' }, 'new_type'],
    [{ InfoType: ' component_verify_ticket ' }, 'component_verify_ticket'],
    [{}, ''],
  ])('pushNameOf() calls %j %j', (fields, name) => {
    expect(pushNameOf(readJson(fields))).toBe(name);
  });
});

describe('eventNameOf()', () => {
  test.each([
    [{ MsgType: 'event', Event: 'CLICK' }, 'CLICK'],
    [{ MsgType: 'event', Event: 'brand_new' }, 'brand_new'],
    [{ MsgType: 'event', Event: 'FREEPUBLISHJOBFINISH' }, 'FREEPUBLISHJOBFINISH'],
    [{ MsgType: 'device_event', Event: 'bind' }, 'bind'],
    [{ MsgType: 'text', Event: 'CLICK' }, undefined],
    [{ MsgType: 'hologram', Event: 'CLICK' }, undefined],
  ])('eventNameOf() finds in %j the name %j', (fields, name) => {
    expect(eventNameOf(readName(fields))).toBe(name);
  });
});

describe('qrSceneOf()', () => {
  test.each([
    ['SCAN', '123', '123'],
    ['SCAN', 'qrscene_1', 'qrscene_1'],
    ['subscribe', 'qrscene_123', '123'],
    ['subscribe', 'qrscene_qrscene_1', 'qrscene_1'],
    ['subscribe', '', undefined],
    ['CLICK', 'qrscene_1', undefined],
  ])('qrSceneOf() finds in %s with key %j the scene %j', (event, key, scene) => {
    expect(qrSceneOf(readName({ MsgType: 'event', Event: event, EventKey: key }) as EventMessage)).toBe(
      scene,
    );
  });
});
