/**
 * Client libraries that other people wrote for the real platform, with nothing but their base address changed, against
 * a simulator behind a real port. What they did is read where a person would see it: in the chat, in the list of codes.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import type { Simulator } from '../../src/library/types.ts';
import { signJssdk } from '../../src/core/jssdk/jssdk.ts';
import { readQr } from '../e2e/qr-readers.ts';
import { temporaryFolder } from '../helpers/command.ts';
import type { Client } from './client.ts';
import { createCoWechatApi } from './co-wechat-api.ts';
import { createEasyWechat } from './node-easywechat.ts';
import { readmes, recipeOf } from './recipe.ts';
import { createWechatApi } from './wechat-api.ts';

const ok = expect.objectContaining({ errcode: 0, errmsg: 'ok' });

const menu = {
  button: [
    { type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC' },
    { name: '菜单', sub_button: [{ type: 'view', name: '搜索', url: 'http://www.soso.com/' }] },
  ],
};

/** As `menu/get` reads it back. */
const storedButtons = [
  { type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC', sub_button: [] },
  {
    name: '菜单',
    sub_button: [{ type: 'view', name: '搜索', url: 'http://www.soso.com/', sub_button: [] }],
  },
];

describe.each([
  // Its second attempt is made with the same token.
  ['wechat-api', createWechatApi, { replaced: [40001, 40001], expired: [42001] }],
  ['co-wechat-api', createCoWechatApi, { replaced: [40001, null], expired: [42001, null] }],
  ['node-easywechat', createEasyWechat, { replaced: [40001], expired: [42001] }],
])('%s', (library, createClient, attempts) => {
  test('is set up by what both READMEs say', () => {
    const [english, chinese] = readmes.map((readme) => recipeOf(library, 'http://[::1]:1', readme));
    expect(english).toContain('http://[::1]:1');
    expect(chinese).toBe(english);
  });

  async function start(): Promise<{ readonly simulator: Simulator; readonly client: Client }> {
    const simulator = await createSimulator({ seed: 7 });
    onTestFinished(() => simulator.close());
    return { simulator, client: createClient(simulator, temporaryFolder()) };
  }

  const refusal = (errcode: number, errmsg: string) =>
    expect.objectContaining({ errcode, message: expect.stringMatching(new RegExp(`^${errmsg} .*rid: `)) });

  test('fetches a token once and uses it', async () => {
    const { simulator, client } = await start();
    expect(await client.token()).toMatch(/^SIM_[\w-]{132}$/);
    await client.followers();
    await client.followers();
    const requests = await simulator.requests();
    expect(requests.map(({ path, errcode }) => [path.replace('stable_', ''), errcode])).toEqual([
      ['/cgi-bin/token', null],
      ['/cgi-bin/user/get', null],
      ['/cgi-bin/user/get', null],
    ]);
  });

  test('reports a wrong AppSecret with the words of the platform', async () => {
    const { simulator } = await start();
    const client = createClient({ ...simulator, secret: '0'.repeat(32) }, temporaryFolder());
    await expect(client.token()).rejects.toThrow('invalid appsecret');
  });

  test.each(['replaced', 'expired'] as const)('does what it does about a token that is %s', async (end) => {
    const { simulator, client } = await start();
    await client.token();
    await (end === 'expired' ? simulator.advance('2h') : replaceTokens(simulator));
    const wanted = attempts[end];
    const last = wanted.at(-1);
    if (last === null) expect(await client.followers()).toMatchObject({ total: 0 });
    else await expect(client.followers()).rejects.toMatchObject({ errcode: last });
    const made = (await simulator.requests()).filter(({ path }) => path === '/cgi-bin/user/get');
    expect(made.map(({ errcode }) => errcode)).toEqual(wanted);
  });

  test('publishes, reads and deletes the menu that a person sees', async () => {
    const { simulator, client } = await start();
    const { openid } = await simulator.follower();
    await expect(client.menu()).rejects.toMatchObject(refusal(46003, 'menu no exist'));
    expect(await client.createMenu(menu)).toEqual(ok);
    expect(await client.menu()).toEqual({ menu: { button: storedButtons } });
    expect(await client.liveMenu()).toMatchObject({ is_menu_open: 1, selfmenu_info: { button: [{}, {}] } });
    expect((await simulator.phone(openid).chat()).menu).toEqual(storedButtons);
    expect(await client.deleteMenu()).toEqual(ok);
    expect((await simulator.phone(openid).chat()).menu).toBeNull();
    await expect(client.createMenu({ button: [] })).rejects.toMatchObject(
      refusal(40016, 'invalid button size'),
    );
  });

  test('makes a conditional menu for some people and deletes it', async () => {
    const { simulator, client } = await start();
    const { openid } = await simulator.follower({ client_platform_type: 2 });
    await client.createMenu(menu);
    const button = [{ type: 'view', name: '安卓', url: 'https://example.com/' }];
    const made = await client.addConditionalMenu({ button, matchrule: { client_platform_type: '2' } });
    const { menuid } = made as { menuid: string };
    expect(await client.tryMenu(openid)).toMatchObject({ button: [{ name: '安卓' }] });
    expect((await simulator.phone(openid).chat()).menu).toMatchObject([{ name: '安卓' }]);
    expect(await client.deleteConditionalMenu(menuid)).toEqual(ok);
    expect((await simulator.phone(openid).chat()).menu).toEqual(storedButtons);
  });

  test.each([
    ['a temporary code', 123, { scene_id: 123, permanent: false }],
    ['a temporary code with a text', 'shop 七', { scene_str: 'shop 七', permanent: false }],
    ['a permanent code', 100_000, { scene_id: 100_000, permanent: true }],
    ['a permanent code with a text', 'shop-7', { scene_str: 'shop-7', permanent: true }],
  ])('makes %s that a phone scans', async (_kind, scene, { permanent, ...key }) => {
    const { simulator, client } = await start();
    const { openid } = await simulator.follower();
    const made = await (permanent ? client.permanentCode(scene) : client.temporaryCode(scene, 604_800));
    expect(made).toEqual({
      ticket: expect.stringMatching(/^gQ/),
      url: expect.stringMatching(/^http:\/\/weixin\.qq\.com\/q\//),
      ...(!permanent && { expire_seconds: 604_800 }),
    });
    const { ticket, url } = made as { ticket: string; url: string };
    expect((await simulator.state()).qrcodes.newest).toMatchObject([{ ...key, permanent, ticket, url }]);
    const picture = await fetch(client.codePicture(ticket));
    expect(picture.status).toBe(200);
    expect(await readQr(new Uint8Array(await picture.arrayBuffer()))).toEqual([url, url]);
    const { pushes } = await simulator.phone(openid).scan({ url });
    expect(pushes).toMatchObject([{ event: 'SCAN', event_key: String(scene) }]);
  });

  test('is refused a scene that the platform does not take', async () => {
    const { client } = await start();
    await expect(client.permanentCode(100_001)).rejects.toMatchObject(refusal(40053, 'invalid action info'));
  });

  test('signs a page, and the page passes', async () => {
    const { simulator, client } = await start();
    const url = 'https://example.com/a?x=1';
    const ticket = await client.jsapiTicket();
    const { appId, timestamp, nonceStr, signature } = await client.jssdkConfig(url);
    expect(signature).toBe(signJssdk({ ticket, nonceStr, timestamp, url }));
    const check = (page: string) =>
      simulator.control('POST', 'jssdk', { appId, timestamp, nonceStr, signature, url: page });
    expect(await check(url)).toMatchObject({ ok: true });
    expect(await check(`${url}0`)).toMatchObject({ ok: false });
    const asked = (await simulator.requests()).filter(({ path }) => path === '/cgi-bin/ticket/getticket');
    expect(asked).toHaveLength(1);
  });

  test('lists and describes people, and gives them a remark', async () => {
    const { simulator, client } = await start();
    const alice = await simulator.follower({ openid: 'oAlice_0000000000000000000001' });
    const bob = await simulator.follower({ openid: 'oBob_000000000000000000000002' });
    const openids = [alice.openid, bob.openid];
    expect(await client.followers()).toEqual({
      total: 2,
      count: 2,
      data: { openid: openids },
      next_openid: bob.openid,
    });
    expect(await client.remark(alice.openid, '爱丽丝')).toEqual(ok);
    expect(await client.user(alice.openid)).toMatchObject({
      subscribe: 1,
      openid: alice.openid,
      remark: '爱丽丝',
      tagid_list: [],
    });
    expect(await client.users(openids)).toMatchObject({
      user_info_list: [{ remark: '爱丽丝' }, { openid: bob.openid, remark: '' }],
    });
    await simulator.phone(bob.openid).unfollow();
    expect(await client.user(bob.openid)).toEqual({ subscribe: 0, openid: bob.openid });
    await expect(client.user('nobody')).rejects.toMatchObject(refusal(40003, 'invalid openid'));
  });

  test('makes, renames and deletes a tag, and puts people into it', async () => {
    const { simulator, client } = await start();
    const { openid } = await simulator.follower();
    const made = (await client.createTag('广东')) as { tag: { id: number } };
    expect(made).toEqual({ tag: { id: expect.any(Number), name: '广东' } });
    const { id } = made.tag;
    expect(await client.tag(id, [openid])).toEqual(ok);
    expect(await client.taggedUsers(id)).toMatchObject({ count: 1, data: { openid: [openid] } });
    expect(await client.tagsOf(openid)).toEqual({ tagid_list: [id] });
    expect(await client.renameTag(id, '广西')).toEqual(ok);
    expect(await client.tags()).toMatchObject({
      tags: expect.arrayContaining([{ id, name: '广西', count: 1 }]),
    });
    expect(await client.untag(id, [openid])).toEqual(ok);
    expect(await client.tagsOf(openid)).toEqual({ tagid_list: [] });
    expect(await client.deleteTag(id)).toEqual(ok);
    await expect(client.tag(id, [openid])).rejects.toMatchObject({ errcode: 45159 });
  });

  test('sends messages that appear in the chat, and none to somebody who has been silent', async () => {
    const { simulator, client } = await start();
    const { openid } = await simulator.follower({ subscribed: false });
    await expect(client.sendText(openid, '太早了')).rejects.toMatchObject({ errcode: 45015 });
    await simulator.phone(openid).follow();
    const article = {
      title: '标题',
      description: 'b',
      url: 'https://example.com/',
      picurl: 'https://c.cn/p',
    };
    expect(await client.sendText(openid, '你好 😀 <a href="https://example.com/">hi</a>')).toEqual(ok);
    expect(await client.sendNews(openid, [article])).toEqual(ok);
    const { messages } = await simulator.phone(openid).chat();
    expect(messages.filter(({ origin }) => origin === 'custom').map(({ content }) => content)).toEqual([
      { type: 'text', text: '你好 😀 <a href="https://example.com/">hi</a>' },
      {
        type: 'news',
        articles: [{ title: '标题', description: 'b', url: article.url, pic_url: article.picurl }],
      },
    ]);
  });
});

/** Ends every token that was there before. */
async function replaceTokens({ url, appid, secret, advance }: Simulator): Promise<void> {
  const query = new URLSearchParams({ grant_type: 'client_credential', appid, secret });
  await fetch(`${url}/cgi-bin/token?${query}`);
  await advance('5m');
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret, force_refresh: true });
  await fetch(`${url}/cgi-bin/stable_token`, { method: 'POST', body });
}
