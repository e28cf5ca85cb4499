/** A simulator with Alice, and short ways through web authorisation. */
import { simulate, type JsonAnswer, type Simulated } from './simulated.ts';

export const alice = 'oAlice_0000000000000000000001';

interface WebAuthorised extends Simulated {
  /** The path of the authorisation page; a value of `undefined` leaves a parameter out. */
  page(changes?: Readonly<Record<string, string | undefined>>): string;
  /** A code that Alice has given. */
  code(scope: 'snsapi_base' | 'snsapi_userinfo'): Promise<string>;
  exchange(changes?: Readonly<Record<string, string | undefined>>): Promise<JsonAnswer>;
  /** The token of a fresh code. */
  token(scope: 'snsapi_base' | 'snsapi_userinfo'): Promise<JsonAnswer>;
  refresh(refreshToken: unknown): Promise<JsonAnswer>;
  userInfo(accessToken: unknown, openid?: string): Promise<JsonAnswer>;
}

export async function webAuthorised(options: Parameters<typeof simulate>[0] = {}): Promise<WebAuthorised> {
  const world = simulate(options);
  const { appId: appid, secret } = world.account;
  await world.ask('POST', '/_ctl/settings', { open_platform: true });
  await world.ask('POST', '/_ctl/followers', { openid: alice, nickname: 'Alice', unionid: 'oUnion' });
  const page: WebAuthorised['page'] = (changes = {}) => {
    const query = {
      appid,
      redirect_uri: 'http://localhost:3000/callback?from=menu',
      response_type: 'code',
      scope: 'snsapi_userinfo',
      state: 'STATE1',
      ...changes,
    };
    return `/connect/oauth2/authorize?${queryOf(query)}`;
  };
  const code: WebAuthorised['code'] = async (scope) => {
    const url = `https://open.weixin.qq.com${page({ scope })}#wechat_redirect`;
    const { code: given } = await world.ask('POST', `/_ctl/phone/${alice}/authorize`, { url });
    return String(given);
  };
  const exchange: WebAuthorised['exchange'] = (changes = {}) =>
    world.ask(
      'GET',
      `/sns/oauth2/access_token?${queryOf({ appid, secret, grant_type: 'authorization_code', ...changes })}`,
    );
  return {
    ...world,
    page,
    code,
    exchange,
    token: async (scope) => exchange({ code: await code(scope) }),
    refresh: (token) =>
      world.ask(
        'GET',
        `/sns/oauth2/refresh_token?${queryOf({ appid, grant_type: 'refresh_token', refresh_token: String(token) })}`,
      ),
    userInfo: (token, openid = alice) =>
      world.ask('GET', `/sns/userinfo?access_token=${String(token)}&openid=${openid}&lang=zh_CN`),
  };
}

function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
