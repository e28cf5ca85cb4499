/** 全局返回码: what a return code says and what to do about it. The door of this folder: what others import. */
export { readAllCodes, readCodes, readPartByPart } from './codes.ts';
export {
  type ErrcodeDescription,
  type ErrcodeOrigin,
  describeErrcode,
  describeFrom,
  findIp,
  originOf,
  placeNamed,
  splitErrmsg,
} from './describe.ts';
export { BUSY_CODES, DEAD_TOKEN_CODES } from './errcode.ts';
