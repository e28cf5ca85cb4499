/** 网页授权 by a library that other people wrote (node-socialite, which node-easywechat uses), with its base address changed. */
import { createRequire } from 'node:module';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import type { Simulator } from '../../src/library/types.ts';
import { temporaryFolder } from '../helpers/command.ts';

const require = createRequire(import.meta.url);

interface Provider {
  /** The library has no option for it. */
  _baseUrl: string;
  scopes(scopes: readonly string[]): Provider;
  withState(state: string): Provider;
  redirect(url: string): string;
  userFromCode(code: string): Promise<{
    getId(): string;
    getNickname(): string;
    getAvatar(): string;
    getRefreshToken(): string;
  }>;
}

const page = 'https://shop.example.com/back?a=1';

async function start(): Promise<{ readonly simulator: Simulator; readonly oauth: Provider }> {
  const simulator = await createSimulator({ seed: 7 });
  onTestFinished(() => simulator.close());
  const { url, appid, secret } = simulator;
  const { OfficialAccount } = require('node-easywechat') as {
    OfficialAccount: new (config: object) => { getOAuth(): Provider };
  };
  const oauth = new OfficialAccount({
    app_id: appid,
    secret,
    file_cache: { path: temporaryFolder() },
  }).getOAuth();
  oauth._baseUrl = `${url}/sns`;
  return { simulator, oauth };
}

/** The person opens the address of the library and allows, or does not. */
async function authorize(
  { control }: Simulator,
  openid: string,
  url: string,
  allow: boolean,
): Promise<string | null> {
  const result = await control('POST', `phone/${openid}/authorize`, { url, allow });
  return (result as { readonly redirect_url: string | null }).redirect_url;
}

describe('node-easywechat', () => {
  test('learns who a person is who allows it, and each code works once', async () => {
    const { simulator, oauth } = await start();
    const { openid } = await simulator.follower({ nickname: '爱丽丝 😀' });
    const url = oauth.scopes(['snsapi_userinfo']).withState('s7').redirect(page);
    const back = new URL((await authorize(simulator, openid, url, true)) ?? '');
    expect(`${back.origin}${back.pathname}`).toBe('https://shop.example.com/back');
    expect([back.searchParams.get('a'), back.searchParams.get('state')]).toEqual(['1', 's7']);
    const code = back.searchParams.get('code') ?? '';
    const user = await oauth.userFromCode(code);
    expect([user.getId(), user.getNickname()]).toEqual([openid, '爱丽丝 😀']);
    expect(user.getRefreshToken()).toEqual(expect.any(String));
    expect((await fetch(user.getAvatar())).headers.get('content-type')).toMatch(/^image\//);
    await expect(oauth.userFromCode(code)).rejects.toThrow('code been used');
    const calls = (await simulator.requests()).filter(({ path }) => path.startsWith('/sns/'));
    expect(calls.map(({ path, errcode }) => [path, errcode])).toEqual([
      ['/sns/oauth2/access_token', null],
      ['/sns/userinfo', null],
      ['/sns/oauth2/access_token', 40163],
    ]);
  });

  test('learns the openid alone without asking, and nothing of a person who refuses', async () => {
    const { simulator, oauth } = await start();
    const { openid } = await simulator.follower();
    const base = oauth.scopes(['snsapi_base']).redirect(page);
    const code = new URL((await authorize(simulator, openid, base, true)) ?? '').searchParams.get('code');
    const user = await oauth.userFromCode(code ?? '');
    expect([user.getId(), user.getNickname()]).toEqual([openid, null]);
    const asking = oauth.scopes(['snsapi_userinfo']).redirect(page);
    expect(await authorize(simulator, openid, asking, false)).toBeNull();
  });
});
