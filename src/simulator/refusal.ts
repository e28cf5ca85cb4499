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
  40003: 'invalid openid',
  40007: 'invalid media_id',
  40008: 'invalid message type',
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
  40032: 'invalid openid list size',
  40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!',
  40035: 'invalid args size',
  40052: 'invalid action name',
  40053: 'invalid action info',
  40054: 'invalid sub button url domain',
  40055: 'invalid button url domain',
  40066: 'invalid url',
  40092: 'invalid remark name',
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
  44003: 'empty news data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45010: 'create menu limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  45048: 'menu use invalid type',
  45056: 'too many tag now, no need to add new',
  45057: "can't delete the tag that has too many fans",
  45058: "can't modify sys tag",
  45059: 'can not tagging one user too much',
  45064: 'no permission to use weapp in menu',
  45072: 'invalid command',
  45080: 'need sending message to user, or recving message from user in the last 30 seconds before typing',
  45081: 'you are already typing',
  45157: 'invalid tag name',
  45158: 'tag name too long',
  45159: 'invalid tag id',
  46003: 'menu no exist',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
  48006: 'forbid to clear quota because of reaching the limit',
  53600: 'invalid article_id',
  65301: 'this menu is not conditionalmenu',
  65302: 'no such user',
  65303: 'there is no selfmenu, please create selfmenu first',
  65304: 'match rule empty',
  65316: 'domain count reach limit',
  65318: 'must use utf-8 charset',
  65320: 'match rule violates privacy',
  76001: 'rid not found',
  76002: 'invalid rid',
  // The official table has Chinese words only for this one and the last three; these English ones are ours.
  76004: 'rid expired, only rids of the last 7 days are kept',
  76021: 'cgi_path not found',
  // Quirk: the comma is a Chinese one.
  76022: 'could not use this cgi_path，no permission',
  9410010: 'long_data size out of limit',
  9410011: 'expire_seconds out of limit',
  9410012: 'short_key not found or expired',
};
