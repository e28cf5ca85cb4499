/** 带参数的二维码: scenes and their bounds. The door of this folder: what others import. */
export {
  type QrScene,
  type SceneProblem,
  maxCodes,
  maxExpireSeconds,
  maxTemporarySceneId,
  parseQrRequest,
  qrRequestBody,
  validateScene,
} from './qrcode.ts';
export { type QrTicket, formatQrTicket, parseQrTicket } from './ticket.ts';
