/** access_token and ticket of other libraries: where they lie in Redis, and in what form. The door of this folder. */
export { type LayoutChoice, parseLayout, splitFolder } from './choice.ts';
export {
  type ForeignKey,
  type LayoutName,
  type Owner,
  layoutNames,
  libraryOf,
  needsSecret,
  recogniseKey,
  redisLayouts,
  scanPattern,
  ticketKey,
  tokenKeys,
  usualPrefixes,
  writingOf,
} from './layout.ts';
export { type Codec, type Obstacle, readForeignValue } from './value.ts';
