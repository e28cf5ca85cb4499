import { readFileSync } from 'node:fs';
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

const menuGet = '/cgi-bin/menu/get';

describe('the rows of the requests', () => {
  test('say what a call does, how long it took and who asked', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await simulator.control('faults', { path: menuGet, delay: '120ms' });
    await fetch(`${simulator.url}${menuGet}`, { headers: { 'user-agent': 'curl/8.5.0' } });
    const row = page.getByRole('button', { name: /menu\/get/ });
    await row.getByText('Read API-made menus (default and conditional)').waitFor();
    await row.getByText('curl/8.5.0').waitFor();
    const ms = /(\d+) ms/.exec(await row.innerText())?.[1];
    expect(Number(ms)).toBeGreaterThanOrEqual(120);
    await page.getByRole('button', { name: '中文' }).click();
    await row.getByText('获取自定义菜单配置').waitFor();
  });

  test('put repeated calls together, which a count opens', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    for (let call = 0; call < 4; call += 1) await fetch(`${simulator.url}${menuGet}`);
    const rows = page.locator('.row');
    const count = page.getByRole('button', { name: '×4 identical calls: show all' });
    await count.waitFor();
    await expect.poll(() => rows.count()).toBe(1);
    await count.click();
    await until(async () => (await rows.count()) === 4);
    await fetch(`${simulator.url}${menuGet}`);
    await until(async () => (await rows.count()) === 5);
    await page.getByRole('button', { name: '×5 identical calls: show all' }).click();
    await until(async () => (await rows.count()) === 1);
  });

  test('mark what came while nobody looked, and count it on the tab', async () => {
    const simulator = await startConfigured();
    await fetch(`${simulator.url}/cgi-bin/token`);
    const page = await openPage(simulator.url);
    await page.getByRole('button', { name: /cgi-bin\/token/ }).waitFor();
    await expect.poll(() => page.locator('.row-new').count()).toBe(0);
    await page.locator('#tab-api').click();
    await fetch(`${simulator.url}${menuGet}`);
    await page.locator('#tab-requests .count').getByText('1', { exact: true }).waitFor();
    await page.locator('#tab-requests').click();
    await page.locator('.row').filter({ hasText: menuGet }).locator('.row-new').waitFor();
    await expect.poll(() => page.locator('.row-new').count()).toBe(1);
    await expect.poll(() => page.locator('#tab-requests .count').count()).toBe(0);
    await page.locator('#tab-api').click();
    await page.locator('#tab-requests').click();
    await page.locator('.row').first().waitFor();
    await expect.poll(() => page.locator('.row-new').count()).toBe(0);
  });

  test('are walked and searched with single keys, but not while somebody writes', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    for (const path of ['/cgi-bin/token', menuGet, '/cgi-bin/getcallbackip'])
      await fetch(simulator.url + path);
    await until(async () => (await page.locator('.row').count()) === 3);
    await page.keyboard.press('j');
    await page.locator('.row-head:focus', { hasText: 'getcallbackip' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.row-detail').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.locator('.row-head:focus', { hasText: '/cgi-bin/token' }).waitFor();
    await page.keyboard.press('k');
    await page.locator('.row-head:focus', { hasText: menuGet }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('jk/');
    expect(await page.getByRole('searchbox', { name: 'Search the requests' }).inputValue()).toBe('jk/');
  });

  test('are cleared without a reset', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await fetch(`${simulator.url}${menuGet}`);
    await until(async () => (await page.locator('.row').count()) === 2);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('No requests yet').waitFor();
    await page.getByRole('button', { name: 'Unfollow' }).waitFor();
    expect(await simulator.control('requests')).toEqual([]);
    expect(await simulator.control('pushes')).toEqual([]);
  });
});

test('the requests are saved as an archive for the tools of browsers', async () => {
  const simulator = await startConfigured();
  const page = await openPage(simulator.url);
  const save = page.getByRole('button', { name: 'Save as HAR' });
  expect(await save.isDisabled()).toBe(true);
  await fetch(`${simulator.url}${menuGet}`);
  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toBe('requests.har');
  const har = JSON.parse(readFileSync(await download.path(), 'utf8')) as { log: { entries: unknown } };
  expect(har.log.entries).toMatchObject([{ request: { url: `${simulator.url}${menuGet}` } }]);
});

test('a call that answers an example says so', async () => {
  const simulator = await startConfigured(undefined, 'plain', ['--examples']);
  const page = await openPage(simulator.url);
  await simulator.control('call', { method: 'POST', path: '/cgi-bin/wxopen/qrcodejumpget', body: {} });
  const row = page.getByRole('button', { name: /qrcodejumpget/ });
  await row.getByText('documentation example').waitFor();
});

test('a snapshot that is restored shows its people, and no request of later', async () => {
  const simulator = await startConfigured();
  const page = await openPage(simulator.url);
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  await simulator.control('snapshot', { name: 'start' });
  await follow(page);
  await fetch(`${simulator.url}${menuGet}`);
  await until(async () => (await page.locator('.row').count()) === 2);
  await simulator.control('restore', { name: 'start' });
  await page.getByText('No requests yet').waitFor();
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
});

describe('the requests', () => {
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
    await page.getByText('No matches').waitFor();
  });
});

describe('a flood of calls', () => {
  test('leaves the page responsive and the list bounded', { timeout: 60_000 }, async () => {
    const simulator = await startConfigured();
    await simulator.control('callback', { url: null });
    const { openid } = (await simulator.control('followers', { nickname: 'Li Lei' })) as { openid: string };
    await simulator.control(`phone/${openid}/send`, { type: 'text', text: 'early' });
    const call = (index: number) => fetch(`${simulator.url}/cgi-bin/none/${index}`);
    const burst = (from: number) => Promise.all(Array.from({ length: 50 }, (_, index) => call(from + index)));
    for (let sent = 0; sent < 900; sent += 50) await burst(sent);
    const page = await openPage(simulator.url);
    for (let sent = 900; sent < 1050; sent += 50) await burst(sent);
    // By itself, so that nothing of the bursts is on its way any more when it is shown.
    await call(1050);
    await page.getByRole('button', { name: 'none/1050' }).waitFor();
    // The log keeps a thousand, and so does the page; a push is beside them.
    await page.getByText('1001 entries').waitFor();
    const rows = page.locator('.row');
    expect(await rows.count()).toBe(100);
    expect(await rows.last().evaluate((row) => getComputedStyle(row).contentVisibility)).toBe('auto');
    await page.evaluate(() => {
      const changed = Object.assign(globalThis, { changed: { rows: 0, others: 0 } }).changed;
      new MutationObserver((changes) => {
        for (const { target, addedNodes, removedNodes } of changes) {
          changed.rows += target instanceof HTMLUListElement ? addedNodes.length + removedNodes.length : 0;
          changed.others += target instanceof HTMLUListElement ? 0 : 1;
        }
      }).observe(document.querySelector('.requests') ?? document, {
        subtree: true,
        childList: true,
        attributes: true,
      });
    });
    await call(1051);
    await page.getByRole('button', { name: 'none/1051' }).waitFor();
    // One row comes, one goes, and nothing is done to any other.
    expect(await page.evaluate('changed')).toEqual({ rows: 2, others: 0 });
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows.count()).toBe(200);
    await page.locator('#tab-settings').click();
    await page.getByRole('heading', { name: 'Message server' }).waitFor();
    await page.locator('#tab-requests').click();
    await expect.poll(() => rows.count()).toBe(100);
    // What somebody is led to is there, however old it is.
    await page
      .getByRole('log')
      .getByRole('button', { name: /went nowhere/ })
      .click();
    await page.locator('.row-push .row-detail').getByText('early').first().waitFor();
  });
});

describe('a push', () => {
  test('in safe mode shows the plain message beside its ciphertext, and how both signatures are made', async () => {
    const simulator = await startConfigured(undefined, 'safe');
    const page = await openPage(simulator.url);
    await follow(page);
    await write(page, 'a secret word');
    await page.getByRole('button', { name: /PUSH.*text/ }).click();
    const plain = page.getByRole('region', { name: 'Message in plain text' });
    const sent = page.getByRole('region', { name: 'As sent – safe mode' });
    expect(await plain.innerText()).toContain('a secret word');
    const cipher = await sent.innerText();
    expect(cipher).toContain('<Encrypt>');
    expect(cipher).not.toContain('a secret word');
    const [left, right] = [await plain.boundingBox(), await sent.boundingBox()];
    expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThan(right?.x ?? 0);
    await page.getByText('How signature is computed').waitFor();
    await page.getByText('How msg_signature is computed').waitFor();
    expect(simulator.pushed().at(-1)).not.toContain('a secret word');
  });

  test('tells a reply that the platform does not take, and what the person sees', async () => {
    const simulator = await startConfigured((_request, response) => response.end('<html>oops</html>'));
    const page = await openPage(simulator.url);
    await follow(page);
    await page.getByRole('button', { name: /PUSH.*subscribe.*invalid reply/ }).click();
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
