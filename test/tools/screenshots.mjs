// Pictures of the simulator's page, for the documentation and for looking at:
// `node test/tools/screenshots.mjs <folder> [built folder]`. Needs Chromium.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [target = 'screenshots', given] = process.argv.slice(2);
const scratch = mkdtempSync(path.join(tmpdir(), 'wechat-mp-shots-'));
const built = given ?? path.join(scratch, 'built');
if (given === undefined) {
  execFileSync(process.execPath, [path.join(root, 'test/tools/build.mjs'), built], { stdio: 'inherit' });
}
mkdirSync(target, { recursive: true });

const reply =
  (type, fields) =>
  ({ openid, account }) =>
    `<xml><ToUserName>${openid}</ToUserName><FromUserName>${account}</FromUserName><CreateTime>1</CreateTime><MsgType>${type}</MsgType>${fields}</xml>`;
const replies = {
  subscribe: reply(
    'text',
    '<Content><![CDATA[欢迎关注！回复“今日”看<a href="https://example.com/menu">今日菜单</a>。]]></Content>',
  ),
  今日: reply(
    'news',
    '<ArticleCount>1</ArticleCount><Articles><item><Title>今日推荐：手冲咖啡与海盐面包</Title><Description>凭本消息到店享八折</Description><PicUrl>https://example.com/a.jpg</PicUrl><Url>https://example.com/today</Url></item></Articles>',
  ),
  CLICK: reply('text', '<Content>您的订单 20261121 已备好，请凭取餐码 A17 到店领取。</Content>'),
};

/** The account's own server: answers by event or by the text. */
const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  let body = '';
  for await (const chunk of request) body += chunk;
  const tag = (name) =>
    new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`).exec(body)?.[1];
  const answer = replies[tag('Event') ?? tag('Content')];
  const people = { openid: tag('FromUserName'), account: tag('ToUserName') };
  response.end(url.searchParams.get('echostr') ?? answer?.(people) ?? 'success');
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const child = spawn(
  process.execPath,
  [path.join(built, 'start.js'), 'simulator', '--port', '0', '--json', '--seed', '7'],
  { env: { PATH: process.env.PATH, HOME: scratch }, stdio: ['ignore', 'pipe', 'ignore'] },
);
const ready = JSON.parse(String((await once(child.stdout, 'data'))[0]).split('\n')[0]);
child.stdout.resume();

async function control(name, body) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return await (await fetch(`${ready.url}/_ctl/${name}`, init)).json();
}

const call = (method, place, body) => control('call', { method, path: place, ...(body && { body }) });

await control('callback', {
  url: `http://127.0.0.1:${server.address().port}/wechat`,
  mode: 'plain',
});
await call(
  'POST',
  '/cgi-bin/menu/create',
  JSON.parse(readFileSync(path.join(root, 'menus/basic.json'), 'utf8')),
);
await call('POST', '/cgi-bin/qrcode/create', {
  expire_seconds: 604800,
  action_name: 'QR_STR_SCENE',
  action_info: { scene: { scene_str: 'table-12' } },
});
await call('POST', '/cgi-bin/menu/create', { button: [] });
await call('GET', '/cgi-bin/ticket/getticket');

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const problems = [];

async function openPage(language, size, colorScheme = 'light') {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme,
  });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(ready.url);
  await page.locator('.live-live').waitFor();
  return page;
}

/** The chat that all pictures show. */
async function chat(page) {
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  await page.getByText('欢迎关注').waitFor();
  await page.getByRole('button', { name: /Write a message/ }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('今日');
  await page.keyboard.press('Enter');
  await page.getByText('今日推荐').waitFor();
}

const first = await openPage('en', 'desktop');
await chat(first);
await first.context().close();

for (const language of ['zh', 'en']) {
  for (const size of Object.keys(sizes)) {
    for (const scheme of language === 'zh' ? ['light', 'dark'] : ['light']) {
      const page = await openPage(language, size, scheme);
      const name = (part) =>
        path.join(target, `${part}-${language}-${size}${scheme === 'dark' ? '-dark' : ''}.png`);
      const tabs = ['traffic', 'api', 'settings', 'jssdk'];
      if (size === 'phone') await page.screenshot({ path: name('phone') });
      for (const tab of tabs) {
        await page.locator(`#tab-${tab}`).click();
        await page.locator(`.panel-${tab} > *`).first().waitFor();
        await page.screenshot({ path: name(tab) });
      }
      await page.locator('#tab-traffic').click();
      await page.locator('.row-push .row-head').first().click();
      await page.locator('.row-detail').waitFor();
      await page.screenshot({ path: name('push') });
      await page.locator('#tab-api').click();
      await page.getByRole('searchbox').fill('menu/create');
      await page.locator('#api-body').fill('{"button":[]}');
      await page.locator('form .primary[type="submit"]').first().click();
      await page.locator('.answer .explained').waitFor();
      await page.locator('.answer').scrollIntoViewIfNeeded();
      await page.screenshot({ path: name('api-answer') });
      if (size === 'phone') await page.locator('#tab-phone').click();
      await page.locator('.menu-top > button[aria-expanded]').click();
      await page.screenshot({ path: name('menu') });
      await page.keyboard.press('Escape');
      await page.locator('.switch').click();
      await page.locator('.round').click();
      await page.screenshot({ path: name('kinds') });
      await page.locator('.screen-head button').first().click();
      await page.locator('dialog .codes').waitFor();
      await page.screenshot({ path: name('scan') });
      await page.context().close();
    }
  }
}

await browser.close();
child.kill();
server.close();
rmSync(scratch, { recursive: true, force: true });
for (const problem of new Set(problems)) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
