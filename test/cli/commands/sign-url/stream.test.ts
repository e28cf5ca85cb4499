import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ended, firstLine, run, start, startSimulator, temporaryFolder } from '../../../helpers/command.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
const words = ['--ticket-file', 'ticket', '--nonce', 'n', '--timestamp', '1414587457'];
const signed = (url: string) =>
  createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=n&timestamp=1414587457&url=${url}`)
    .digest('hex');

async function sign(stdin: string | Uint8Array, ...more: readonly string[]) {
  const found = await fakeWorld({ stdin, files: { '/desk/ticket': ticket } }).run(
    'sign-url',
    '--stdin',
    ...words,
    ...more,
  );
  const values = found.stdout.split('\n').filter((line) => line !== '');
  return { ...found, values: values.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('sign-url --stdin', () => {
  test('gives one object for each line, with its number', async () => {
    const { code, values, stderr } = await sign(
      'https://a.com/\nhttps://b.com/?x=1&y=2#top\n',
      '--api-list',
      'scanQRCode',
    );
    expect([code, stderr]).toEqual([0, 'Cut fragments: 1 of 2 URLs\n']);
    expect(values).toEqual(
      ['https://a.com/', 'https://b.com/?x=1&y=2'].map((url, index) => ({
        line: index + 1,
        appId: expect.stringMatching(/^wx/) as string,
        timestamp: 1414587457,
        nonceStr: 'n',
        signature: signed(url),
        jsApiList: ['scanQRCode'],
        url,
      })),
    );
  });

  test('reads lines as every system ends them', async () => {
    const { code, values } = await sign('\ufeffhttps://a.com/\r\n\r\n  https://b.com/ \n\nhttps://c.com/');
    expect(code).toBe(0);
    expect(values.map(({ line, url }) => [line, url])).toEqual([
      [1, 'https://a.com/'],
      [3, 'https://b.com/'],
      [5, 'https://c.com/'],
    ]);
  });

  test('signs the other lines where one is bad, says which, and ends with 2', async () => {
    const { code, values, stderr } = await sign(
      'https://a.com/\nnonsense\nhttps://b.com/\u0007\n\nhttps://c.com/\n',
    );
    expect(code).toBe(2);
    expect(values.map(({ line }) => line)).toEqual([1, 5]);
    expect(stderr).toBe(
      [
        '! Line 2: Cannot sign the URL: it must begin with "http://" or "https://" and a domain',
        '! Line 3: Cannot sign the URL: it has control characters, or it is not UTF-8',
        '✗ Cannot sign 2 of 4 lines, the first is line 2',
        '  Fix: The other lines were signed; correct these',
        '  More: wechat-mp explain lines_invalid',
        '',
      ].join('\n'),
    );
    const json = await sign('x\nhttps://a.com/\n', '--json');
    expect(JSON.parse(json.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: 2, type: 'lines_invalid', lines: [1], bad: 1, signed: 1 },
    });
  });

  test('refuses a line that is no UTF-8, and one of more than 16384 characters', async () => {
    const long = (length: number) => `https://a.com/${'x'.repeat(length - 14)}`;
    const input = [
      Buffer.from('https://a.com/'),
      Buffer.from([0xff]),
      Buffer.from(`\n${long(16_384)}\n${long(16_385)}\n${long(40_000)}\nhttps://b.com/`),
    ];
    const { code, values, stderr } = await sign(Buffer.concat(input));
    expect(code).toBe(2);
    expect(values.map(({ line }) => line)).toEqual([2, 5]);
    expect(stderr).toContain('! Line 3: Cannot sign the URL: it is longer than 16384 characters\n');
    expect(stderr).toContain('! Line 4: Cannot sign the URL: it is longer than 16384 characters\n');
  });

  test('ends at a line that goes on for more than 1 MiB', async () => {
    const last = await sign(`https://a.com/\n${'x'.repeat(2 ** 20)}`);
    expect([last.code, last.stderr]).toEqual([2, expect.stringContaining('! Line 2: ')]);
    const { code, values, stderr } = await sign(`https://a.com/\n${'x'.repeat(2 ** 20 + 1)}`, '--json');
    expect([code, values.map(({ line }) => line)]).toEqual([2, [1]]);
    expect(JSON.parse(stderr)).toMatchObject({ error: { type: 'file_too_large', file: 'stdin' } });
  });

  test('signs each URL as a browser shows it', async () => {
    const { code, values, stderr } = await sign('https://a.com/\nhttps://a.com\nhttps://B.com:443#x\n');
    expect(code).toBe(0);
    expect(values.map(({ url }) => url)).toEqual(['https://a.com/', 'https://a.com/', 'https://b.com/']);
    expect(stderr).toBe(
      'Cut fragments: 1 of 3 URLs\nSigned as a browser shows them: 2 of 3 URLs (as they are written: --as-is)\n',
    );
  });

  test('tells a doubtful URL in its object, and each doubt once for all of them', async () => {
    const { code, values, stderr } = await sign(
      'https://a.com/\nhttps://a.com\nhttps://b.com\nhttps://c.com:8080\n',
      '--as-is',
    );
    expect(code).toBe(0);
    expect(values.map(({ warnings }) => warnings)).toEqual([
      undefined,
      ['bare-domain'],
      ['bare-domain'],
      ['bare-domain', 'port'],
    ]);
    expect(stderr).toContain('the domain (3 of 4 URLs, first on line 2)\n');
    expect(stderr).toContain('only those (1 of 4 URLs, first on line 4)\n');
    expect(stderr.split('\n')).toHaveLength(3);
  });

  test('describes twenty bad lines and counts the others', async () => {
    const { stderr } = await sign('x\n'.repeat(50));
    expect(stderr.match(/^! Line/gm)).toHaveLength(20);
    expect(stderr).toContain('✗ Cannot sign 50 of 50 lines, the first is line 1\n');
  });

  test('is silent and content where there is no line, and asks nothing', async () => {
    const world = fakeWorld({ stdin: '\n\n' });
    expect(await world.run('sign-url', '--stdin')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(world.requests).toEqual([]);
  });

  test('asks for one ticket, and signs each with a nonce of its own', async () => {
    let count = 0;
    const world = fakeWorld({ stdin: 'https://a.com/\nhttps://b.com/\n'.repeat(50) });
    const io = { ...world.io, random: { bytes: (size: number) => new Uint8Array(size).fill((count += 1)) } };
    const { main } = await import('../../../../src/cli/main.ts');
    const lines: string[] = [];
    const terminal = {
      ...io.terminal,
      writeStdout: (data: string | Uint8Array) => void lines.push(String(data)),
    };
    expect(await main(['sign-url', '--stdin'], { ...io, terminal })).toBe(0);
    const values = lines
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { nonceStr: string });
    expect(new Set(values.map(({ nonceStr }) => nonceStr)).size).toBe(100);
    expect(world.requests.map((request) => request.split('/').at(-1))).toEqual(['stable_token', 'getticket']);
  });

  test('answers a line before the next one comes, and ends on SIGTERM while it waits', async () => {
    const { env } = await startSimulator();
    const child = start(['sign-url', '--stdin'], { env });
    const over = ended(child);
    child.stdin?.write('https://a.com/\n');
    expect(JSON.parse(await firstLine(child))).toMatchObject({ line: 1, url: 'https://a.com/' });
    child.kill('SIGTERM');
    const { code, stdout } = await over;
    expect([code, stdout.split('\n').length]).toEqual([143, 2]);
  });

  test('signs 20,000 lines of a real pipe', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'ticket'), ticket);
    const urls = Array.from({ length: 20_000 }, (_, index) => `https://example.com/%E9%A1%B5/${index}`);
    const env = { WECHAT_MP_APPID: 'wx0123456789abcdef' };
    const options = { env, cwd: folder, input: urls.join('\n') };
    const { code, stdout } = await run(['sign-url', '--stdin', ...words], options);
    expect(code).toBe(0);
    const values = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(values.map(({ line }) => line)).toEqual(urls.map((_, index) => index + 1));
    expect(values.map(({ signature }) => signature)).toEqual(urls.map(signed));
  });
});
