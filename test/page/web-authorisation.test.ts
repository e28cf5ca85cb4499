/** The pages of web authorisation in a real browser, which sends what a browser sends and follows where it is led. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startCallbackServer } from '../helpers/callback-server.ts';
import { startSimulator } from '../helpers/command.ts';
import { closeBrowserAfterwards, needsChromium, openPage } from './browser.ts';

closeBrowserAfterwards();

/** A simulator with Alice, and a developer's page that sends everybody to authorise and then greets. */
async function start() {
  const simulator = await startSimulator();
  await simulator.control('followers', { openid: 'oAlice', nickname: 'Alice <b>' });
  const site = await startCallbackServer(({ query }, response) => {
    if (query.has('code')) {
      response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>');
      return;
    }
    const to = new URL('/connect/oauth2/authorize', simulator.url);
    to.search = new URLSearchParams({
      appid: simulator.appid,
      redirect_uri: site.url,
      response_type: 'code',
      scope: 'snsapi_userinfo',
      state: 'STATE1',
    }).toString();
    response.writeHead(302, { location: `${to.href}#wechat_redirect` }).end();
  });
  return { simulator, site };
}

async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document)')) as axe.AxeResults;
  return violations.map(({ id, impact }) => `${impact ?? ''} ${id}`);
}

const words = {
  en: { go: 'Continue', allow: 'Allow', refuse: 'Refuse', refused: 'You have refused' },
  zh: { go: '继续', allow: '允许', refuse: '拒绝', refused: '你已拒绝授权' },
} as const;

test.for(['en', 'zh'] as const)(
  'a browser chooses a person, allows, and reaches the site with a code (%s)',
  async (language, context) => {
    needsChromium(context);
    const { simulator, site } = await start();
    const page = await openPage(simulator.url, { language, size: 'phone' });
    await page.goto(site.url);
    await page.getByRole('radio', { name: 'Alice <b>' }).check();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: words[language].go }).press('Enter');
    await page.getByRole('button', { name: words[language].allow }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: words[language].allow }).click();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    expect(page.url()).toMatch(/\?code=\w{32}&state=STATE1$/);
  },
);

test('a page that a phone opens knows whose it is, and a refusal leads nowhere', async (context) => {
  needsChromium(context);
  const { simulator, site } = await start();
  const { url } = (await simulator.control('phone/oAlice/browse', { url: site.url })) as { url: string };
  const page = await openPage(simulator.url, { size: 'phone', dark: true });
  await page.goto(url);
  await page.getByText('You are Alice <b>').waitFor();
  await page.getByRole('button', { name: words.en.refuse }).click();
  await page.getByRole('heading', { name: words.en.refused }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(site.requests.filter(({ query }) => query.has('code'))).toEqual([]);
});
