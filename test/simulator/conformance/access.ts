import { simulate, type Simulated } from '../simulated.ts';
import type { Samples } from './sample.ts';

/** What `o1` has allowed in full, on a page that WeChat shows as a snapshot: the answer with every field. */
async function token({ ask, account }: Simulated): Promise<Readonly<Record<string, unknown>>> {
  const url = `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${account.appId}&redirect_uri=http%3A%2F%2Flocalhost%2F&response_type=code&scope=snsapi_userinfo#wechat_redirect`;
  const { code } = await ask('POST', '/_ctl/phone/o1/authorize', { url, snapshot: true });
  return ask(
    'GET',
    `/sns/oauth2/access_token?appid=${account.appId}&secret=${account.secret}&code=${String(code)}&grant_type=authorization_code`,
  );
}

const asThePerson =
  (path: string) =>
  async (world: Simulated): Promise<unknown> => {
    const { access_token: value, openid } = await token(world);
    return world.ask('GET', `${path}?access_token=${String(value)}&openid=${String(openid)}&lang=zh_CN`);
  };

/** Web authorisation, and the check of the callback address. */
export const accessSamples: Samples = {
  '/connect/oauth2/authorize': { isBinary: true },
  '/sns/oauth2/access_token': { call: token },
  '/sns/oauth2/refresh_token': {
    call: async (world) => {
      const { refresh_token: value } = await token(world);
      const path = `/sns/oauth2/refresh_token?appid=${world.account.appId}&grant_type=refresh_token&refresh_token=`;
      return world.ask('GET', path + String(value));
    },
  },
  '/sns/userinfo': { call: asThePerson('/sns/userinfo') },
  '/sns/auth': { call: asThePerson('/sns/auth') },
  '/cgi-bin/callback/check': {
    call: async () => {
      const world = simulate({
        callback: { url: 'http://127.0.0.1:3000/wechat' },
        openFetch: async () => async () => ({ status: 200, headers: {}, body: Buffer.from('') }),
      });
      const body = { action: 'all', check_operator: 'DEFAULT' };
      return world.ask('POST', await world.path('/cgi-bin/callback/check'), body);
    },
  },
};
