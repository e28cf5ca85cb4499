/** A coffee shop's account with something on every panel: what the pictures of the page show. */
import type { Page } from 'playwright-core';
import { sealReply } from '../../src/core/callback/callback.ts';
import { decodeEncodingAESKey, decryptMessage } from '../../src/core/callback/message-crypto.ts';
import { callbackToken } from '../helpers/callback-server.ts';
import { replyTo, startConfigured, textReply, type ConfiguredSimulator } from './browser.ts';

export interface Scene {
  readonly simulator: ConfiguredSimulator;
  readonly openid: string;
  /** A text that stands at the end of the chat. */
  readonly last: string;
}

const words = {
  en: {
    account: 'Corner Coffee',
    person: 'Li Lei',
    welcome:
      'Welcome to the coffee shop! Write "today", or see <a href="https://example.com/menu">the menu</a>.',
    ask: 'today',
    title: 'Today: pour-over coffee and sea salt bread',
    text: 'Show this message for 20 % off',
    buttons: ['Order', 'Offers', 'Me'],
    offers: ['Today', 'Scan to win', 'Shops near you'],
    points: 'You have 128 points',
    done: 'Your order A17 is ready',
    template: ['Pour-over coffee', '¥39.80', '15 January 2026'],
  },
  zh: {
    account: '街角咖啡',
    person: '小明',
    welcome: '欢迎关注街角咖啡！回复“今日”查看推荐，或看看<a href="https://example.com/menu">今日菜单</a>。',
    ask: '今日',
    title: '今日推荐：手冲咖啡与海盐面包',
    text: '凭本消息到店享八折',
    buttons: ['点单', '优惠', '我的'],
    offers: ['今日推荐', '扫码有礼', '附近门店'],
    points: '您有 128 积分',
    done: '您的订单 A17 已备好，请到店领取',
    template: ['手冲咖啡', '39.80元', '2026年1月15日'],
  },
} as const;

/** Steam over a cup. */
const cover = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 140"><rect width="360" height="140" fill="#d9c7ae"/><circle cx="286" cy="34" r="52" fill="#e8dac5"/><path d="M120 66h96v26a34 34 0 0 1-34 34h-28a34 34 0 0 1-34-34z" fill="#fffaf2"/><path d="M216 74h10a16 16 0 0 1 0 32h-12" fill="none" stroke="#fffaf2" stroke-width="8"/><path d="M126 74h84v8h-84z" fill="#5b3a21"/><path d="M148 52q-8-10 0-20t0-20M168 52q-8-10 0-20t0-20M188 52q-8-10 0-20t0-20" fill="none" stroke="#b79f80" stroke-width="4" stroke-linecap="round"/></svg>`;

/** The same cup, as small as an account's picture. */
const logo =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADAAAAAwCAIAAADYYG7QAAACoUlEQVR4nOyXX2hSURjAz9TsKdada26a7o9sKVu62gxyPvTvpUYQBDEo2EPU06CgR6GHRbGX1R5iULTqoaKHhChYQUxmLIOW7V9tzrncNCfXed1UiE1TOyL0sLz33HPvuPPh/h4OH9/9Dv44955zPmUXLfWglJCAEkMUQiEKoRCFUGALyXfLzR1W5gwfZACTk2c6zVarTCb97HTSZYQTkkqk7RYLDGJRii4jqFCVWlUmkSTi8fkf3+kyggplsxk4ZjIZhgxP8D7qSDi8ubFBVFSotVq6jKBCuWzuk8MBg/11dXQZnkiNGgJrwkowmEwkxsfGGDJ8KBP7IQQlJ4Te9s9GpwA/Lh0zsS/Gvjo4YGhth2NslSRDQWSxEEK2gaFCkFxf+/j+zavH99OpFF2xoN/Qnr1EZ1d33xO7QqmiqxFihW5fv5y3KSeaWlqPnz2vVGt7bvb19nTncjmwI0Jzk18LwRfnB7dr1HbvUWOz6eiJ066R4f+Lhd72cxPjFBmGQYO+uWjBDpxDa1QUjlUqTdGnQryyLRCKSjiSoUDRp+gVisd4tYJbphsOmRXKGhgsLXiK1qNXaNnnMR7pAFyJRsKFg7GcUOgMB0+duwDjwKIXfuCAq9A8HyGdvuXfwVgAvqy7tmvp1CbgLAS2CXhSO4df258OMpzUaKEJlzP406tpaAL4/PL7ng/2/0nnf55aJSMs7jJWDZqmvvHWwxeyXXKAA/SwXekKLS1izWJ1DgX9Cy8fDABM4BRcG8C+p/bNzqxTUbhf2KzT72RiqL/X8dYO8MFo8v3eWdfIu1rdgX01aoYyeDncuXHVOzMJOMGlya/W1OqNbXpTm954uLI630hQ5Ipn+ptnyu2ZdocDy4AH4r8OFKIQClEIhSiEQhRC8RcAAP//+as68QAAAAZJREFUAwBZRwZCuzo3OQAAAABJRU5ErkJggg==';

export async function startScene(language: 'en' | 'zh'): Promise<Scene> {
  const said = words[language];
  /** What the shop's server answers to a message in the clear. */
  const answer = (push: string, host: string): string => {
    if (push.includes('[subscribe]')) return textReply(push, said.welcome);
    if (push.includes('[ME]')) return textReply(push, said.points);
    if (!push.includes(`[${said.ask}]`)) return 'success';
    const picture = `http://${host}/cover.svg`;
    const article = `<item><Title>${said.title}</Title><Description>${said.text}</Description><PicUrl>${picture}</PicUrl><Url>https://example.com/today</Url></item>`;
    return replyTo(push, 'news', `<ArticleCount>1</ArticleCount><Articles>${article}</Articles>`);
  };
  const answerSafely = (encrypt: string, host: string): string => {
    const key = decodeEncodingAESKey(simulator.env['WECHAT_MP_AES_KEY'] ?? '');
    const secrets = { callbackToken, key, appId: simulator.appid };
    const reply = answer(decryptMessage({ encrypt, ...secrets }), host);
    const random16 = new Uint8Array(16);
    return sealReply({ ...secrets, reply, format: 'xml', timestamp: 1, nonce: '1', random16 });
  };
  const simulator = await startConfigured(
    ({ url, headers: { host = '' }, body }, response) => {
      const encrypt = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1];
      if (url.startsWith('/cover')) response.setHeader('content-type', 'image/svg+xml').end(cover);
      else response.end(encrypt === undefined ? answer(body, host) : answerSafely(encrypt, host));
    },
    'plain',
    ['--seed', '7'],
  );
  await simulator.control('settings', { name: said.account, picture: logo });
  const { openid } = (await simulator.control('followers', {
    nickname: said.person,
    subscribed: false,
  })) as { openid: string };
  const call = (path: string, body: unknown): Promise<unknown> =>
    simulator.control('call', { method: 'POST', path, body });
  const [order, offers, me] = said.buttons;
  const [today, scan, near] = said.offers;
  await call('/cgi-bin/menu/create', {
    button: [
      { type: 'view', name: order, url: 'https://example.com/order' },
      {
        name: offers,
        sub_button: [
          { type: 'click', name: today, key: 'TODAY' },
          { type: 'scancode_waitmsg', name: scan, key: 'SCAN' },
          { type: 'location_select', name: near, key: 'NEAR' },
        ],
      },
      { type: 'click', name: me, key: 'ME' },
    ],
  });
  await call('/cgi-bin/qrcode/create', {
    expire_seconds: 604_800,
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: 'table-12' } },
  });
  await call('/cgi-bin/menu/create', { button: [] });
  await simulator.control(`phone/${openid}/follow`, {});
  await simulator.control(`phone/${openid}/send`, { type: 'text', text: said.ask });
  const { template } = (await simulator.control('templates')) as {
    readonly template: readonly { readonly template_id: string }[];
  };
  const values = said.template.map((value, index) => [`keyword${index + 1}`, { value }]);
  await call('/cgi-bin/message/template/send', {
    touser: openid,
    template_id: template[0]?.template_id,
    url: 'https://example.com/order/17',
    data: Object.fromEntries(values),
  });
  await call('/cgi-bin/message/custom/send', {
    touser: openid,
    msgtype: 'text',
    text: { content: said.done },
  });
  return { simulator, openid, last: said.done };
}

/** The same time of day on every picture. */
export async function stopTheWallClock(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.Date = class extends Date {
      override getHours(): number {
        return 9;
      }
      override getMinutes(): number {
        return 41;
      }
      override getSeconds(): number {
        return 7;
      }
    } as DateConstructor;
  });
  await page.reload();
  await page.locator('.live-live').waitFor();
}
