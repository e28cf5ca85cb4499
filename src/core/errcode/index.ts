/** 全局返回码: what a return code says and what to do about it. The door of this folder: what others import. */
export {
  BUSY_CODES,
  DEAD_TOKEN_CODES,
  type ErrcodeDescription,
  type ErrcodeOrigin,
  describeErrcode,
} from './errcode.ts';
