import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { phoned, type Phoned } from './control/phoned.ts';

const folder = path.resolve(import.meta.dirname, '../../src/simulator');
const files = ['README.md', 'README.zh-CN.md'] as const;
const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

/** The calls that a reader can copy; other lines are run by `test/docs/pages.test.ts`. */
function examplesOf(file: string): readonly Call[] {
  const blocks = Array.from(read(file).matchAll(/```sh\n([\s\S]*?)```/g), ([, block = '']) => block);
  return blocks
    .flatMap((block) => block.trim().split('\n'))
    .filter((line) => line.startsWith('curl'))
    .map(parseCurl);
}

function parseCurl(line: string): Call {
  const form =
    /^curl(?: -N)?(?: -X (?<method>\w+))?(?: -d '(?<body>[^']*)')? '?http:\/\/127\.0\.0\.1:8090(?<path>[^' ]+)'?$/;
  const {
    method,
    body,
    path: address = '',
  } = form.exec(line)?.groups ?? expect.fail(`no curl line: ${line}`);
  return { method: method ?? (body === undefined ? 'GET' : 'POST'), path: address, body };
}

/** Every call that the control side has, as the router knows it. */
async function routes({ ask }: Phoned): Promise<readonly string[]> {
  const { error } = (await ask('GET', '/_ctl/nothing')) as unknown as { error: { message: string } };
  return error.message.match(/[A-Z]+ \/_ctl\/[^\s,]+/g) ?? [];
}

/** What the examples take for granted, and what stands for the words in capitals. */
async function prepare(world: Phoned): Promise<Readonly<Record<string, string>>> {
  const post = async (name: string, body: unknown) => await world.ask('POST', await world.path(name), body);
  const { ticket } = await world.createCode({
    action_name: 'QR_LIMIT_SCENE',
    action_info: { scene: { scene_id: 1 } },
  });
  const templates = await world.ask('GET', '/_ctl/templates');
  const [{ template_id: templateId } = { template_id: '' }] = templates['subscription'] as readonly {
    template_id: string;
  }[];
  const picture = new FormData();
  picture.set('media', new Blob([Buffer.from(onePixel, 'base64')], { type: 'image/png' }), 'a.png');
  const upload = await world.fetch(
    new Request(`http://127.0.0.1:8090${await world.path('/cgi-bin/material/add_material?type=image')}`, {
      method: 'POST',
      body: picture,
    }),
  );
  const { media_id: mediaId } = (await upload.json()) as { media_id: string };
  await world.ask('POST', '/_ctl/outcomes', { mass: 'hold' });
  const mass = await post('/cgi-bin/message/mass/sendall', {
    filter: { is_to_all: true },
    text: { content: 'hello' },
    msgtype: 'text',
  });
  const article = { title: 't', content: '<p>c</p>', thumb_media_id: mediaId, need_open_comment: 1 };
  const draft = await post('/cgi-bin/draft/add', { articles: [article] });
  await world.ask('POST', '/_ctl/outcomes', { publish: 'hold' });
  const { publish_id: publishId, msg_data_id: dataId } = await post('/cgi-bin/freepublish/submit', {
    media_id: draft['media_id'],
  });
  const service = { kf_account: 'serve@test', nickname: 'Service' };
  await post('/customservice/kfaccount/add', service);
  await post('/customservice/kfaccount/inviteworker', { ...service, invite_wx: 'worker' });
  await world.ask('POST', '/_ctl/settings', { ip_confirmation: true, whitelist: [] });
  await world.call('GET', tokenPath(world), undefined, { 'x-forwarded-for': '203.0.113.7' });
  return {
    APPID: world.account.appId,
    TICKET: String(ticket),
    TEMPLATE_ID: templateId,
    MEDIA_ID: mediaId,
    MSG_ID: String(mass['msg_id']),
    PUBLISH_ID: String(publishId),
    MSG_DATA_ID: String(dataId),
  };
}

const tokenPath = ({ account: { appId, secret } }: Phoned): string =>
  `/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${secret}`;

const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const withPage = { readAsset: () => new Uint8Array() };

describe.each(files)('src/simulator/%s', (file) => {
  test('has every control call in a table and in an example, and no other', async () => {
    const known = await routes(await phoned(undefined, withPage));
    expect(known.length).toBeGreaterThan(50);
    const documented = Array.from(read(file).matchAll(/^\| `([A-Z]+ \/_ctl\/[^`]+)`/gm), ([, call]) => call);
    expect([...documented].toSorted()).toEqual([...known].toSorted());
    const examples = examplesOf(file).map(
      ({ method, path: address }) => `${method} ${address.split('?')[0]}`,
    );
    const pattern = (call: string): RegExp => new RegExp(`^${call.replaceAll(/:\w+/g, '[^/]+')}$`);
    const without = known.filter((call) => !examples.some((example) => pattern(call).test(example)));
    expect(without).toEqual([]);
  });

  test('has examples that work from top to bottom', async () => {
    const world = await phoned(undefined, withPage);
    let places: Readonly<Record<string, string>> = {};
    for (const { method, path: address, body } of examplesOf(file)) {
      const fill = (text: string): string =>
        text.replaceAll(/\b[A-Z]+(?:_[A-Z]+)*\b/g, (word) => places[word] ?? word);
      const response = await world.call(method, fill(address), body === undefined ? undefined : fill(body));
      const isStream = address === '/_ctl/events';
      const answered = isStream ? '' : await response.text();
      if (isStream) await response.body?.cancel();
      expect([response.status, answered], `${method} ${address}`).toEqual([200, answered]);
      if (!isStream && !/\/(?:media|picture)\b/.test(address)) expect(JSON.parse(answered)).not.toBeNull();
      // The reset of the first lines takes away what was there before.
      if (address === '/_ctl/reset') places = await prepare(world);
    }
  });
});

test('both languages show the same examples', () => {
  expect(examplesOf('README.zh-CN.md')).toEqual(examplesOf('README.md'));
});
