import { describe, expect, test } from 'vitest';
import { createFetch } from '../../../src/io/net/fetch.ts';
import type { CallbackSaved, CallbackView } from '../../../src/simulator/control/types/index.ts';
import { honest, honestBut, startCallbackServer } from '../../helpers/callback-server.ts';
import { callbackToken, phoned, refused } from './phoned.ts';

/** Every push and check goes through a real port. */
const overHttp = {
  openFetch: async () => createFetch({ proxy: undefined, environment: {}, platform: 'linux' }),
  callback: {},
};

async function save(world: Awaited<ReturnType<typeof phoned>>, body: unknown) {
  const response = await world.call('POST', '/_ctl/callback', body);
  return { status: response.status, ...((await response.json()) as CallbackSaved) };
}

describe('POST /_ctl/callback', () => {
  test('saves a server that passes the handshake, and pushes go there from then on', async () => {
    const server = await startCallbackServer(honest);
    const world = await phoned(undefined, overHttp);
    expect(await save(world, { url: server.url })).toMatchObject({
      status: 200,
      saved: true,
      console_text: '提交成功',
      callback: { url: server.url },
      checks: [{ name: 'handshake', status: 'pass', http_status: 200 }, {}, {}, {}],
    });
    const before = server.requests.length;
    expect((await world.act('send', { text: 'hi' })).pushes).toMatchObject([
      { state: 'answered', valid: true },
    ]);
    expect(server.requests.slice(before)).toMatchObject([{ method: 'POST', genuine: true }]);
  });

  test('saves nothing where the Token is another one, and says why', async () => {
    const server = await startCallbackServer(honest);
    const world = await phoned(undefined, overHttp);
    expect(await save(world, { url: server.url, token: 'another', mode: 'safe' })).toMatchObject({
      status: 422,
      saved: false,
      console_text: 'token验证失败',
      callback: { url: null, mode: 'plain' },
      checks: [{ name: 'handshake', status: 'fail', cause: 'forbidden', http_status: 403 }, {}, {}],
    });
    const view = (await world.ask('GET', '/_ctl/callback?secrets=show')) as unknown as CallbackView;
    expect([view.url, view.token]).toEqual([null, callbackToken]);
  });

  test('names what is wrong with an echo', async () => {
    const server = await startCallbackServer(
      honestBut((echostr, response) => response.end(`\uFEFF${echostr}`)),
    );
    const world = await phoned(undefined, overHttp);
    expect(await save(world, { url: server.url })).toMatchObject({
      saved: false,
      checks: [{ status: 'fail', cause: 'bom' }, {}, {}],
    });
  });

  test('saves without asking when told so, and switches the server off', async () => {
    const world = await phoned(() => Promise.reject(refused()), { callback: {} });
    const url = 'http://127.0.0.1:9/';
    expect(await save(world, { url, check: false })).toMatchObject({ saved: true, checks: [] });
    expect(world.received).toEqual([]);
    expect(await save(world, { url: null })).toMatchObject({ saved: true, callback: { url: null } });
    expect((await world.act('send', { text: 'hi' })).pushes[0]?.skipped).toBe('no_server');
  });

  test('uses a new Token and key from the next push on', async () => {
    const world = await phoned();
    const aes_key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
    await save(world, { token: 'Token9', aes_key, mode: 'safe', check: false });
    const { pushes } = await world.act('send', { text: 'hi' });
    const shown = await world.ask('GET', `/_ctl/pushes/${pushes[0]?.id}?secrets=show`);
    expect(JSON.stringify(shown)).toContain('"value":"Token9"');
    expect(await world.ask('GET', '/_ctl/callback?secrets=show')).toMatchObject({ token: 'Token9', aes_key });
    expect(await world.ask('GET', '/_ctl/callback')).toMatchObject({ token: '…' });
    expect(JSON.stringify(await world.ask('GET', '/_ctl/state'))).not.toMatch(/Token9|abcdefghijkl/);
  });

  test.each([
    [{ url: 'ftp://example.com/' }, 'invalid_body'],
    [{ url: 'example.com' }, 'invalid_body'],
    [{ url: 7 }, 'invalid_body'],
    [{ token: 'ab' }, 'callback_token_invalid'],
    [{ aes_key: 'short' }, 'aes_key_invalid'],
    [{ mode: 'compatible' }, 'invalid_body'],
    [{ format: 'yaml' }, 'invalid_body'],
    [{ key: 'x' }, 'invalid_body'],
  ])('refuses %j and changes nothing', async (body, type) => {
    const world = await phoned();
    const before = await world.ask('GET', '/_ctl/callback?secrets=show');
    const response = await world.call('POST', '/_ctl/callback', { ...body, check: false });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type } });
    expect(await world.ask('GET', '/_ctl/callback?secrets=show')).toEqual(before);
  });

  test('is undone by a reset', async () => {
    const world = await phoned();
    const before = await world.ask('GET', '/_ctl/callback');
    await save(world, { url: null, mode: 'safe' });
    await world.call('POST', '/_ctl/reset');
    expect(await world.ask('GET', '/_ctl/callback')).toEqual(before);
  });
});
