import type { EventMessage, IncomingMessage } from './message.ts';

/**
 * What a push is called on the wire: `Event`, `MsgType`, or `InfoType`, which pushes about authorisations have instead.
 * Empty where it has none of them, as in the path check of cloud hosting.
 */
export function pushNameOf(message: IncomingMessage): string {
  const event = eventNameOf(message);
  if (event !== undefined && event !== '') return event;
  if (message.msgType !== 'unknown') return message.msgType;
  const { InfoType: info } = message.fields;
  return message.wireType !== '' || typeof info !== 'string' ? message.wireType : info.trim();
}

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
