/** Message servers made with middlewares that other people wrote, against what the simulator pushes. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import type { PushMode, Simulator } from '../../src/library/types.ts';
import { account } from '../e2e/serving.ts';
import { start, withEasyWechat, withExpress, withKoa, type Answer, type MakeServer } from './servers.ts';

const article = {
  title: '欢迎 😀',
  description: 'a & b <c>',
  picUrl: 'https://example.com/a.jpg',
  url: 'https://example.com/?a=1&b=2',
};
const song = {
  title: '一无所有',
  description: '崔健',
  musicUrl: 'https://example.com/a.mp3',
  hqMusicUrl: 'https://example.com/b.mp3',
  thumbMediaId: 'THUMB',
};

/** Another kind of reply to each kind of push. */
const answer: Answer = ({ MsgType, Event, EventKey, Content, MediaId }) => {
  if (MsgType === 'image') return { type: 'image', content: { mediaId: MediaId ?? '' } };
  if (MsgType === 'text') return `你说：${Content}`;
  if (Event === 'subscribe') return [article];
  if (Event === 'CLICK') return { type: 'music', content: song };
  return Event === 'SCAN' ? `code ${EventKey}` : '';
};

async function connect(make: MakeServer, mode: PushMode): Promise<Simulator> {
  const { appId: appid, callbackToken, aesKey } = account;
  const to = await start(
    make({ token: callbackToken, appid, encodingAESKey: mode === 'plain' ? '' : aesKey }, answer),
  );
  const simulator = await createSimulator({ seed: 1, appid, callbackToken, aesKey, to, mode });
  onTestFinished(() => simulator.close());
  return simulator;
}

async function post(simulator: Simulator, path: string, body: object): Promise<Record<string, unknown>> {
  const { url, appid, secret } = simulator;
  const credential = JSON.stringify({ grant_type: 'client_credential', appid, secret });
  const asked = await fetch(`${url}/cgi-bin/stable_token`, { method: 'POST', body: credential });
  const { access_token } = (await asked.json()) as { access_token: string };
  const target = `${url}${path}?access_token=${access_token}`;
  const answered = await fetch(target, { method: 'POST', body: JSON.stringify(body) });
  return (await answered.json()) as Record<string, unknown>;
}

const modes = ['plain', 'compat', 'safe'] as const;

describe.each([
  // Quirk: co-wechat leaves the ThumbMediaId of music out.
  ['wechat on Express', withExpress, { thumb: song.thumbMediaId }],
  ['co-wechat on Koa', withKoa, { thumb: '' }],
  ['node-easywechat', withEasyWechat, { thumb: song.thumbMediaId }],
])('%s', (_, make, { thumb }) => {
  test.each(modes)('passes the handshake of the console in %s mode', async (mode) => {
    const simulator = await connect(make, mode);
    const { url } = await simulator.callback();
    expect(await simulator.setCallback({ url })).toMatchObject({ saved: true });
  });

  test.each(modes)('answers each push in %s mode, and the chat shows it', async (mode) => {
    const simulator = await connect(make, mode);
    await post(simulator, '/cgi-bin/menu/create', { button: [{ type: 'click', name: '音乐', key: 'K' }] });
    const scene = { action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'shop-7' } } };
    const code = await post(simulator, '/cgi-bin/qrcode/create', scene);
    const { openid } = await simulator.follower({ subscribed: false });
    const phone = simulator.phone(openid);
    const results = [
      await phone.follow(),
      await phone.send('你好 😀 ]]'),
      await phone.send({ type: 'image', media_id: 'PICTURE' }),
      await phone.tap([0]),
      await phone.scan({ ticket: String(code['ticket']) }),
    ];
    const encrypted = mode !== 'plain';
    for (const { pushes } of results) {
      expect(pushes).toMatchObject([{ state: 'answered', mode, reply_encrypted: encrypted, valid: true }]);
    }
    const shown = results.map(({ messages }) => messages.find(({ origin }) => origin === 'reply')?.content);
    expect(shown).toMatchObject([
      {
        type: 'news',
        articles: [
          {
            title: article.title,
            description: article.description,
            pic_url: article.picUrl,
            url: article.url,
          },
        ],
      },
      { type: 'text', text: '你说：你好 😀 ]]' },
      { type: 'image', media_id: 'PICTURE', pic_url: null },
      {
        type: 'music',
        title: song.title,
        description: song.description,
        music_url: song.musicUrl,
        hq_music_url: song.hqMusicUrl,
        thumb_media_id: thumb,
      },
      { type: 'text', text: 'code shop-7' },
    ]);
  });

  test('refuses an encrypted push under another Token, and the chat shows the fault', async () => {
    const simulator = await connect(make, 'safe');
    await simulator.setCallback({ token: 'another', check: false });
    const { openid } = await simulator.follower();
    const { pushes, messages } = await simulator.phone(openid).send('hi');
    expect(pushes).toMatchObject([{ user_sees: 'unavailable' }]);
    expect(messages.at(-1)?.content).toMatchObject({
      type: 'unavailable',
      text: '该公众号提供的服务出现故障，请稍后再试',
    });
  });
});
