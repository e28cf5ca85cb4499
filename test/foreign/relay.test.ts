/**
 * Client libraries that other people wrote, through a relay: the base address is the relay's and the AppSecret is a key of
 * the relay; nothing else is changed. Each does it as its own set-up says.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import { readQr } from '../e2e/qr-readers.ts';
import { temporaryFolder } from '../helpers/command.ts';
import { keyFile, keyOf, startRelay } from '../helpers/relay-command.ts';
import { jpg } from '../simulator/uploads.ts';
import { createCoWechatApi } from './co-wechat-api.ts';
import { createEasyWechat } from './node-easywechat.ts';
import { createWechatApi } from './wechat-api.ts';

const ok = expect.objectContaining({ errcode: 0, errmsg: 'ok' });
const button = [{ type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC' }];

test.each([
  ['wechat-api', createWechatApi],
  ['co-wechat-api', createCoWechatApi],
  ['node-easywechat', createEasyWechat],
])('%s works through a relay with a key of it for its AppSecret', async (_library, createClient) => {
  const simulator = await createSimulator({ seed: 7 });
  onTestFinished(() => simulator.close());
  const { url, appid, secret } = simulator;
  const env = { WECHAT_MP_API_BASE: url, WECHAT_MP_APPID: appid, WECHAT_MP_APPSECRET: secret };
  const relay = await startRelay(env, keyFile({ whole: '', narrow: '/cgi-bin/user' }));
  const clientWith = (name: string, folder = temporaryFolder()) =>
    createClient({ ...simulator, url: relay.url, secret: keyOf(name) }, folder);
  const folder = temporaryFolder();
  const client = clientWith('whole', folder);

  const token = await client.token();
  expect(token).not.toMatch(/^SIM_/);
  expect(await client.createMenu({ button })).toEqual(ok);
  expect(await client.menu()).toMatchObject({ menu: { button } });

  const picture = path.join(folder, 'cover.jpg');
  writeFileSync(picture, jpg(100_000));
  const { media_id: mediaId } = (await client.uploadMedia(picture, 'image')) as { media_id: string };
  expect((await client.media(mediaId)).length).toBe(100_000);

  const { ticket, url: content } = (await client.temporaryCode(7, 3600)) as { ticket: string; url: string };
  // Its address has no token in it: whoever fetches it says who they are.
  const shown = await fetch(client.codePicture(ticket), {
    headers: { authorization: `Bearer ${keyOf('whole')}` },
  });
  expect(await readQr(new Uint8Array(await shown.arrayBuffer()))).toEqual([content, content]);
  await expect(client.user('nobody')).rejects.toMatchObject({ errcode: 40003 });

  const narrow = clientWith('narrow');
  expect(await narrow.followers()).toMatchObject({ total: 0 });
  await expect(narrow.createMenu({ button })).rejects.toThrow(/path|status code: 403/i);
  await expect(clientWith('nobody').token()).rejects.toThrow(/key|status code: 401/i);

  const paths = (await simulator.requests()).map((request) => request.path);
  expect(paths.filter((each) => /token$|menu\/create/.test(each))).toEqual([
    '/cgi-bin/stable_token',
    '/cgi-bin/menu/create',
  ]);
  expect(relay.said()).not.toContain(token);
});
