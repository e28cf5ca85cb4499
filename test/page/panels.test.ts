import { createServer } from 'node:http';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { signJssdk } from '../../src/core/jssdk/jssdk.ts';
import { callbackToken, startCallbackServer } from '../helpers/callback-server.ts';
import { run, startSimulator } from '../helpers/command.ts';
import { closeBrowserAfterwards, needsChromium, openPage, startConfigured, until } from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

describe('the server configuration', () => {
  test('is not saved for a wrong Token and says why, and is saved for the right one', async () => {
    const server = await startCallbackServer(({ genuine, echostr }, response) => {
      if (!genuine) response.writeHead(403);
      response.end(genuine ? echostr : 'no');
    });
    const simulator = await startSimulator();
    const page = await openPage(`${simulator.url}/#settings`);
    await page.getByLabel('URL', { exact: true }).fill(server.url);
    await page.getByLabel('Token', { exact: true }).fill('WRONGTOKEN');
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('Not saved').waitFor();
    await expect.poll(() => page.locator('.checks .check-fail').count()).toBeGreaterThan(0);
    expect(await simulator.control('callback')).toMatchObject({ url: null });

    await page.getByLabel('Token', { exact: true }).fill(callbackToken);
    await page.getByLabel('Mode').selectOption('safe');
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('提交成功').waitFor();
    expect(await simulator.control('callback')).toMatchObject({ url: server.url, mode: 'safe' });
  });

  test('masks its secrets until they are asked for', async () => {
    const simulator = await startSimulator();
    const key = simulator.env['WECHAT_MP_AES_KEY'] ?? '';
    const page = await openPage(`${simulator.url}/#settings`);
    const field = page.getByLabel('EncodingAESKey');
    await field.waitFor();
    expect(await page.content()).not.toContain(key);
    await page.getByLabel('Show secrets').check();
    await until(async () => (await field.inputValue()) === key);
  });
});

/** A developer's page that hands to `wx.config` what its server has signed. */
async function startDeveloperPage(config: (address: string) => object): Promise<string> {
  const server = createServer((request, response) => {
    const address = `http://${request.headers.host}${request.url}`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY' });
    response.end(
      `<!doctype html><title>shop</title><p id="said">nothing</p>
       <script src="https://res.wx.qq.com/open/js/jweixin-1.6.0.js"></script>
       <script>
         wx.config(${JSON.stringify(config(address))});
         wx.ready(() => { document.getElementById('said').textContent = 'ready'; });
         wx.error((e) => { document.getElementById('said').textContent = e.errMsg; });
       </script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/shop?a=1`;
}

describe('the JS-SDK check', () => {
  test('passes a right signature and names a kept fragment for a wrong one', async () => {
    const simulator = await startConfigured();
    const token = (await run(['token'], { env: simulator.env })).stdout.trim();
    const answer = await fetch(`${simulator.url}/cgi-bin/ticket/getticket?type=jsapi&access_token=${token}`);
    const { ticket } = (await answer.json()) as { ticket: string };
    const timestamp = 1_414_587_457;
    const config = (signature: string): object => ({
      appId: simulator.appid,
      timestamp,
      nonceStr: 'Wm3WZYTPz0wzccnW',
      signature,
      jsApiList: ['scanQRCode'],
    });
    const right = await startDeveloperPage((url) =>
      config(signJssdk({ ticket, nonceStr: 'Wm3WZYTPz0wzccnW', timestamp, url })),
    );
    const page = await openPage(`${simulator.url}/#jssdk`);
    const address = page.getByLabel('Page address');
    await address.fill(right);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('config:ok').waitFor();
    await page.frameLocator('iframe').getByText('ready', { exact: true }).waitFor();

    const { sha1Hex } = await import('../../src/core/text/digest.ts');
    const wrong = await startDeveloperPage((url) =>
      config(
        sha1Hex(`jsapi_ticket=${ticket}&noncestr=Wm3WZYTPz0wzccnW&timestamp=${timestamp}&url=${url}#top`),
      ),
    );
    await address.fill(`${wrong}#top`);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('config:invalid signature').waitFor();
    await page.frameLocator('iframe').getByText('config:invalid signature').waitFor();
    expect(await page.locator('[data-mistake]').getAttribute('data-mistake')).toMatch(/fragment/);
  });

  test('refuses to open a page of the real platform', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#jssdk`);
    await page.getByLabel('Page address').fill('https://mp.weixin.qq.com/');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText(/The page must be yours/).waitFor();
    await expect.poll(() => page.locator('iframe').count()).toBe(0);
  });
});
