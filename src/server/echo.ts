import { type EventMessage, type IncomingMessage, nestedFields, qrSceneOf } from '../core/message/index.ts';
import { isComplete, type PassiveReply } from '../core/reply/index.ts';
import type { ChooseReply } from './answering.ts';

/** What a server says to a push: a reply, or one of the two ways of showing nothing. */
export type Chosen = PassiveReply | 'success' | '';

/**
 * The echo server's answer to a push: what was sent comes back, as far as a reply can carry it. Media come back under
 * the id they came with. Pushes in JSON come from mini programs, whose people are shown no replies（小程序没有被动回复）.
 */
export const echo = ((message, { format }) => {
  if (format === 'json') return 'success';
  const answer = echoMessage(message);
  return typeof answer === 'string' || isComplete(answer) ? answer : 'success';
}) satisfies ChooseReply;

function echoMessage(message: IncomingMessage): Chosen {
  switch (message.msgType) {
    case 'text':
      return text(message.content);
    case 'image':
      return { msgType: 'image', mediaId: message.mediaId };
    case 'voice':
      return { msgType: 'voice', mediaId: message.mediaId };
    case 'video':
    case 'shortvideo':
      return { msgType: 'video', mediaId: message.mediaId };
    case 'location':
      return text(
        [message.label, `${message.latitude},${message.longitude}`].filter((part) => part !== '').join(' '),
      );
    case 'link':
      return text([message.title, message.url].filter((part) => part !== '').join(' '));
    case 'event':
      return echoEvent(message);
    case 'miniprogrampage':
    case 'device_text':
    case 'device_event':
    case 'unknown':
      return 'success';
  }
}

/** Only these events show an answer; the others open something else or come when nobody is looking. */
function echoEvent(message: EventMessage): Chosen {
  switch (message.event) {
    case 'subscribe':
    case 'SCAN': {
      const scene = qrSceneOf(message);
      return text(scene === undefined ? message.event : `${message.event} ${scene}`);
    }
    case 'CLICK':
    case 'pic_sysphoto':
    case 'pic_photo_or_album':
    case 'pic_weixin':
    case 'location_select':
      return text(`${message.event} ${message.eventKey ?? ''}`.trimEnd());
    case 'scancode_push':
    case 'scancode_waitmsg': {
      const result = nestedFields(message.fields, 'ScanCodeInfo')?.['ScanResult'];
      const scanned = typeof result === 'string' ? result : '';
      return text([message.event, message.eventKey ?? '', scanned].filter((part) => part !== '').join(' '));
    }
    default:
      return 'success';
  }
}

function text(content: string): Chosen {
  return { msgType: 'text', content };
}
