/** What client libraries of other people upload, send and publish, read where a person would see it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import jpeg from 'jpeg-js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import type { ChatContent, Simulator } from '../../src/library/types.ts';
import { temporaryFolder } from '../helpers/command.ts';
import type { Client, CreateClient } from './client.ts';
import { createCoWechatApi } from './co-wechat-api.ts';
import { createEasyWechat } from './node-easywechat.ts';
import { createWechatApi } from './wechat-api.ts';

const ok = expect.objectContaining({ errcode: 0, errmsg: 'ok' });

async function start(
  createClient: CreateClient,
): Promise<{ readonly simulator: Simulator; readonly client: Client }> {
  const simulator = await createSimulator({ seed: 7 });
  onTestFinished(() => simulator.close());
  return { simulator, client: createClient(simulator, temporaryFolder()) };
}

/** A picture, and the file that holds it. */
function createPicture(): { readonly file: string; readonly bytes: Buffer } {
  const data = Buffer.alloc(16 * 16 * 4, 0x7f);
  const bytes = jpeg.encode({ width: 16, height: 16, data }, 80).data;
  const file = path.join(temporaryFolder(), '图片 1.jpg');
  writeFileSync(file, bytes);
  return { file, bytes };
}

/** What the account has put into the chat in this way. */
async function shown(simulator: Simulator, openid: string, origin: string): Promise<readonly ChatContent[]> {
  const { messages } = await simulator.phone(openid).chat();
  return messages.filter((message) => message.origin === origin).map(({ content }) => content);
}

/** 订单支付成功通知 with two of its keywords. */
async function addTemplate({ control }: Simulator): Promise<string> {
  const body = { template_id_short: '43216', keyword_name_list: ['商品名称', '支付金额'] };
  const call = { method: 'POST', path: '/cgi-bin/template/api_add_template', body };
  const { request } = (await control('POST', 'call', call)) as {
    readonly request: { readonly response: { readonly template_id: string } };
  };
  return request.response.template_id;
}

describe.each([
  ['wechat-api', createWechatApi],
  ['co-wechat-api', createCoWechatApi],
  ['node-easywechat', createEasyWechat],
])('%s', (_, createClient) => {
  test('uploads a picture, gets the same bytes back and sends it', async () => {
    const { simulator, client } = await start(createClient);
    const { openid } = await simulator.follower({ subscribed: false });
    await simulator.phone(openid).follow();
    const { file, bytes } = createPicture();
    const uploaded = (await client.uploadMedia(file, 'image')) as { media_id: string };
    expect(uploaded).toEqual({
      type: 'image',
      media_id: expect.any(String),
      created_at: expect.any(Number),
    });
    expect(Buffer.from(await client.media(uploaded.media_id)).equals(bytes)).toBe(true);
    expect(await client.sendImage(openid, uploaded.media_id)).toEqual(ok);
    expect(await shown(simulator, openid, 'custom')).toMatchObject([
      { type: 'image', media_id: uploaded.media_id },
    ]);
    await expect(client.media(`${uploaded.media_id}x`)).rejects.toMatchObject({ errcode: 40007 });
  });

  test('keeps, lists, gets and deletes a permanent picture', async () => {
    const { client } = await start(createClient);
    const { file, bytes } = createPicture();
    const added = (await client.addMaterial(file, 'image')) as { media_id: string; url: string };
    expect(added).toMatchObject({ media_id: expect.any(String), url: expect.stringMatching(/^http/) });
    expect(Buffer.from(await client.material(added.media_id)).equals(bytes)).toBe(true);
    expect(await client.materialCount()).toMatchObject({ image_count: 1, voice_count: 0 });
    expect(await client.materials('image', 0, 20)).toMatchObject({
      total_count: 1,
      item_count: 1,
      item: [{ media_id: added.media_id, name: path.basename(file), url: added.url }],
    });
    const picture = await fetch(added.url);
    expect(Buffer.from(await picture.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await client.deleteMaterial(added.media_id)).toEqual(ok);
    expect(await client.materialCount()).toMatchObject({ image_count: 0 });
  });

  test('uploads a picture for an article', async () => {
    const { client } = await start(createClient);
    const { file, bytes } = createPicture();
    const { url } = (await client.uploadArticlePicture(file)) as { url: string };
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('adds a template, sends it and deletes it', async () => {
    const { simulator, client } = await start(createClient);
    const { openid } = await simulator.follower();
    // None of the libraries knows the keywords that a template of today's library needs.
    await expect(client.addTemplate('43216')).rejects.toMatchObject({ errcode: 40246 });
    const template_id = await addTemplate(simulator);
    expect(await client.templates()).toMatchObject({
      template_list: expect.arrayContaining([expect.objectContaining({ template_id })]),
    });
    const data = { thing2: { value: '巧克力' }, amount3: { value: '39.8元' } };
    const sent = await client.sendTemplate(openid, template_id, 'https://example.com/', data);
    expect(sent).toEqual({ errcode: 0, errmsg: 'ok', msgid: expect.anything() });
    const [card] = await shown(simulator, openid, 'template');
    expect(card).toMatchObject({ type: 'template', template_id });
    expect(JSON.stringify(card)).toContain('巧克力');
    await expect.poll(() => simulator.pushes()).toMatchObject([{ event: 'TEMPLATESENDJOBFINISH' }]);
    expect(await client.deleteTemplate(template_id)).toEqual(ok);
    await expect(client.sendTemplate(openid, template_id, '', data)).rejects.toMatchObject({
      errcode: 40037,
    });
  });

  test('sends a text to everybody with a tag, and a preview to one', async () => {
    const { simulator, client } = await start(createClient);
    const [alice, bob] = [await simulator.follower(), await simulator.follower()];
    const { tag } = (await client.createTag('VIP')) as { tag: { id: number } };
    await client.tag(tag.id, [alice.openid]);
    const sent = await client.massText('群发 😀', tag.id);
    expect(sent).toMatchObject({ errcode: 0, errmsg: 'send job submission success' });
    const text = { type: 'text', text: '群发 😀' };
    await expect.poll(() => shown(simulator, alice.openid, 'mass')).toEqual([text]);
    expect(await shown(simulator, bob.openid, 'mass')).toEqual([]);
    await expect.poll(() => simulator.pushes()).toMatchObject([{ event: 'MASSSENDJOBFINISH' }]);
    expect(await client.previewText(bob.openid, '预览')).toMatchObject({ errcode: 0 });
    expect(await shown(simulator, bob.openid, 'mass')).toEqual([{ type: 'text', text: '预览' }]);
  });

  test('lists the addresses of the platform', async () => {
    const { client } = await start(createClient);
    expect(await client.callbackIps()).toMatchObject({
      ip_list: expect.arrayContaining([expect.stringMatching(/^\d+\.\d+\.\d+\.\d+/)]),
    });
  });
});

test.each([
  ['wechat-api', createWechatApi],
  ['node-easywechat', createEasyWechat],
])('%s gets the figures of three days', async (_, createClient) => {
  const { simulator, client } = await start(createClient);
  // Those of yesterday are ready at eight in Beijing.
  const { now } = await simulator.state();
  const day = (back: number): string =>
    new Date(Date.parse(now) + 8 * 3_600_000 - back * 86_400_000).toISOString().slice(0, 10);
  const figures = (await client.figures?.(day(4), day(2))) as { list: readonly { ref_date: string }[] };
  expect(figures.list.map(({ ref_date }) => ref_date)).toEqual([day(4), day(3), day(2)]);
  await expect(client.figures?.(day(1), day(-1))).rejects.toMatchObject({ errcode: 61501 });
});

test.each([
  ['co-wechat-api', createCoWechatApi],
  ['node-easywechat', createEasyWechat],
])('%s gets the rules of automatic replies', async (_, createClient) => {
  const { client } = await start(createClient);
  expect(await client.autoReplies?.()).toMatchObject({ is_add_friend_reply_open: expect.any(Number) });
});
