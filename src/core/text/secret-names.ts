/** Names whose value is secret, as sources of patterns: who hides one of them hides all. */

/**
 * How they end: access_token, component_access_token, refresh_token, appsecret, js_code, EncodingAESKey, aes_key,
 * callbackToken, WECHAT_MP_APPSECRET.
 */
export const credentialNames = '(?:(?:access|refresh|callback)_?token|secret|js_code|aes_?key)';

/** Whole, with ticket, jsapi_ticket and api_ticket. The beginning is bounded: a text without delimiters must not cost more. */
export const secretNames = `(?:[\\w-]{0,40}${credentialNames}|(?:[\\w-]{0,40}_)?ticket)`;

/** Most texts name nothing secret, and one look costs a tenth of the patterns. */
export function mayNameSecret(text: string): boolean {
  return /token|secret|ticket|js_code|aes_?key/i.test(text);
}

/** `AppSecret`, `app_secret` and `APP-SECRET` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
