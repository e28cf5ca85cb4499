import { createServer } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { listening } from '../helpers/listening.ts';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  redPicture,
  startConfigured,
  textReply,
  until,
  write,
  type ConfiguredSimulator,
} from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

interface Answer {
  readonly errcode: number | null;
  readonly body: Readonly<Record<string, unknown>>;
}

async function call(simulator: ConfiguredSimulator, path: string, body: unknown): Promise<Answer> {
  return (await simulator.control('call', { method: 'POST', path, body })) as Answer;
}

/** The person whose phone the page shows. */
async function theOpenid(simulator: ConfiguredSimulator): Promise<string> {
  const [first] = (await simulator.control('followers')) as readonly { readonly openid: string }[];
  return first?.openid ?? '';
}

async function sendCustom(simulator: ConfiguredSimulator, message: object): Promise<void> {
  const body = { touser: await theOpenid(simulator), ...message };
  const { errcode } = await call(simulator, '/cgi-bin/message/custom/send', body);
  expect(errcode).toBe(0);
}

describe('the title of the chat', () => {
  test('says that the account is typing, until its message is there', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await write(page, 'hello');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    const typing = { touser: await theOpenid(simulator), command: 'Typing' };
    await call(simulator, '/cgi-bin/message/custom/typing', typing);
    await page.getByRole('heading', { name: 'Typing…' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Typing…' }).waitFor();
    await sendCustom(simulator, { msgtype: 'text', text: { content: 'Here I am' } });
    await page.getByRole('log').getByText('Here I am').waitFor();
    expect(await page.locator('.screen-head h2').innerText()).toBe('Your account');

    await call(simulator, '/cgi-bin/message/custom/typing', typing);
    await page.getByRole('heading', { name: 'Typing…' }).waitFor();
    await call(simulator, '/cgi-bin/message/custom/typing', { ...typing, command: 'CancelTyping' });
    // By itself it would end after 15 seconds.
    await page.getByRole('heading', { name: 'Your account' }).waitFor({ timeout: 7000 });
  });
});

describe('media', () => {
  test('are sent as files, reach the server by their ids, and are shown', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await page.getByRole('button', { name: 'More message types' }).click();
    await page.getByRole('button', { name: 'Picture', exact: true }).click();
    await page
      .getByLabel('File')
      .setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: redPicture });
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    const own = page.locator('.from-person img.picture');
    await own.waitFor();
    expect(await own.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(2);
    const push = await until(() => simulator.pushed().find((text) => text.includes('[image]')));
    const mediaId = /<MediaId><!\[CDATA\[([^\]]+)\]\]>/.exec(push)?.[1];

    // The account sends the same picture back.
    await sendCustom(simulator, { msgtype: 'image', image: { media_id: mediaId } });
    const theirs = page.locator('.from-account img.picture');
    await theirs.waitFor();
    await until(() => theirs.evaluate((image) => (image as HTMLImageElement).naturalWidth === 2));
  });

  test('that are gone or cannot be played leave a card behind', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    // A header and one frame of AMR, as phones record it.
    const amr = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.from([0x04]), Buffer.alloc(12)]);
    await simulator.control(`phone/${await theOpenid(simulator)}/send`, {
      type: 'voice',
      data: `data:audio/amr;base64,${amr.toString('base64')}`,
    });
    await page.locator('.from-person .play').click();
    await page.getByText('The browser cannot play this voice').waitFor();
    await simulator.control(`phone/${await theOpenid(simulator)}/send`, { type: 'image' });
    await page.locator('.from-person img.picture').waitFor();
    await simulator.control('clock', { advance: '4d' });
    await page.reload();
    await page.locator('.from-person .picture-empty').waitFor();
  });
});

describe('a template message', () => {
  test('is a card with its lines, its colours and where it leads', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    const { template } = (await simulator.control('templates')) as {
      readonly template: readonly { readonly template_id: string; readonly title: string }[];
    };
    const answer = await call(simulator, '/cgi-bin/message/template/send', {
      touser: await theOpenid(simulator),
      template_id: template[0]?.template_id,
      url: 'https://example.com/order',
      data: {
        keyword1: { value: '<b>巧克力</b>', color: '#173177' },
        keyword2: { value: '39.8元' },
        keyword3: { value: '2026年1月15日' },
      },
    });
    expect(answer.errcode).toBe(0);
    const card = page.locator('.template');
    await card.getByText(template[0]?.title ?? '', { exact: true }).waitFor();
    const value = card.getByText('<b>巧克力</b>', { exact: true });
    expect(await value.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(23, 49, 119)');
    expect(await card.getByRole('link', { name: 'Details' }).getAttribute('href')).toBe(
      'https://example.com/order',
    );
    await page.getByRole('log').getByText('Template message').waitFor();
  });
});

describe('the question about subscription messages', () => {
  test('tells the server what was accepted and what was not, and lets the account send', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    const { subscription } = (await simulator.control('templates')) as {
      readonly subscription: readonly { readonly template_id: string; readonly title: string }[];
    };
    const [accepted, refused] = subscription;
    await page.getByRole('button', { name: 'More message types' }).click();
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await page.getByLabel(refused?.title ?? '').uncheck();
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    const event = await until(() =>
      simulator.pushed().find((text) => text.includes('subscribe_msg_popup_event')),
    );
    const list = Array.from(event.matchAll(/<List>.*?<\/List>/gs), ([entry]) => entry);
    expect(list.find((entry) => entry.includes(accepted?.template_id ?? ' '))).toContain('[accept]');
    expect(list.find((entry) => entry.includes(refused?.template_id ?? ' '))).toContain('[reject]');
  });
});

describe('a link in the chat', () => {
  test('opens as the person, who is known where the page asks for the openid', async () => {
    const opened: string[] = [];
    const shop = createServer((request, response) => {
      opened.push(request.url ?? '');
      response.end('<title>shop</title><h1>Shop</h1>');
    });
    const port = await listening(shop);
    const simulator = await startConfigured(({ body }, response) => {
      const redirect = encodeURIComponent(`http://127.0.0.1:${port}/welcome`);
      const url = `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${simulator.appid}&amp;redirect_uri=${redirect}&amp;response_type=code&amp;scope=snsapi_base&amp;state=s1#wechat_redirect`;
      response.end(body.includes('[text]') ? textReply(body, `<a href="${url}">Open</a>`) : 'success');
    });
    const page = await openPage(simulator.url);
    await follow(page);
    await write(page, 'shop');
    const popup = page.waitForEvent('popup');
    await page.getByRole('log').getByRole('link', { name: 'Open' }).click();
    const tab = await popup;
    await tab.getByRole('heading', { name: 'Shop' }).waitFor();
    const { searchParams, pathname } = new URL(opened[0] ?? '', 'http://localhost');
    expect({ pathname, state: searchParams.get('state') }).toEqual({ pathname: '/welcome', state: 's1' });
    expect(await tab.evaluate(() => window.opener === null)).toBe(true);
    const { env, appid } = simulator;
    const token = (await (
      await fetch(
        `${simulator.url}/sns/oauth2/access_token?appid=${appid}&secret=${env['WECHAT_MP_APPSECRET']}&code=${searchParams.get('code')}&grant_type=authorization_code`,
      )
    ).json()) as { readonly openid: string };
    expect(token.openid).toBe(await theOpenid(simulator));
  });
});

describe('about the person', () => {
  test('stands what the account knows, and a change of the name is told', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await page.getByRole('button', { name: 'About this person' }).click();
    const dialog = page.getByRole('dialog', { name: 'Xiao Ming 小明' });
    await dialog.getByText(await theOpenid(simulator), { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Change the name' }).click();
    await page.getByLabel('Name', { exact: true }).fill('韩梅梅');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog', { name: '韩梅梅' }).getByRole('button', { name: 'Close' }).click();
    await until(() => simulator.pushed().some((text) => text.includes('user_info_modified')));
    expect(await page.locator('#person option').first().innerText()).toBe('韩梅梅');
  });
});

describe('several accounts', () => {
  test('are switched in the head, each with its own people and traffic', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await expect.poll(() => page.getByRole('combobox', { name: 'Account' }).count()).toBe(0);
    const { appid } = (await simulator.control('accounts', {})) as { readonly appid: string };
    await page.reload();
    await page.getByRole('combobox', { name: 'Account' }).selectOption(appid);
    await page.getByText('No requests yet').waitFor();
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
    expect(await simulator.control(`followers?account=${appid}`)).toHaveLength(1);
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await page.getByRole('button', { name: 'Unfollow' }).waitFor();
    await page.getByRole('combobox', { name: 'Account' }).selectOption(simulator.appid);
    await page.locator('.row-push').first().waitFor();
    // An account that is gone leads back to the first.
    await page.evaluate(() => sessionStorage.setItem('wechat-mp.account', 'wx0000000000000000'));
    await page.reload();
    await page.getByRole('button', { name: 'Unfollow' }).waitFor();
  });
});
