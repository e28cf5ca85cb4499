/** access_token and jsapi_ticket: when one is fresh, and what is stored of it. The door of this folder: what others import. */
export {
  type HistoryLine,
  type IssuedCredential,
  type StoredEntry,
  checkIssued,
  chooseEntry,
  createEntry,
  isCredentialText,
  isFresh,
  refreshMarginMs,
} from './access-token.ts';
export {
  type CredentialEndpoint,
  type CredentialKey,
  createCredentialKey,
  createOutageKey,
  credentialEndpoints,
  nameCredentialKey,
} from './credential-key.ts';
export {
  type Setback,
  createOutage,
  createRefusal,
  createUnreached,
  formatSetback,
  isCurrent,
  isLocal,
  parseSetback,
  refusalLifeMs,
  restoreError,
  shiftSetback,
} from './setback.ts';
export { formatEntry, parseEntry, shiftEntry } from './stored-entry.ts';
export { type RedisAddress, type StoreNode, parseStoreUrl } from './store-url.ts';
