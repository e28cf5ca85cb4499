import { describe, expect, test } from 'vitest';
import type { SavedSimulator } from '../../../src/simulator/account/saved.ts';
import { alice, phoned } from '../control/phoned.ts';
import { simulate, type Simulated } from '../simulated.ts';
import { addCover, article, post } from '../uploads.ts';

const oneTime = '9Aw5ZV1j9xdWTFEkqCpZ7mIBbSC34khK55OtzUPl0rU';
const once = '1uDxHNXwYQfBmXOfPJcjAS3FynHArD8aWMEFNRGSbCc';
const text = { msgtype: 'text', text: { content: 'hi' } };
const all = { filter: { is_to_all: true }, ...text };
const sendall = '/cgi-bin/message/mass/sendall';

/** Something of every kind; gives the id of uploaded articles. */
async function live(world: Awaited<ReturnType<typeof phoned>>): Promise<unknown> {
  await post(world, '/cgi-bin/template/api_set_industry', { industry_id1: '2', industry_id2: '3' });
  const keyword_name_list = ['商品名称'];
  await post(world, '/cgi-bin/template/api_add_template', { template_id_short: '43216', keyword_name_list });
  await post(world, '/wxaapi/newtmpl/addtemplate', { tid: '99', kidList: [1, 2] });
  await world.act('subscribe', { accept: [oneTime], one_time_scene: 7 });
  await world.ask('POST', '/_ctl/autoreply', { message_default_autoreply_info: { content: 'bye' } });
  for (let sent = 0; sent < 3; sent += 1) await post(world, sendall, { ...all, clientmsgid: `c${sent}` });
  await world.ask('POST', '/_ctl/outcomes', { mass: 'hold', times: 2 });
  await post(world, sendall, all);
  await post(world, '/cgi-bin/message/mass/speed/set', { speed: 2 });
  const articles = [article(await addCover(world))];
  return (await post(world, '/cgi-bin/media/uploadnews', { articles }))['media_id'];
}

async function look(world: Simulated): Promise<unknown> {
  const controls = [
    'templates',
    `chats/${alice}`,
    `chats/${alice}/subscriptions`,
    'outcomes',
    'mass',
    'autoreply',
  ];
  const calls = ['template/get_industry', 'template/get_all_private_template', 'get_current_autoreply_info'];
  const seen: unknown[] = [];
  for (const path of controls) seen.push(await world.ask('GET', `/_ctl/${path}`));
  for (const path of calls) seen.push(await world.ask('GET', await world.path(`/cgi-bin/${path}`)));
  seen.push(await world.ask('GET', await world.path('/wxaapi/newtmpl/gettemplate')));
  seen.push(await post(world, '/cgi-bin/message/mass/speed/get', {}));
  return seen;
}

describe('what the account sends', () => {
  test('goes on where it was in the next simulator', async () => {
    const world = await phoned();
    const media_id = await live(world);
    const next = simulate({ saved: JSON.parse(JSON.stringify(world.save())) as SavedSimulator });
    expect(await look(next)).toEqual(await look(world));

    // The fourth of the month is on hold, and counts for all.
    expect(await post(next, sendall, all)).toMatchObject({ errcode: 45028 });
    const again = { filter: { tag_id: 2 }, ...text, clientmsgid: 'c0' };
    expect(await post(next, sendall, again)).toMatchObject({ errcode: 45065, msg_id: 1_000_000_001 });
    const ended = await next.ask('POST', '/_ctl/mass/1000000004', { status: 'send success' });
    expect(ended).toMatchObject({ status: 'SEND_SUCCESS', sent_count: 1 });
    const preview = { touser: alice, msgtype: 'mpnews', mpnews: { media_id } };
    expect(await post(next, '/cgi-bin/message/mass/preview', preview)).toMatchObject({
      msg_id: 1_000_000_005,
    });
    const allowed = {
      touser: alice,
      template_id: once,
      scene: 7,
      title: 'T',
      data: { content: { value: 'V' } },
    };
    const path = '/cgi-bin/message/template/subscribe';
    expect([(await post(next, path, allowed)).errcode, (await post(next, path, allowed)).errcode]).toEqual([
      0, 43101,
    ]);
  });

  test('is as at the start after a reset, for calls and control alike', async () => {
    const fresh = await phoned();
    const before = await look(fresh);
    const world = await phoned();
    await live(world);
    await world.ask('POST', '/_ctl/reset');
    await world.ask('POST', '/_ctl/followers', { openid: alice, nickname: 'Alice' });
    expect(await look(world)).toEqual(before);
    expect(await post(world, sendall, all)).toMatchObject({ errcode: 0, msg_id: 1_000_000_001 });
  });
});
