import { beforeEach, describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  redPicture,
  replyTo,
  sizes,
  startConfigured,
  textReply,
  until,
  write,
} from './browser.ts';
import { findCutTexts, seriousFaults } from './looks.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

describe('the other settings', () => {
  test('move the clock, close the account to addresses, and plant a fault', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#settings`);
    await page.getByRole('button', { name: '2 hours' }).click();
    await page.getByText('Clock +2 h').waitFor();
    expect(await simulator.control('clock')).toMatchObject({ offset_ms: 7_200_000 });

    await page.getByLabel('IP whitelist').check();
    await page.getByLabel(/^Addresses/).fill('203.0.113.7\n203.0.113.8');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await simulator.control('settings')).toMatchObject({ whitelist: ['203.0.113.7', '203.0.113.8'] });

    await page.getByRole('button', { name: 'Add fault' }).click();
    await page.locator('.faults').getByText('45009').waitFor();
    expect(await simulator.control('faults')).toMatchObject([{ path: '/cgi-bin/menu/get', errcode: 45009 }]);
  });

  test('keep an empty whitelist an empty one: nobody may call', async () => {
    const simulator = await startConfigured();
    await simulator.control('scenario', { name: 'ip-not-allowed' });
    const page = await openPage(`${simulator.url}/#settings`);
    expect(await page.getByLabel('IP whitelist').isChecked()).toBe(true);
    await page.getByLabel('Account type').selectOption('personal account');
    await page.getByLabel('Applies to').selectOption('secret');
    await page.getByLabel(/UnionID/).check();
    await page.getByLabel(/comments/).uncheck();
    await page.getByLabel(/chunked/).check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await simulator.control('settings')).toMatchObject({
      whitelist: [],
      whitelist_scope: 'secret',
      account_type: 'personal',
      open_platform: true,
      comments: false,
      accept_chunked: true,
    });
    expect(await page.getByLabel('Account type').inputValue()).toBe('personal');
    await page.getByLabel('IP whitelist').uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await until(
      async () => ((await simulator.control('settings')) as { whitelist: unknown }).whitelist === null,
    );
  });

  test('let the administrator allow an address that asked', async () => {
    const simulator = await startConfigured();
    await simulator.control('settings', { whitelist: [], ip_confirmation: true });
    const page = await openPage(`${simulator.url}/#settings`);
    const token = async (): Promise<unknown> =>
      (
        (await (
          await fetch(
            `${simulator.url}/cgi-bin/token?grant_type=client_credential&appid=${simulator.appid}&secret=${simulator.secret}`,
          )
        ).json()) as { readonly errcode?: number }
      ).errcode;
    expect(await token()).toBe(89503);
    await page.getByRole('button', { name: 'Refuse 127.0.0.1' }).click();
    await page.getByText('refused', { exact: true }).waitFor();
    expect(await token()).toBe(89507);
    await page.getByRole('button', { name: 'Allow 127.0.0.1' }).click();
    await page.getByText('allowed', { exact: true }).waitFor();
    expect(await token()).toBeUndefined();
  });

  test('plant a fault of each kind, from the nth call on, and take them away', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#settings`);
    const kind = page.getByLabel('Answer with');
    await kind.waitFor();
    const names = await kind
      .locator('option')
      .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
    expect(names.length).toBeGreaterThan(7);
    await page.getByLabel('Good calls first').fill('2');
    await page.getByLabel('Delay').fill('1s');
    for (const [index, name] of names.entries()) {
      await kind.selectOption(name);
      await page.getByRole('button', { name: 'Add fault' }).click();
      await until(async () => (await page.locator('.faults li').count()) === index + 1);
    }
    expect(await simulator.control('faults')).toMatchObject([
      { errcode: 45009, skip: 2, delay: '1000ms' },
      { status: 502 },
      { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } },
      { body: '{"errcode":' },
      { status: 307, headers: { location: 'http://127.0.0.1:9/' } },
      { drop: true },
      { partial: 10 },
      { bomb: 100 },
      { delay: '1000ms' },
    ]);
    await page.getByRole('button', { name: 'Clear all faults' }).click();
    await until(async () => (await page.locator('.faults li').count()) === 0);
    expect(await simulator.control('faults')).toEqual([]);
  });

  test('change a quota, and give back the platform’s own', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#settings`);
    await page.getByLabel('Path', { exact: true }).fill('/cgi-bin/menu/get');
    await page.getByLabel('Calls a day').fill('0');
    await page.getByRole('button', { name: 'Set the quota' }).click();
    const quota = async (): Promise<unknown> =>
      ((await simulator.control('settings')) as { readonly quotas: unknown }).quotas;
    await until(async () => JSON.stringify(await quota()) === '{"/cgi-bin/menu/get":0}');
    expect(await simulator.control('call', { path: '/cgi-bin/menu/get' })).toMatchObject({ errcode: 45009 });
    await page.getByLabel('Calls a day').fill('');
    await page.getByRole('button', { name: 'Set the quota' }).click();
    await until(async () => JSON.stringify(await quota()) === '{}');
  });

  test('answer by themselves while no server is configured', async () => {
    const simulator = await startConfigured();
    await simulator.control('callback', { url: null });
    const page = await openPage(`${simulator.url}/#settings`);
    await page.getByLabel('To new followers').fill('欢迎');
    await page.getByLabel('To texts with a keyword').fill('营业 = 9:00 = 21:00\nno rule\n');
    await page.getByLabel('To everything else').fill('Ask again');
    await page.getByRole('button', { name: 'Save the replies' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await page.getByLabel('To texts with a keyword').inputValue()).toBe('营业 = 9:00 = 21:00');
    await follow(page);
    await page.getByRole('log').getByText('欢迎').waitFor();
    await write(page, '几点营业？');
    await page.getByRole('log').getByText('9:00 = 21:00').waitFor();
    await write(page, 'hello');
    await page.getByRole('log').getByText('Ask again').waitFor();
  });

  test('show automatic replies as they are after a reset, not as they were', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#settings`);
    await page.getByLabel('To new followers').fill('Welcome');
    await page.getByRole('button', { name: 'Save the replies' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await simulator.control('reset', {});
    await until(async () => (await page.getByLabel('To new followers').inputValue()) === '');
  });

  test('list the templates with their ids', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#settings`);
    const { template } = (await simulator.control('templates')) as {
      readonly template: readonly { readonly template_id: string; readonly title: string }[];
    };
    await page.getByRole('button', { name: `Copy the id of ${template[0]?.title}` }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(template[0]?.template_id);
  });

  test('list a template that a call has just made, and no more when it is deleted', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#settings`);
    const copies = page.getByRole('button', { name: /^Copy the id of/ });
    await copies.first().waitFor();
    const before = await copies.count();
    const call = async (name: string, body: unknown): Promise<unknown> =>
      simulator.control('call', { method: 'POST', path: `/wxaapi/newtmpl/${name}`, body });
    const { body } = (await call('addtemplate', { tid: '99', kidList: [1, 2] })) as {
      readonly body: { readonly priTmplId: string };
    };
    await expect.poll(() => copies.count()).toBe(before + 1);
    await call('deltemplate', { priTmplId: body.priTmplId });
    await expect.poll(() => copies.count()).toBe(before);
  });

  test('list faults as sentences, each with a button that removes it', async () => {
    const simulator = await startConfigured();
    const path = '/cgi-bin/menu/get';
    for (const errcode of [45009, 40001]) await simulator.control('faults', { path, errcode });
    const page = await openPage(simulator.url, { panel: 'settings' });
    await page.getByRole('button', { name: `Remove: The next call to ${path} gets errcode 45009` }).click();
    await expect.poll(() => page.locator('.faults li').count()).toBe(1);
    expect(await simulator.control('faults')).toMatchObject([{ errcode: 40001 }]);
  });
});

describe('customer service', () => {
  const account = 'a@test';

  test('is invited, comes online, takes who waits, writes to them and ends it', async () => {
    const simulator = await startConfigured(({ body }, response) =>
      response.end(body.includes('[text]') ? replyTo(body, 'transfer_customer_service', '') : 'success'),
    );
    const page = await openPage(simulator.url, { panel: 'settings' });
    const box = page.getByRole('region', { name: 'Customer service' });
    await box.getByText(/^None yet/).waitFor();
    await box.getByText(/^Nobody: a person waits/).waitFor();
    const call = (name: string, body: object): Promise<unknown> =>
      simulator.control('call', { method: 'POST', path: `/customservice/kfaccount/${name}`, body });
    await call('add', { kf_account: account, nickname: '小客服' });
    await call('inviteworker', { kf_account: account, invite_wx: 'wx_worker' });
    await box.getByRole('button', { name: `Accept: ${account}` }).click();
    await box.getByRole('button', { name: `Go online: ${account}` }).click();
    await box.getByRole('button', { name: `Go offline: ${account}` }).waitFor();
    await follow(page);
    await write(page, 'Where is my order?');
    await box.getByText('Where is my order?', { exact: true }).waitFor();
    await box.getByText(/^waits since/).waitFor();
    for (const size of [sizes.phone, sizes.desktop]) {
      await page.setViewportSize(size);
      // The page hears of its new size a moment later.
      await expect.poll(() => findCutTexts(page)).toEqual([]);
    }
    await box.getByRole('button', { name: 'Take' }).click();
    await box.getByText(new RegExp(`^with ${account} since`)).waitFor();
    await box.getByLabel('Write to Xiao Ming 小明').fill('It is on its way');
    await box.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('log').getByText('It is on its way').waitFor();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousFaults(page)).toEqual([]);
    }
    await box.getByRole('button', { name: 'End the session of Xiao Ming 小明' }).click();
    await box.getByText(/^Nobody: a person waits/).waitFor();
    expect(simulator.pushed().filter((text) => /kf_(?:create|close)_session/.test(text))).toHaveLength(2);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('region', { name: '客服' }).getByText('小客服').waitFor();
    expect(await findCutTexts(page)).toEqual([]);
  });
});

describe('the name and the picture of the account', () => {
  /** As the page would see it: its width, and the colour of its middle. */
  const look = (picture: Locator): Promise<unknown> =>
    picture.evaluate(async (image) => {
      const { naturalWidth } = image as HTMLImageElement;
      const bitmap = await createImageBitmap(image as HTMLImageElement);
      const drawing = new OffscreenCanvas(1, 1).getContext('2d');
      drawing?.drawImage(bitmap, naturalWidth / 2, naturalWidth / 2, 1, 1, 0, 0, 1, 1);
      return [naturalWidth, ...(drawing?.getImageData(0, 0, 1, 1).data ?? [])];
    });

  test('stand in the head, over the chat and beside what the account says', async () => {
    const simulator = await startConfigured(({ body }, response) => response.end(textReply(body, 'hello')));
    const page = await openPage(simulator.url, { panel: 'settings' });
    await follow(page);
    const avatar = page.locator('.from-account .avatar');
    await avatar.getByText('OA', { exact: true }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill(' 街角咖啡 ');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: '街角咖啡', exact: true }).waitFor();
    await page.locator('.head-appid').getByText('街角咖啡').waitFor();
    await avatar.getByText('街', { exact: true }).waitFor();

    await page.getByLabel('Choose a picture').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: redPicture,
    });
    await expect.poll(() => look(avatar.locator('img'))).toEqual([132, 255, 0, 0, 255]);
    expect(await seriousFaults(page)).toEqual([]);
    expect(await findCutTexts(page)).toEqual([]);
    await page.reload();
    await expect.poll(() => look(avatar.locator('img'))).toEqual([132, 255, 0, 0, 255]);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await avatar.getByText('街', { exact: true }).waitFor();
    expect(await simulator.control('settings')).toMatchObject({ name: '街角咖啡', picture: null });
  });

  test('are left as they are by a file that is no picture', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { panel: 'settings' });
    await page.getByLabel('Choose a picture').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture'),
    });
    await page.getByText('The browser cannot read this file as a picture').waitFor();
    expect(await simulator.control('settings')).toMatchObject({ picture: null });
  });
});
