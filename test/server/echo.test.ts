import { describe, expect, test } from 'vitest';
import { parseFields } from '../../src/core/callback/body.ts';
import { readMessage } from '../../src/core/message/message.ts';
import { echo } from '../../src/server/echo.ts';

const read = (fields: object) =>
  readMessage(parseFields(JSON.stringify({ FromUserName: 'o', CreateTime: 1, MsgId: '1', ...fields })));
const text = (content: string) => ({ msgType: 'text', content });

describe('echo()', () => {
  test.each([
    [{ MsgType: 'text', Content: '你好' }, text('你好')],
    [{ MsgType: 'text', Content: '' }, 'success'],
    [
      { MsgType: 'image', MediaId: 'm' },
      { msgType: 'image', mediaId: 'm' },
    ],
    [
      { MsgType: 'voice', MediaId: 'm' },
      { msgType: 'voice', mediaId: 'm' },
    ],
    [
      { MsgType: 'voice', MediaId: 'm', Recognition: '' },
      { msgType: 'voice', mediaId: 'm' },
    ],
    [
      { MsgType: 'video', MediaId: 'm' },
      { msgType: 'video', mediaId: 'm' },
    ],
    [
      { MsgType: 'shortvideo', MediaId: 'm' },
      { msgType: 'video', mediaId: 'm' },
    ],
    [
      { MsgType: 'location', Location_X: '23.1', Location_Y: '113.3', Label: '位置' },
      text('位置 23.1,113.3'),
    ],
    [{ MsgType: 'location', Location_X: '23.1', Location_Y: '113.3' }, text('23.1,113.3')],
    [{ MsgType: 'link', Title: 't', Url: 'u' }, text('t u')],
    [{ MsgType: 'link' }, 'success'],
    [{ MsgType: 'image' }, 'success'],
    [{ MsgType: 'voice', MediaId: ' ' }, 'success'],
    [{ MsgType: 'video' }, 'success'],
    [{ MsgType: 'miniprogrampage' }, 'success'],
    [{ MsgType: 'device_text', Content: 'x' }, 'success'],
    [{ MsgType: 'device_event', Event: 'bind' }, 'success'],
    [{ MsgType: 'hologram' }, 'success'],
    [{ MsgType: 'event', Event: 'subscribe', EventKey: '' }, text('subscribe')],
    [{ MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_7' }, text('subscribe 7')],
    [{ MsgType: 'event', Event: 'SCAN', EventKey: '7' }, text('SCAN 7')],
    [{ MsgType: 'event', Event: 'CLICK', EventKey: 'k' }, text('CLICK k')],
    [
      { MsgType: 'event', Event: 'scancode_waitmsg', EventKey: '6', ScanCodeInfo: { ScanResult: '2' } },
      text('scancode_waitmsg 6 2'),
    ],
    [{ MsgType: 'event', Event: 'scancode_push' }, text('scancode_push')],
    [{ MsgType: 'event', Event: 'pic_weixin', EventKey: '6' }, text('pic_weixin 6')],
    [{ MsgType: 'event', Event: 'VIEW', EventKey: 'http://a/' }, 'success'],
    [{ MsgType: 'event', Event: 'unsubscribe' }, 'success'],
    [{ MsgType: 'event', Event: 'LOCATION' }, 'success'],
    [{ MsgType: 'event', Event: 'TEMPLATESENDJOBFINISH' }, 'success'],
  ])('echo() answers %j with %j', (fields, answer) => {
    expect(echo(read(fields), { format: 'xml', encrypted: false })).toEqual(answer);
  });

  test('echo() shows nothing in a mini program, where no reply exists', () => {
    expect(echo(read({ MsgType: 'text', Content: '你好' }), { format: 'json', encrypted: false })).toBe(
      'success',
    );
  });
});
