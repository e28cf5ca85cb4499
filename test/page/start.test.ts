import { beforeEach, describe, expect, test } from 'vitest';
import { startSimulator } from '../helpers/command.ts';
import {
  closeBrowserAfterwards,
  needsChromium,
  openPage,
  startConfigured,
  textReply,
  until,
} from './browser.ts';
import { startCallbackServer, callbackToken } from '../helpers/callback-server.ts';
import { findCutTexts, seriousFaults } from './looks.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

describe('the quick start', () => {
  test('is the first screen until the account has had traffic', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { panel: null });
    await page.getByRole('heading', { name: 'Connect your program' }).waitFor();
    expect(await page.getByRole('tab').first().getAttribute('aria-selected')).toBe('true');
    await fetch(`${simulator.url}/cgi-bin/menu/get`);
    await page.reload();
    await page.getByRole('button', { name: /menu\/get/ }).waitFor();
  });

  test('is left alone by traffic that comes while it is read', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { panel: null });
    await fetch(`${simulator.url}/cgi-bin/menu/get`);
    const calls = page.locator('.overview > div').filter({ hasText: 'API calls' });
    await calls.getByText('1', { exact: true }).waitFor();
    expect(await page.locator('#tab-start').getAttribute('aria-selected')).toBe('true');
  });

  test('copies each credential whole, and shows it masked', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { panel: 'start' });
    const { env } = simulator;
    const expected = {
      'API base': simulator.url,
      AppID: simulator.appid,
      AppSecret: env['WECHAT_MP_APPSECRET'],
      // That of the server configuration, which signs the pushes.
      Token: callbackToken,
      EncodingAESKey: env['WECHAT_MP_AES_KEY'],
    };
    for (const [name, value] of Object.entries(expected)) {
      await page.getByRole('button', { name: `Copy ${name}`, exact: true }).click();
      await until(async () => (await page.evaluate(() => navigator.clipboard.readText())) === value);
    }
    const secret = page.getByText(env['WECHAT_MP_APPSECRET'] ?? '', { exact: true });
    await expect.poll(() => secret.count()).toBe(0);
    await page.getByLabel('Show secrets').check();
    await secret.waitFor();
  });

  test('has the lines of every way in, whole when they are copied', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { panel: 'start' });
    const copied = async (way: string): Promise<string> => {
      await page.getByRole('tab', { name: way, exact: true }).click();
      await page.getByRole('region', { name: `Lines for ${way}` }).waitFor();
      await page.evaluate(() => navigator.clipboard.writeText(''));
      await page.getByRole('button', { name: 'Copy the lines' }).click();
      return await until(
        async () => (await page.evaluate(() => navigator.clipboard.readText())) || undefined,
      );
    };
    const secret = simulator.env['WECHAT_MP_APPSECRET'];
    expect((await copied('Shell')).split('\n')).toContain(`export WECHAT_MP_APPSECRET=${secret}`);
    expect((await copied('.env')).split('\n')).toContain(`WECHAT_MP_API_BASE=${simulator.url}`);
    expect((await copied('PowerShell')).split('\n')).toContain(`$env:WECHAT_MP_APPSECRET = '${secret}'`);
    expect(await copied('Senparc.Weixin (.NET)')).toBe(
      `Senparc.Weixin.Config.ApiMpHost = "${simulator.url}"`,
    );
    await page.keyboard.press('Tab');
    await page.getByRole('tab', { name: 'Senparc.Weixin (.NET)' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[role="tab"][aria-selected="true"]:focus', { hasText: 'Shell' }).waitFor();
  });

  test('saves the URL of a server that passes the check, and says why another does not', async () => {
    const simulator = await startSimulator();
    const server = await startCallbackServer(({ genuine, echostr }, response) =>
      response.writeHead(genuine ? 200 : 403).end(echostr),
    );
    await simulator.control('callback', { token: callbackToken, check: false });
    const page = await openPage(simulator.url, { panel: 'start' });
    const field = page.getByLabel("My server's URL");
    await field.fill('http://127.0.0.1:9/wechat');
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('Not saved').waitFor();
    await field.fill(server.url);
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('提交成功').waitFor();
    expect(await simulator.control('callback')).toMatchObject({ url: server.url });
  });

  test('tries a menu, a follow and a message, in any order', async () => {
    const simulator = await startConfigured(({ body }, response) =>
      response.end(textReply(body, body.includes('[subscribe]') ? 'Welcome' : 'Hi there')),
    );
    const page = await openPage(simulator.url, { panel: 'start' });
    // Somebody who does not follow begins to.
    await page.getByRole('button', { name: 'Send a message' }).click();
    await page.getByRole('log').getByText('Hi there').waitFor();
    await page.getByRole('log').getByText('Welcome').waitFor();
    await page.getByRole('button', { name: 'Push the sample menu' }).click();
    await page.getByRole('button', { name: 'Today', exact: true }).waitFor();
    await expect.poll(() => page.locator('.done').count()).toBe(3);
  });

  test('ticks what has come true, and nothing that needs a server without one', async () => {
    const simulator = await startSimulator();
    const page = await openPage(simulator.url, { panel: 'start' });
    const done = page.locator('.trials li').filter({ has: page.locator('.done') });
    await page.getByText('The reply of your server, once it is set below, appears in the chat').waitFor();
    await page.getByRole('button', { name: 'Push the sample menu' }).click();
    await page.getByText('Menu pushed').waitFor();
    await expect.poll(() => done.count()).toBe(0);
    await page.getByRole('button', { name: 'Send a message' }).click();
    await page.getByRole('button', { name: 'text → went nowhere: no server is set' }).waitFor();
    await expect.poll(() => done.allInnerTexts()).toEqual([expect.stringContaining('Push the sample menu')]);

    // A server that is down is no server that received something, and its fault message is no reply.
    await simulator.control('callback', { url: 'http://127.0.0.1:9/wechat', check: false });
    await page.getByText('The reply appears in the chat').waitFor();
    await page.getByRole('button', { name: 'Send a message' }).click();
    await page.getByRole('log').locator('[data-type="unavailable"]').waitFor();
    await expect.poll(() => done.count()).toBe(1);

    let word = 'success';
    const server = await startCallbackServer(({ body }, response) =>
      response.end(word === 'success' ? word : textReply(body, word)),
    );
    await simulator.control('callback', { url: server.url, token: callbackToken, check: false });
    await page.getByRole('button', { name: 'Unfollow' }).click();
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Follow the account' }).click();
    await expect.poll(() => done.count()).toBe(2);
    await page.getByRole('button', { name: 'Send a message' }).click();
    await expect.poll(() => server.requests.filter(({ body }) => body.includes('[text]')).length).toBe(1);
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await expect.poll(() => done.count()).toBe(2);
    word = 'Hi there';
    await page.getByRole('button', { name: 'Send a message' }).click();
    await expect.poll(() => done.count()).toBe(3);
  });
});

describe.each(['en', 'zh'] as const)('the quick start in %s', (language) => {
  test.each(['phone', 'desktop'] as const)('is whole and accessible on a %s', async (size) => {
    const simulator = await startSimulator();
    const page = await openPage(simulator.url, { language, size, panel: 'start' });
    await page.locator('.credentials').waitFor();
    expect(await findCutTexts(page)).toEqual([]);
    expect(await seriousFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await seriousFaults(page, 'color-contrast')).toEqual([]);
  });
});
