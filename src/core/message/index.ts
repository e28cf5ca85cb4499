/** 接收消息与事件: what WeChat pushes, as XML or JSON. The door of this folder: what others import. */
export { eventNameOf, pushNameOf, qrSceneOf } from './event-name.ts';
export { eventNames } from './event.ts';
export { type FieldValue, type Fields, listField, nestedFields, textField } from './fields.ts';
export { parseJsonFields } from './json-fields.ts';
export { type EventMessage, type IncomingMessage, messageTypes, readMessage } from './message.ts';
export { writeMessage } from './writer.ts';
export type { XmlLimits } from './xml-shape.ts';
export { type XmlFields, formatXml, parseXml } from './xml.ts';
