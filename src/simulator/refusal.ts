/**
 * The platform's way of saying no: an errcode and its own English words. Never shown to people as it is;
 * `answers.ts` writes it on the wire.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly errcode: number;

  /** `errmsg` is given where the platform puts facts into its words, for example an address, and for rare codes. */
  constructor(errcode: number, errmsg: string = errmsgOf(errcode) ?? `errcode ${errcode}`) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** The words that belong to an errcode, or `undefined` for a code that the simulator does not answer by itself. */
export function errmsgOf(errcode: number): string | undefined {
  return errmsgs[errcode];
}

// Quirk: the spelling is the platform's own (全局返回码), with its mistakes.
const errmsgs: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40007: 'invalid media_id',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40020: 'invalid button url size',
  40022: 'invalid sub_menu level',
  40023: 'invalid sub button size',
  40024: 'invalid sub button type',
  40025: 'invalid sub button name size',
  40026: 'invalid sub button key size',
  40027: 'invalid sub button url size',
  40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!',
  40035: 'invalid args size',
  40052: 'invalid action name',
  40053: 'invalid action info',
  40054: 'invalid sub button url domain',
  40055: 'invalid button url domain',
  40066: 'invalid url',
  40097: 'invalid args',
  40117: 'invalid button media_id size',
  40118: 'invalid sub button media_id size',
  40119: 'invalid use button type',
  40120: 'invalid use sub button type',
  40121: 'invalid media type in view_limited',
  40125: 'invalid appsecret',
  40164: 'invalid ip, not in whitelist',
  // The official table has Chinese words only for this one and for 53600; these English ones are ours.
  40243: 'appsecret is frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41007: 'sub_menu data missing',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44002: 'empty post data',
  45009: 'reach max api daily quota limit',
  45010: 'create menu limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45048: 'menu use invalid type',
  45064: 'no permission to use weapp in menu',
  46003: 'menu no exist',
  47001: 'data format error',
  48001: 'api unauthorized',
  53600: 'invalid article_id',
  65318: 'must use utf-8 charset',
};
