/** The schemas themselves; that outputs follow them is held where every command is run, and below for the servers. */
import { Ajv } from 'ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import { allLeaves } from '../../../src/cli/commands/index.ts';
import { errorSchema, outputSchemas } from '../../../src/cli/schemas/index.ts';
import { firstLine, start, startSimulator, temporaryFolder } from '../../helpers/command.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';
import { runHere } from '../../helpers/in-process.ts';
import { againstSchema } from '../../helpers/output-schema.ts';

const leaves = allLeaves().map(({ words }) => words.join(' '));

/** Starts a server and keeps the lines that it prints. */
async function startLogging(words: readonly string[], env: Readonly<Record<string, string>>) {
  const child = start([...words, '--port', '0', '--json'], { env });
  onTestFinished(() => void child.kill());
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  child.stderr?.resume();
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  const types = (): readonly string[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { type: string }).type);
  const waitFor = async (type: string): Promise<void> => {
    while (!types().includes(type)) await new Promise((resolve) => child.stdout?.once('data', resolve));
  };
  return {
    url,
    waitFor,
    types,
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
  };
}

describe('output schemas', () => {
  test('are there for every command and for nothing else', () => {
    expect(Object.keys(outputSchemas).toSorted()).toEqual(leaves.toSorted());
  });

  test('are JSON Schemas that compile, and leave room for keys of later versions', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const [command, schema] of Object.entries(outputSchemas))
      expect(() => ajv.compile(schema), command).not.toThrow();
    expect(
      ajv.validate(outputSchemas['crypto key'] ?? {}, { encoding_aes_key: 'a'.repeat(43), more: 1 }),
    ).toBe(true);
  });

  test('are held strictly here: a missing key, another kind, a key that nobody wrote down', () => {
    expect(againstSchema('profile use', { default: 'shop' })).toEqual([]);
    expect(againstSchema('profile use', {})).toHaveLength(1);
    expect(againstSchema('profile use', { default: 1 })).toHaveLength(1);
    expect(againstSchema('profile use', { default: 'shop', more: 1 })).toHaveLength(1);
    expect(againstSchema('nothing', {})).toHaveLength(1);
  });

  test('fit what the servers print, line by line', async () => {
    const simulator = await startSimulator();
    const env = { ...simulator.env, HOME: temporaryFolder() };
    const serving = await startLogging(['serve'], env);
    const platform = await startLogging(
      ['simulator', '--to', serving.url, '--accounts', '2', '--seed', '1'],
      env,
    );
    await fetch(serving.url, { method: 'POST', body: 'no' });
    await fetch(`${platform.url}/cgi-bin/menu/get?access_token=x`);
    for (const type of ['text', 'subscribe']) {
      await fetch(`${platform.url}/_ctl/push`, { method: 'POST', body: JSON.stringify({ type }) });
    }
    const { stdout } = await runHere(['handshake', 'sign', '--url', serving.url], { env });
    await fetch(stdout.trim());
    await runHere(['trigger', 'subscribe', '--to', serving.url], { env });
    await serving.waitFor('reply');
    await platform.waitFor('push');
    for (const [command, log] of [
      ['serve', serving],
      ['simulator', platform],
    ] as const) {
      for (const line of log.lines()) {
        expect({ line, wrong: againstSchema(command, line) }).toEqual({ line, wrong: [] });
      }
    }
    expect(new Set(platform.types())).toEqual(new Set(['ready', 'request', 'push']));
    expect(serving.types()).toEqual(
      expect.arrayContaining(['ready', 'refused', 'handshake', 'message', 'reply']),
    );
  });
});

describe('the error schema', () => {
  test('fits errors of every kind', async () => {
    const check = new Ajv({ strict: false }).compile(errorSchema);
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/menu/get', errcode: 48001 });
    for (const words of [
      ['tokn'],
      ['menu', 'pull'],
      ['menu', 'delete'],
      ['token', '--offline', '--classic'],
    ]) {
      const { stderr } = await world.run(...words, '--json');
      expect({ words, ok: check(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')) }).toEqual({
        words,
        ok: true,
      });
    }
    expect(check({ error: { code: 2, type: 'x', message: 'y' } })).toBe(false);
  });
});
