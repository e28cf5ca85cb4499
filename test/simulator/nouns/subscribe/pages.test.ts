import { describe, expect, test } from 'vitest';
import { alice, phoned, type Phoned } from '../../control/phoned.ts';
import { post } from '../../uploads.ts';

const template = '1uDxHNXwYQfBmXOfPJcjAS3FynHArD8aWMEFNRGSbCc';
const cookie = { cookie: `simulated_person=${alice}` };

function pageOf(world: Phoned, changes: Readonly<Record<string, string | undefined>> = {}): string {
  const query = {
    action: 'get_confirm',
    appid: world.account.appId,
    scene: '7',
    template_id: template,
    redirect_url: 'http://localhost:3000/back?a=1',
    reserved: 'R_1',
    ...changes,
  };
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/mp/subscribemsg?${new URLSearchParams(given).toString()}`;
}

/** Presses a button of the page as a browser does. */
async function press(world: Phoned, html: string, button: string): Promise<Response> {
  const [, action = ''] = /action="([^"]+)"/.exec(html) ?? [];
  const [, form = ''] = /name="form" value="([^"]+)"/.exec(html) ?? [];
  const body = new URLSearchParams({ form, button }).toString();
  return world.call('POST', action.replaceAll('&amp;', '&'), body, {
    ...cookie,
    'content-type': 'application/x-www-form-urlencoded',
  });
}

async function send(world: Phoned): Promise<number | undefined> {
  const content = { title: 'T', data: { content: { value: 'V' } } };
  const body = { touser: alice, template_id: template, scene: 7, ...content };
  return (await post(world, '/cgi-bin/message/template/subscribe', body)).errcode;
}

describe('GET /mp/subscribemsg', () => {
  test('asks, and a consent leads back with the openid and allows one message', async () => {
    const world = await phoned();
    const page = await world.call('GET', pageOf(world), undefined, cookie);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).toContain(`The account ${world.account.originalId} asks to send you one message`);
    await world.ask('POST', '/_ctl/settings', { name: 'Corner Coffee' });
    expect(await (await world.call('GET', pageOf(world), undefined, cookie)).text()).toContain(
      'The account Corner Coffee asks to send you one message',
    );
    expect(html).toContain('You are Alice');
    expect(await send(world)).toBe(43101);
    const answer = await press(world, html, 'confirm');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `http://localhost:3000/back?a=1&openid=${alice}&template_id=${template}&action=confirm&scene=7&reserved=R_1`,
    ]);
    expect([await send(world), await send(world)]).toEqual([0, 43101]);
  });

  test('leads back without an openid after a refusal, and allows nothing', async () => {
    const world = await phoned();
    const page = await world.call('GET', pageOf(world, { reserved: undefined }), undefined, cookie);
    const answer = await press(world, await page.text(), 'cancel');
    expect(answer.headers.get('location')).toBe(
      `http://localhost:3000/back?a=1&template_id=${template}&action=cancel&scene=7`,
    );
    expect(await send(world)).toBe(43101);
  });

  test('speaks the language of the browser, and shows a name as text', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/followers', { openid: alice, nickname: '<b>A</b>' });
    const headers = { ...cookie, 'accept-language': 'zh-CN,zh;q=0.9' };
    const html = await (await world.call('GET', pageOf(world), undefined, headers)).text();
    expect(html).toContain('<h1>接收一条消息？</h1>');
    expect(html).toContain('当前用户：&lt;b&gt;A&lt;/b&gt;');
  });

  test('asks a browser of nobody whose it is', async () => {
    const world = await phoned();
    const html = await (await world.call('GET', pageOf(world))).text();
    expect(html).toContain('Whose WeChat is this?');
  });

  test.each([
    ['action', 'other'],
    ['appid', 'wx0000000000000000'],
    ['scene', '10001'],
    ['scene', '-1'],
    ['template_id', 'x'],
    ['redirect_url', 'javascript:alert(1)'],
    ['redirect_url', undefined],
    ['reserved', 'a b'],
    ['reserved', 'a'.repeat(129)],
  ])('names a wrong %s', async (name, value) => {
    const world = await phoned();
    const page = await world.call('GET', pageOf(world, { [name]: value }), undefined, cookie);
    expect([page.status, await page.text()]).toEqual([
      400,
      expect.stringContaining(`The link has a wrong &quot;${name}&quot;`),
    ]);
  });
});
