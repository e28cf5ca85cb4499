/** Every call that the simulator answers, made by `api` itself with the samples of the conformance test. */
import { describe, expect, test } from 'vitest';
import type { CatalogueEntry } from '../../../../src/simulator/control/types/index.ts';
import { accessSamples } from '../../../simulator/conformance/access.ts';
import { basicSamples } from '../../../simulator/conformance/basic.ts';
import { figuresSamples } from '../../../simulator/conformance/figures.ts';
import { mediaSamples } from '../../../simulator/conformance/media.ts';
import { messageSamples } from '../../../simulator/conformance/messages.ts';
import type { Samples } from '../../../simulator/conformance/sample.ts';
import { type JsonAnswer, simulate, type Simulated } from '../../../simulator/simulated.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import type { MemoryFiles } from '../../../helpers/memory-files.ts';
import { accountOf, throughSimulator } from '../../../helpers/through-simulator.ts';

const samples: Samples = {
  ...accessSamples,
  ...basicSamples,
  ...mediaSamples,
  ...figuresSamples,
  ...messageSamples,
};

interface Through {
  readonly world: Simulated;
  /** Paths whose check refused to send them. */
  readonly refused: string[];
  readonly files: MemoryFiles;
  run(words: readonly string[], stdin?: string): Promise<JsonAnswer>;
}

/** The simulator's test world, whose calls go through the command. */
function throughApi(): Through {
  const simulated = simulate();
  const refused: string[] = [];
  const options = { fetch: throughSimulator(simulated), environment: accountOf(simulated), stdin: '' };
  const { files, run: runMain } = fakeWorld(options);
  const run: Through['run'] = async (words, stdin = '') => {
    options.stdin = stdin;
    const { code, stdout, stderr } = await runMain('api', ...words, '--json', '--yes');
    if (code === 0) return JSON.parse(stdout) as JsonAnswer;
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as {
      error: Record<string, unknown>;
    };
    if (error['type'] === 'call_invalid') {
      refused.push(String(error['path']));
      return await run([...words, '--no-check'], stdin);
    }
    if (error['errcode'] === undefined) throw new Error(stderr);
    return {
      errcode: Number(error['errcode']),
      errmsg: `${String(error['errmsg'])} rid: ${String(error['rid'])}`,
    };
  };
  const ask: Simulated['ask'] = async (method, address, body, headers = {}) => {
    if (address.startsWith('/_ctl/')) return await simulated.ask(method, address, body, headers);
    const url = new URL(address, 'http://x');
    // What the command adds, and what it takes from no command line.
    for (const name of ['appid', 'secret', 'appsecret']) url.searchParams.delete(name);
    const token = url.searchParams.get('access_token') ?? '';
    url.searchParams.delete('access_token');
    const words = [method, url.pathname, ...(token === '' ? [] : ['--access-token-stdin'])];
    for (const [name, value] of url.searchParams) {
      files.write(`${name}.txt`, value);
      words.push('--query', `${name}=@${name}.txt`);
    }
    if (body instanceof Uint8Array) {
      for (const [name, part] of await new Response(new Uint8Array(body), { headers }).formData()) {
        if (typeof part === 'string') words.push('--form', `${name}=${part}`);
        else {
          files.write(part.name, new Uint8Array(await part.arrayBuffer()));
          words.push('--form', `${name}=@${part.name}`);
        }
      }
    } else if (body !== undefined) {
      files.write('body.json', JSON.stringify(body));
      words.push('--input', 'body.json');
    }
    return await run(words, token);
  };
  const world: Simulated = {
    ...simulated,
    ask,
    path: async (address) => address,
    stable: () => run(['POST', '/cgi-bin/stable_token']),
    classic: () => run(['/cgi-bin/token']),
  };
  return { world, refused, files, run };
}

async function simulatedPaths(): Promise<readonly { readonly method: string; readonly path: string }[]> {
  const response = await simulate().call('GET', '/_ctl/catalogue');
  const entries = (await response.json()) as readonly CatalogueEntry[];
  return entries.filter(({ simulated }) => simulated).map(({ method, path }) => ({ method, path }));
}

/** Those whose answer is no JSON, and the one that needs a callback URL. */
const others: Readonly<Record<string, (through: Through) => Promise<unknown>>> = {
  '/connect/oauth2/authorize': async ({ run }) => {
    const query = ['redirect_uri=http://localhost/', 'scope=snsapi_userinfo'];
    const page = await run(['/connect/oauth2/authorize', ...query.flatMap((text) => ['--query', text])]);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<html') as string });
  },
  '/mp/subscribemsg': async ({ run }) => {
    const template = 'template_id=1uDxHNXwYQfBmXOfPJcjAS3FynHArD8aWMEFNRGSbCc';
    const query = [template, 'scene=7', 'redirect_url=http://localhost/'];
    const page = await run(['/mp/subscribemsg', ...query.flatMap((text) => ['--query', text])]);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<html') as string });
  },
  '/cgi-bin/showqrcode': async ({ run, files }) => {
    const scene = ['-F', 'action_info[scene][scene_id]=7', '-f', 'action_name=QR_SCENE'];
    const { ticket } = await run(['/cgi-bin/qrcode/create', ...scene]);
    await run(['/cgi-bin/showqrcode', '--query', `ticket=${ticket}`, '--out', 'qr.jpg']);
    expect(files.contents.get('/desk/qr.jpg')?.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  },
  '/cgi-bin/media/get/jssdk': async ({ world, run, files }) => {
    const { media_id: id } = await world.ask('POST', '/_ctl/jssdk/voice');
    await run(['/cgi-bin/media/get/jssdk', '--query', `media_id=${String(id)}`, '--out', 'v.speex']);
    expect(files.contents.get('/desk/v.speex')).toHaveLength(100);
  },
  '/cgi-bin/material/get_material': async ({ world, run, files }) => {
    const { addCover, jpg } = await import('../../../simulator/uploads.ts');
    const id = await addCover(world);
    await run(['/cgi-bin/material/get_material', '-f', `media_id=${id}`, '--out', 'm.jpg']);
    expect(files.contents.get('/desk/m.jpg')).toEqual(Buffer.from(jpg()));
  },
  '/cgi-bin/callback/check': async ({ run }) => {
    // No URL is saved in this account.
    expect(
      await run(['/cgi-bin/callback/check', '-f', 'action=all', '-f', 'check_operator=CAP']),
    ).toMatchObject({
      errcode: 40201,
    });
  },
};

describe('every call that the simulator answers', async () => {
  const rows = await simulatedPaths();

  test('is called here: 134 of them', () => {
    expect(rows).toHaveLength(134);
    expect(new Set(rows.map(({ path }) => path))).toEqual(new Set(Object.keys(samples)));
  });

  test.each(rows)('$method $path through api', async ({ method, path }) => {
    const through = throughApi();
    const { world, refused } = through;
    await world.ask('POST', '/_ctl/settings', { open_platform: true });
    await world.ask('POST', '/_ctl/followers', { openid: 'o1', tag_ids: [100] });
    await world.ask('POST', '/_ctl/followers', { openid: 'left', subscribed: false });
    await world.ask('POST', '/_ctl/phone/o1/send', { type: 'text', text: 'hi' });
    const { query = '', body, before, call } = samples[path] ?? {};
    const other = others[path];
    if (other === undefined) {
      await before?.(world);
      const answer = (await (call === undefined
        ? world.ask(method, path + query, body)
        : call(world))) as JsonAnswer;
      expect(answer.errcode ?? 0).toBe(0);
      expect(answer).toBeTypeOf('object');
    } else await other(through);
    // The sample of rid/get begins with a call that fails.
    expect(refused).toEqual(path === '/cgi-bin/openapi/rid/get' ? ['/cgi-bin/user/info'] : []);
  });
});
