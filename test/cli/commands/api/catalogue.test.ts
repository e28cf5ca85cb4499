/** Each call of the catalogue: it is described, its example passes the check, and a request of the right shape comes of it. */
import { describe, expect, test } from 'vitest';
import {
  type KnownCall,
  type Parameter,
  readCallExamples,
  readKnownCalls,
  readParameters,
} from '../../../../src/core/catalogue/index.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const calls = await readKnownCalls();
const examples = await readCallExamples();
const world = fakeWorld({ files: { 'a.jpg': 'x', 'a.mp3': 'x', 'a.pdf': 'x' } });

/** Six calls of one path are told apart by a parameter. */
function addressOf({ path, query }: KnownCall): string {
  const fixed = query.find((name) => name.includes('='));
  return fixed === undefined ? path : `${path}?${fixed}`;
}

/** Whatever the call demands in its query, in a form that it takes. */
function queryOf(parameters: readonly Parameter[]): string[] {
  return parameters
    .filter(({ in: place, fixed, demand }) => place === 'query' && fixed === undefined && demand.required)
    .filter(({ name }) => !['appid', 'secret', 'appsecret', 'grant_type'].includes(name))
    .flatMap(({ name, demand }) => {
      const other = demand.max === undefined ? 'MEDIA_ID' : String(demand.max);
      const value = demand.values?.[0] ?? (demand.form === 'date' ? '2026-01-14' : other);
      if (name !== 'refresh_token') return ['--query', `${name}=${value}`];
      world.files.write('/desk/secret.txt', value);
      return ['--query', `${name}=@secret.txt`];
    });
}

function bodyOf({ name, body, isRaw }: KnownCall, parameters: readonly Parameter[]): string[] {
  if (isRaw) return ['--input', 'a.mp3'];
  if (body === 'multipart')
    return parameters
      .filter((each) => each.in === 'part')
      .flatMap((part) => ['--form', `${part.name}=@a.jpg`]);
  const example = examples[name]?.body ?? undefined;
  if (body !== 'json' || example === undefined) return [];
  world.files.write('/desk/body.json', JSON.stringify(example));
  return ['--input', 'body.json'];
}

describe('each of the 465 calls', () => {
  test('is in the list, once', async () => {
    const { stdout, code } = await world.run('api', '--list', '--json');
    const listed = (JSON.parse(stdout) as { calls: { name: string }[] }).calls;
    expect(code).toBe(0);
    expect(listed.map(({ name }) => name)).toEqual(calls.map(({ name }) => name));
  });

  test.each(calls)('$name is described, its example is taken, a request comes of it', async (call) => {
    const address = addressOf(call);
    for (const lang of ['en', 'zh'] as const) {
      const described = await world.run('api', '--describe', address, '--lang', lang);
      expect(described).toMatchObject({ code: 0, stderr: '' });
      expect(described.stdout).toContain(`${call.method} ${call.path}\n`);
      expect(described.stdout).toContain(call.doc ?? call.path);
      expect(described.stdout).not.toMatch(/undefined|\[object|NaN/);
    }
    const example = examples[call.name]?.body ?? null;
    const shown = await world.run('api', '--example', address, '--json');
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout)).toEqual(example);

    const parameters = await readParameters(call, example);
    const words = ['api', address, ...queryOf(parameters), ...bodyOf(call, parameters)];
    const { code, stdout, stderr } = await world.run(...words, '--dry-run', '--json');
    const warned = call.isWithdrawn
      ? `! ${call.path}: WeChat has withdrawn this call, and answers 45106\n`
      : '';
    expect(stderr.replace(/^(?:Reaches people|Cannot be taken back).*\n/, '')).toBe(warned);
    expect(code).toBe(0);
    const request = JSON.parse(stdout) as Record<string, unknown>;
    expect(request).toMatchObject({ dry_run: true, method: call.method });
    expect(request['url']).toBe(`http://127.0.0.1:8090${call.path}`);
    expect(String(request['curl']).includes('access_token=')).toBe(call.needsToken || call.takesWebToken);
    for (const fixed of call.query.filter((name) => name.includes('=')))
      expect(request['query']).toMatchObject({ [fixed.split('=')[0] ?? '']: fixed.split('=')[1] });
    if (call.body === 'json' && !call.isRaw)
      expect(JSON.parse(String(request['body']))).toEqual(example ?? {});
    if (call.body === 'multipart' && !call.isRaw)
      expect(request['parts']).toEqual([call.filePart ?? 'media']);
  });
});
