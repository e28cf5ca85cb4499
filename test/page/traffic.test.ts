import { beforeEach, describe, expect, test } from 'vitest';
import { run } from '../helpers/command.ts';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  startConfigured,
  textReply,
  until,
  write,
} from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

describe('the traffic', () => {
  test('shows a call of the API live, with its token masked until it is asked for', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await page.getByText('No requests yet').waitFor();
    const { code, stdout } = await run(['token'], { env: simulator.env });
    expect(code).toBe(0);
    const token = stdout.trim();
    await run(['menu', 'pull'], { env: simulator.env });
    await page.getByRole('button', { name: /menu\/get\b.*errcode 46003/ }).click();
    await page
      .getByText(/46003 .*menu/)
      .first()
      .waitFor();
    const detail = page.locator('.row-detail');
    expect(await detail.innerText()).not.toContain(token);
    await detail.getByLabel('Show secrets').check();
    await detail.getByText(token, { exact: true }).waitFor();
  });

  test('copies a call as a line for a shell, and sends it again', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await simulator.control('call', { method: 'GET', path: '/cgi-bin/get_current_selfmenu_info' });
    await page.getByRole('button', { name: /get_current_selfmenu_info/ }).click();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(
      /^curl 'http:\/\/127\.0\.0\.1:\d+\/cgi-bin\/get_current_selfmenu_info\?access_token=SIM_/,
    );
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('Sent again').waitFor();
    expect(await simulator.count('/cgi-bin/get_current_selfmenu_info')).toBe(2);
  });

  test('shows a slow call that later ones have overtaken', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await simulator.control('faults', { path: '/cgi-bin/menu/get', delay: '400ms' });
    const slow = fetch(`${simulator.url}/cgi-bin/menu/get`);
    await fetch(`${simulator.url}/cgi-bin/getcallbackip`);
    await page.getByRole('button', { name: /getcallbackip/ }).waitFor();
    await slow;
    await page.getByRole('button', { name: /menu\/get/ }).waitFor();
  });

  test('is filtered by kind, by failure and by words', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await simulator.control('call', { method: 'GET', path: '/cgi-bin/menu/get' });
    await simulator.control('call', { method: 'GET', path: '/cgi-bin/get_current_selfmenu_info' });
    const rows = page.locator('.row');
    await until(async () => (await rows.count()) === 3);
    const expected = { 'API calls': 2, Pushes: 1, Failed: 1, All: 3 };
    for (const [name, count] of Object.entries(expected)) {
      await page.getByRole('button', { name, exact: true }).click();
      await until(async () => (await rows.count()) === count);
    }
    await page.getByRole('searchbox', { name: 'Search the requests' }).fill('SUBSCRIBE');
    await until(async () => (await rows.count()) === 1);
    expect(await rows.innerText()).toContain('subscribe');
    await page.getByRole('searchbox', { name: 'Search the requests' }).fill('no such words');
    await page.getByText('Nothing matches').waitFor();
  });
});

describe('a flood of calls', () => {
  test('leaves the page responsive and the list bounded', { timeout: 60_000 }, async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    const calls = 1050;
    const burst = 50;
    for (let sent = 0; sent < calls; sent += burst) {
      await Promise.all(Array.from({ length: burst }, () => fetch(`${simulator.url}/cgi-bin/menu/get`)));
    }
    // The log keeps a thousand, and so does the page.
    await page.getByText('1000 entries').waitFor();
    await page.locator('#tab-settings').click();
    await page.getByRole('heading', { name: 'Message server' }).waitFor();
  });
});

describe('a push', () => {
  test('in safe mode shows the plain message beside its ciphertext, and how both signatures are made', async () => {
    const simulator = await startConfigured(undefined, 'safe');
    const page = await openPage(simulator.url);
    await follow(page);
    await write(page, 'a secret word');
    await page.getByRole('button', { name: /PUSH.*text/ }).click();
    const plain = page.getByRole('region', { name: 'Message, plain' });
    const sent = page.getByRole('region', { name: 'As sent – safe mode' });
    expect(await plain.innerText()).toContain('a secret word');
    const cipher = await sent.innerText();
    expect(cipher).toContain('<Encrypt>');
    expect(cipher).not.toContain('a secret word');
    const [left, right] = [await plain.boundingBox(), await sent.boundingBox()];
    expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThan(right?.x ?? 0);
    await page.getByText('How signature is made').waitFor();
    await page.getByText('How msg_signature is made').waitFor();
    expect(simulator.pushed().at(-1)).not.toContain('a secret word');
  });

  test('tells a reply that the platform does not take, and what the person sees', async () => {
    const simulator = await startConfigured((_request, response) => response.end('<html>oops</html>'));
    const page = await openPage(simulator.url);
    await follow(page);
    await page.getByRole('button', { name: /PUSH.*subscribe.*bad reply/ }).click();
    await page.getByText('The person sees “该公众号提供的服务出现故障，请稍后再试”').waitFor();
  });

  test('is sent again as a new one', async () => {
    const simulator = await startConfigured(({ body }, response) => response.end(textReply(body, 'hello')));
    const page = await openPage(simulator.url);
    await follow(page);
    await page.getByRole('button', { name: /PUSH.*subscribe/ }).click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await until(() => simulator.pushed().length === 2);
    await until(async () => (await page.locator('.row-push').count()) === 2);
  });
});
