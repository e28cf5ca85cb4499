/** 接收消息与事件: what WeChat pushes, as XML or JSON. The door of this folder: what others import. */
export { eventNames, isDocumentedEvent } from './event.ts';
export { type FieldValue, type Fields, isFields, listField, nestedFields, textField } from './fields.ts';
export { parseJsonFields } from './json-fields.ts';
export {
  type EventMessage,
  type IncomingMessage,
  eventNameOf,
  messageTypes,
  pushNameOf,
  qrSceneOf,
  readMessage,
} from './message.ts';
export { writeMessage } from './writer.ts';
export { type XmlFields, formatXml } from './format-xml.ts';
export { type XmlLimits, parseXml } from './xml.ts';
