import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder, type Ended } from '../../../helpers/command.ts';
import { startHere } from '../../../helpers/in-process.ts';
import { againstSchema } from '../../../helpers/output-schema.ts';

interface Introduced {
  /** What has been written to stdout until now. */
  stdout(): string;
  stop(): Promise<Ended>;
}

async function introduced(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Introduced> {
  const home = temporaryFolder();
  let stdout = '';
  const command = ['simulator', '--port', '0', '--intercept', ...words];
  const running = startHere(command, { env: { HOME: home, ...env }, cwd: home }, (text) => (stdout += text));
  onTestFinished(running.stop);
  await expect.poll(() => stdout).toContain('\n');
  return {
    stdout: () => stdout,
    async stop() {
      running.stop();
      return await running.ended;
    },
  };
}

/** Asks the proxy for a whole address, as the oldest clients do. */
function ask(proxy: string, address: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(proxy);
    const headers = { host: new URL(address).host };
    const request = http.get({ hostname, port, path: address, headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
  });
}

test.each([
  ['en', 'For a program that is led here unchanged, as long as this simulator runs, also:'],
  ['zh', '若要让程序不做修改就连到此处，还需设置以下变量（仅在此模拟器运行期间有效）：'],
])('what to set is said in the words of the shell, in %s', async (language, heading) => {
  const one = await introduced([], { WECHAT_MP_LANG: language, ALL_PROXY: 'socks5://proxy.example' });
  const [, ...lines] = one.stdout().slice(one.stdout().indexOf(heading)).trimEnd().split('\n');
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^ {2}export HTTPS_PROXY='http:\/\/127\.0\.0\.1:\d+'$/),
    expect.stringMatching(/^ {2}export https_proxy='http:\/\/127\.0\.0\.1:\d+'$/),
  ]);
  expect(lines).toContain("  export ALL_PROXY=''");
  expect(lines.every((line) => line.startsWith('  export '))).toBe(true);
});

test('a file of variables has them all', async () => {
  const file = path.join(temporaryFolder(), 'all.env');
  await introduced(['--write-env', file]);
  await expect
    .poll(() => readFileSync(file, 'utf8'))
    .toMatch(/^WECHAT_MP_API_BASE=http.*\n[\s\S]*^NODE_OPTIONS='--require /m);
});

test('each call that came this way has its host in the log', async () => {
  const one = await introduced([]);
  const proxy = /HTTPS_PROXY='([^']+)'/.exec(one.stdout())?.[1] ?? '';
  expect(await ask(proxy, 'https://api2.weixin.qq.com/cgi-bin/token')).toBe(200);
  expect(await ask(proxy, 'https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi')).toBe(404);
  await expect
    .poll(one.stdout)
    .toMatch(
      /\nGET api2\.weixin\.qq\.com\/cgi-bin\/token 200 errcode 41002\nGET api\.mch\.weixin\.qq\.com\/v3\/pay\/transactions\/jsapi 404 errcode 40066 \(no such path\)\n$/,
    );
});

test('lines of JSON are as their schema says', async () => {
  const one = await introduced(['--json', '--verbose']);
  const { intercept } = JSON.parse(one.stdout()) as { intercept: { proxy: string } };
  await ask(intercept.proxy, 'http://api.weixin.qq.com/cgi-bin/token');
  expect(await ask(intercept.proxy, 'http://127.0.0.1:1/')).toBe(502);
  await expect.poll(() => one.stdout().trimEnd().split('\n')).toHaveLength(2);
  const lines = one
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { host?: string });
  expect(lines.flatMap((line) => againstSchema('simulator', line))).toEqual([]);
  expect(lines[1]?.host).toBe('api.weixin.qq.com');
  expect((await one.stop()).stderr).toContain('Passed on: 127.0.0.1\n');
});
