import { describe, expect, test } from 'vitest';
import { parseFields } from '../../../src/core/callback/callback.ts';
import type { EventMessage, EventName } from '../../../src/core/message/event.ts';
import { VerificationError } from '../../../src/core/errors.ts';
import { readMessage } from '../../../src/core/message/message.ts';

const xml = (event: string, inner: string): EventMessage => {
  const message = readMessage(
    parseFields(`<xml><MsgType>event</MsgType><Event>${event}</Event>${inner}</xml>`),
  );
  if (message.msgType !== 'event') throw new Error('no event');
  return message;
};
const json = (fields: object): EventMessage => {
  const message = readMessage(parseFields(JSON.stringify({ MsgType: 'event', ...fields })));
  if (message.msgType !== 'event') throw new Error('no event');
  return message;
};
/** Narrowed as a user of the type would. */
function as<Name extends EventName>(
  name: Name,
  message: EventMessage,
): Extract<EventMessage, { event: Name }> {
  expect(message.event).toBe(name);
  return message as Extract<EventMessage, { event: Name }>;
}

describe('readEvent()', () => {
  const entry = { TemplateId: 't', SubscribeStatusString: 'accept', PopupScene: '2' };
  const wanted = { templateId: 't', subscribeStatusString: 'accept', popupScene: '2' };
  const inXml =
    '<List><TemplateId>t</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List>';
  test.each([
    [
      'one element',
      xml('subscribe_msg_popup_event', `<SubscribeMsgPopupEvent>${inXml}</SubscribeMsgPopupEvent>`),
      1,
    ],
    [
      'repeated elements',
      xml('subscribe_msg_popup_event', `<SubscribeMsgPopupEvent>${inXml}${inXml}</SubscribeMsgPopupEvent>`),
      2,
    ],
    ['an object', json({ Event: 'subscribe_msg_popup_event', List: entry }), 1],
    ['an array', json({ Event: 'subscribe_msg_popup_event', List: [entry, entry] }), 2],
    [
      'numbers in an array',
      json({ Event: 'subscribe_msg_popup_event', List: [{ ...entry, PopupScene: 2 }] }),
      1,
    ],
    ['no list', json({ Event: 'subscribe_msg_popup_event' }), 0],
    ['an empty array', json({ Event: 'subscribe_msg_popup_event', List: [] }), 0],
    ['texts instead', json({ Event: 'subscribe_msg_popup_event', List: ['a'] }), 0],
  ])('readEvent() reads the list of a subscription event from %s', (_, message, count) => {
    expect(as('subscribe_msg_popup_event', message).list).toEqual(
      Array.from({ length: count }, () => wanted),
    );
  });

  test('readEvent() keeps ids of 64 bits exact', () => {
    const message = json({ Event: 'subscribe_msg_sent_event', List: { MsgID: '1864323726461255680' } });
    expect(as('subscribe_msg_sent_event', message).list).toEqual([{ msgId: '1864323726461255680' }]);
    const bare = parseFields(
      '{"MsgType":"event","Event":"subscribe_msg_sent_event","List":{"MsgID":1864323726461255681}}',
    );
    expect(readMessage(bare)).toMatchObject({ list: [{ msgId: '1864323726461255681' }] });
  });

  test('readEvent() reads repeated texts, and details inside details', () => {
    const failed = xml(
      'PUBLISHJOBFINISH',
      '<PublishEventInfo><publish_id>1</publish_id><fail_idx>1</fail_idx><fail_idx>3</fail_idx></PublishEventInfo>',
    );
    expect(as('PUBLISHJOBFINISH', failed).publishEventInfo).toEqual({
      publishId: '1',
      failIdx: ['1', '3'],
      articleDetail: [],
    });
    const beacons = '<AroundBeacons><AroundBeacon><Major>1</Major></AroundBeacon></AroundBeacons>';
    expect(as('ShakearoundUserShake', xml('ShakearoundUserShake', beacons)).aroundBeacons).toEqual([
      { major: '1' },
    ]);
  });

  test('readEvent() knows an event by the name that older documentation has', () => {
    const message = xml(
      'FREEPUBLISHJOBFINISH',
      '<PublishEventInfo><publish_id>1</publish_id></PublishEventInfo>',
    );
    expect(as('PUBLISHJOBFINISH', message).publishEventInfo?.publishId).toBe('1');
    expect(message.wireEvent).toBe('FREEPUBLISHJOBFINISH');
  });

  test.each([
    ['OpenID', 'AppID'],
    ['openid', 'appid'],
  ])('readEvent() finds the person under %s', (openId, appId) => {
    const message = json({ Event: 'user_info_modified', [openId]: 'o', [appId]: 'wx' });
    expect(as('user_info_modified', message)).toMatchObject({ openId: 'o', appId: 'wx' });
  });

  test('readEvent() takes the id of what was sent for no id of the event', () => {
    const message = as('TEMPLATESENDJOBFINISH', xml('TEMPLATESENDJOBFINISH', '<MsgID>200163836</MsgID>'));
    expect(message.sentMsgId).toBe('200163836');
    expect(message).not.toHaveProperty('msgId');
  });

  test.each(['brand_new', 'click', '', 'toString', '__proto__', 'constructor'])(
    'readEvent() keeps the unknown event %j whole',
    (name) => {
      const message = json({ Event: name, EventKey: 'k', Anything: { deep: ['1', '2'] } });
      expect(message).toMatchObject({ event: 'unknown', wireEvent: name, eventKey: 'k' });
      expect(message.fields['Anything']).toEqual({ deep: ['1', '2'] });
    },
  );

  test('readEvent() leaves what has another form than documented to the fields', () => {
    const message = as(
      'scancode_push',
      json({ Event: 'scancode_push', ScanCodeInfo: 'text', EventKey: { a: '1' } }),
    );
    expect(message).not.toHaveProperty('scanCodeInfo');
    expect(message).not.toHaveProperty('eventKey');
    expect(message.fields).toMatchObject({ ScanCodeInfo: 'text', EventKey: { a: '1' } });
    expect(as('LOCATION', json({ Event: 'LOCATION', Latitude: ['1', '2'] }))).not.toHaveProperty('latitude');
  });

  test('readEvent() refuses an event whose name is no text', () => {
    expect(() => json({ Event: { a: '1' } })).toThrow(VerificationError);
    expect(() => json({ Event: ['a', 'b'] })).toThrow(VerificationError);
  });
});
