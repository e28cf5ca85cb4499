import type { EventMessage, IncomingMessage } from './message.ts';

/** Name of an event on the wire, capitals included; `undefined` for messages. */
export function eventNameOf(message: IncomingMessage): string | undefined {
  if (message.msgType === 'event') return message.wireEvent;
  return message.msgType === 'device_event' ? message.event : undefined;
}

/** Scene of the QR code that was scanned（扫描带参数二维码）: the prefix is cut once. `undefined` for other events. */
export function qrSceneOf(message: EventMessage): string | undefined {
  if (message.event === 'SCAN') return message.eventKey;
  if (message.event !== 'subscribe' || !message.eventKey?.startsWith('qrscene_')) return undefined;
  return message.eventKey.slice('qrscene_'.length);
}
