/** 服务器配置: signatures, encryption and decryption of what WeChat sends to a server. The door of this folder: what others import. */
export { judgeCallbackAddress } from './address.ts';
export { readEncodingAESKey } from './aes-key.ts';
export { decodeBase64 } from './base64.ts';
export { formatOf, parseFields } from './body.ts';
export {
  type CallbackQuery,
  type CallbackSecrets,
  type OpenedCallback,
  type VerifiedQuery,
  answerHandshake,
  openCallback,
  readCallbackQuery,
  sealReply,
  verifyQuery,
} from './callback.ts';
export { type AesKey, decodeEncodingAESKey, decryptMessage } from './message-crypto.ts';
export { signMessage, verifySignature } from './message-signature.ts';
export { appendQuery, digitsOf } from './push-query.ts';
export { type SealedPush, sealPush, senderOf, signPush } from './push.ts';
export { type CallbackReach, judgeReach } from './reach.ts';
export { checkServerUrl } from './server-url.ts';
export { joinSorted, signSorted, signUrl, sortByBytes } from './signature.ts';
export { createEncodingAESKey, encodingAESKeyRandomBytes } from './new-key.ts';
export { type EncryptionMode, type MessageFormat, modeNames, modesByName } from './mode.ts';
