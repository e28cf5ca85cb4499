/** Who an account is: AppID and AppSecret, kinds of account and what each may call, places in the console. The door of this folder: what others import. */
export { describeOddSecret, parseAppId, parseCallbackToken, parseEncodingAESKey } from './account.ts';
export {
  baseOfHost,
  defaultApiBase,
  isLoopbackBase,
  isLoopbackHost,
  isPrivateHost,
  isWeixinHost,
  parseApiBase,
} from './api-base.ts';
export {
  AuthorizeRefusal,
  type AuthorizeRequest,
  type WebScope,
  adviseOnAuthorizeUrl,
  authorizePath,
  isAuthorizeUrl,
  isCutShort,
  parseAuthorizeQuery,
} from './authorize-url.ts';
export { consolePlaces, fillInPlaces } from './console-places.ts';
export { type IpBlock, isInBlock, parseIpAddress, parseIpBlock, plainAddress } from './ip-address.ts';
export { type CredentialKind, readCredential } from './pasted-credential.ts';
export { isCallbackToken, isEncodingAESKey, isPlainCredential } from './plain-credential.ts';
export {
  type AccountType,
  accountTypeNames,
  accountTypes,
  callersOf,
  describeRight,
  whoMayCall,
  findRight,
  mayCall,
} from './rights.ts';
