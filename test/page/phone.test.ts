import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { run, temporaryFolder } from '../helpers/command.ts';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  replyTo,
  startConfigured,
  textReply,
  until,
  write,
  type ConfiguredSimulator,
} from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

function menuFile(menu: unknown): string {
  const file = path.join(temporaryFolder(), 'menu.json');
  writeFileSync(file, JSON.stringify(menu));
  return file;
}

async function pushMenu(simulator: ConfiguredSimulator, menu: unknown): Promise<void> {
  const { code, stderr } = await run(['menu', 'push', menuFile(menu), '--yes', '--no-backup'], {
    env: simulator.env,
  });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
}

describe('following', () => {
  test('shows the welcome reply, and unfollowing tells the server', async () => {
    const simulator = await startConfigured(({ body }, response) =>
      response.end(body.includes('[subscribe]') ? textReply(body, 'Welcome to the shop') : 'success'),
    );
    const page = await openPage(simulator.url);
    await follow(page);
    await page.getByRole('log').getByText('Welcome to the shop').waitFor();
    await page.getByRole('button', { name: 'Unfollow' }).click();
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
    const events = await until(() => simulator.pushed().length === 2 && simulator.pushed());
    expect(events[0]).toContain('<Event><![CDATA[subscribe]]></Event>');
    expect(events[1]).toContain('<Event><![CDATA[unsubscribe]]></Event>');
  });
});

describe('a text', () => {
  test('is never HTML, and only http links of the account are links', async () => {
    const attack = '<img src=x onerror="document.title=1">';
    const reply = `${attack}<a href="javascript:alert(1)">bad</a> <a href="https://example.com/a?b=1&c=2">good</a>`;
    const simulator = await startConfigured(({ body }, response) =>
      response.end(body.includes('[text]') ? textReply(body, reply) : 'success'),
    );
    const page = await openPage(simulator.url);
    await follow(page);
    await write(page, attack);
    await page.locator('.from-account .bubble').waitFor();
    expect(await page.locator('.from-person .bubble').innerText()).toBe(attack);
    expect(await page.locator('.from-account .bubble').innerText()).toBe(
      `${attack}<a href="javascript:alert(1)">bad</a> good`,
    );
    await expect.poll(() => page.getByRole('log').locator('img').count()).toBe(0);
    const links = page.getByRole('log').getByRole('link');
    await expect.poll(() => links.count()).toBe(1);
    expect(await links.getAttribute('href')).toBe('https://example.com/a?b=1&c=2');
    expect(await links.getAttribute('rel')).toBe('noopener noreferrer');
    expect(await page.title()).toBe('wechat-mp simulator');
  });
});

describe('replies', () => {
  test('of every type are shown as what they are', async () => {
    const media = '<MediaId><![CDATA[media-1]]></MediaId>';
    const replies: Readonly<Record<string, (push: string) => string>> = {
      image: (push) => replyTo(push, 'image', `<Image>${media}</Image>`),
      voice: (push) => replyTo(push, 'voice', `<Voice>${media}</Voice>`),
      video: (push) =>
        replyTo(
          push,
          'video',
          `<Video>${media}<Title><![CDATA[Film]]></Title><Description><![CDATA[d]]></Description></Video>`,
        ),
      music: (push) =>
        replyTo(
          push,
          'music',
          '<Music><Title><![CDATA[Song]]></Title><Description><![CDATA[d]]></Description><MusicUrl><![CDATA[https://example.com/s.mp3]]></MusicUrl><HQMusicUrl><![CDATA[https://example.com/s.mp3]]></HQMusicUrl><ThumbMediaId><![CDATA[t]]></ThumbMediaId></Music>',
        ),
      news: (push) =>
        replyTo(
          push,
          'news',
          '<ArticleCount>1</ArticleCount><Articles><item><Title><![CDATA[Story]]></Title><Description><![CDATA[d]]></Description><PicUrl><![CDATA[https://example.com/p.jpg]]></PicUrl><Url><![CDATA[https://example.com/story]]></Url></item></Articles>',
        ),
    };
    const simulator = await startConfigured(({ body }, response) => {
      const word = /<Content><!\[CDATA\[(\w+)\]\]>/.exec(body)?.[1] ?? '';
      response.end(replies[word]?.(body) ?? 'success');
    });
    const page = await openPage(simulator.url);
    await follow(page);
    for (const type of Object.keys(replies)) {
      await write(page, type);
      await page.locator(`.from-account[data-type="${type}"]`).waitFor();
    }
    expect(await page.getByRole('link', { name: /Song/ }).getAttribute('href')).toBe(
      'https://example.com/s.mp3',
    );
    expect(await page.getByRole('link', { name: /Story/ }).getAttribute('href')).toBe(
      'https://example.com/story',
    );
  });
});

describe('sending', () => {
  test('reaches the server with every kind of message', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    const kinds = 'Picture, Voice, Video, Short video, Location, Link, Mini program, Report location'.split(
      ', ',
    );
    for (const [index, kind] of kinds.entries()) {
      await page.getByRole('button', { name: 'More message types' }).click();
      await page.getByRole('button', { name: kind, exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
      await until(() => simulator.pushed().length === index + 2);
    }
    const types = simulator.pushed().map((push) => /<MsgType><!\[CDATA\[(\w+)\]\]>/.exec(push)?.[1]);
    expect(types.join(' ')).toBe('event image voice video shortvideo location link miniprogrampage event');
    expect(simulator.pushed().at(-1)).toContain('<Event><![CDATA[LOCATION]]></Event>');
  });
});

describe('the menu', () => {
  test('appears without a reload when it is pushed, with names cut as on a phone', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await pushMenu(simulator, {
      button: [
        { type: 'click', name: '一二三四五', key: 'A' },
        { name: '更多', sub_button: [{ type: 'click', name: '一二三四五六七八九', key: 'B' }] },
      ],
    });
    await page.getByRole('button', { name: '一二三四…', exact: true }).waitFor();
    const parent = page.getByRole('button', { name: '更多' });
    expect(await parent.getAttribute('aria-expanded')).toBe('false');
    await parent.click();
    await page.getByRole('button', { name: '一二三四五六七八…', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    expect(await parent.getAttribute('aria-expanded')).toBe('false');
  });

  test('pushes the event of each button type', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    const leaf = (type: string, more: object = { key: `K_${type}` }): object => ({
      type,
      name: type,
      ...more,
    });
    await pushMenu(simulator, {
      button: [
        { name: 'one', sub_button: [leaf('click'), leaf('scancode_push'), leaf('scancode_waitmsg')] },
        { name: 'two', sub_button: [leaf('pic_sysphoto'), leaf('pic_photo_or_album'), leaf('pic_weixin')] },
        {
          name: 'three',
          sub_button: [leaf('location_select'), leaf('view', { url: 'https://example.com/shop' })],
        },
      ],
    });
    const taps: readonly (readonly [
      parent: string,
      type: string,
      events: readonly string[],
      dialog: boolean,
    ])[] = [
      ['one', 'click', ['CLICK'], false],
      ['one', 'scancode_push', ['scancode_push'], true],
      ['one', 'scancode_waitmsg', ['scancode_waitmsg'], true],
      ['two', 'pic_sysphoto', ['pic_sysphoto', 'image'], false],
      ['two', 'pic_photo_or_album', ['pic_photo_or_album', 'image'], true],
      ['two', 'pic_weixin', ['pic_weixin', 'image'], true],
      ['three', 'location_select', ['location_select', 'location'], true],
      ['three', 'view', ['VIEW'], false],
    ];
    for (const [parent, type, events, asks] of taps) {
      const before = simulator.pushed().length;
      await page.getByRole('button', { name: parent, exact: true }).click();
      await page
        .locator('.sub-menu')
        .getByRole('button', { name: type.slice(0, 16) })
        .click();
      if (asks) await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click();
      await until(() => simulator.pushed().length === before + events.length);
      const pushed = simulator.pushed().slice(before);
      for (const [index, event] of events.entries()) expect(pushed[index]).toContain(`[${event}]`);
    }
    await page.getByRole('link', { name: 'https://example.com/shop' }).waitFor();
  });

  test('differs by follower where a conditional menu says so', async () => {
    const simulator = await startConfigured();
    const call = (name: string, body: unknown): Promise<unknown> =>
      simulator.control('call', { method: 'POST', path: `/cgi-bin/menu/${name}`, body });
    await call('create', { button: [{ type: 'click', name: 'Everybody', key: 'A' }] });
    await call('addconditional', {
      button: [{ type: 'click', name: 'Android', key: 'B' }],
      matchrule: { client_platform_type: '2' },
    });
    const page = await openPage(simulator.url);
    await follow(page);
    await page.getByRole('group', { name: 'Menu' }).getByText('Everybo').waitFor();
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByLabel('Name').fill('Ann Droid');
    await page.getByRole('dialog').getByLabel('Phone').selectOption('2');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await page.getByRole('group', { name: 'Menu' }).getByText('Android').waitFor();
    await expect.poll(() => page.getByLabel('Phone of').locator('option').count()).toBe(2);
  });
});

describe('scanning', () => {
  test('takes a code that was made by "qr create", from the list and from its picture', async () => {
    const simulator = await startConfigured();
    const file = path.join(temporaryFolder(), 'code.jpg');
    const { code } = await run(['qr', 'create', '--scene-str', 'table-12', '--out', file], {
      env: simulator.env,
    });
    expect(code).toBe(0);
    const page = await openPage(simulator.url);
    await page.getByRole('button', { name: 'Scan', exact: true }).click();
    await page.getByRole('button', { name: 'Scan table-12' }).click();
    const [first] = await until(() => simulator.pushed().length === 1 && simulator.pushed());
    expect(first).toContain('<Event><![CDATA[subscribe]]></Event>');
    expect(first).toContain('<EventKey><![CDATA[qrscene_table-12]]></EventKey>');

    await page.getByRole('button', { name: 'Scan', exact: true }).click();
    await page.getByLabel(/Drop a picture/).setInputFiles(file);
    const [, second] = await until(() => simulator.pushed().length === 2 && simulator.pushed());
    expect(second).toContain('<Event><![CDATA[SCAN]]></Event>');
    expect(second).toContain('<EventKey><![CDATA[table-12]]></EventKey>');
  });

  test('says that a picture without a code has none', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await page.getByRole('button', { name: 'Scan', exact: true }).click();
    await page.getByLabel(/Drop a picture/).setInputFiles({
      name: 'empty.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>'),
    });
    await page.getByText('No readable code in this picture').waitFor();
    expect(simulator.pushed()).toEqual([]);
  });
});

describe('an article of the account', () => {
  test('takes a comment of the person who holds the phone', async () => {
    const simulator = await startConfigured();
    const call = async (
      name: string,
      body: unknown,
      init?: RequestInit,
    ): Promise<Readonly<Record<string, unknown>>> => {
      const order = init ?? { body: JSON.stringify({ method: 'POST', path: `/cgi-bin/${name}`, body }) };
      const answer = await fetch(`${simulator.url}/_ctl/call`, { method: 'POST', ...order });
      return ((await answer.json()) as { body: Record<string, unknown> }).body;
    };
    const form = new FormData();
    form.set('call', '{"method":"POST","path":"/cgi-bin/material/add_material","query":{"type":"image"}}');
    form.set('media', new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe0])], 'a.jpg'));
    const { media_id: cover } = await call('', undefined, { body: form });
    const article = { title: 'News', content: '<p>c</p>', thumb_media_id: cover, need_open_comment: 1 };
    const { media_id } = await call('draft/add', { articles: [article] });
    const page = await openPage(simulator.url);
    await follow(page);
    const mass = { filter: { is_to_all: true }, msgtype: 'mpnews', mpnews: { media_id } };
    expect(await call('message/mass/sendall', mass)).toMatchObject({ errcode: 0 });
    await page.getByRole('button', { name: 'Write a comment' }).click();
    await page.getByRole('dialog').getByLabel('Comment').fill('Nice <b>article</b>');
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await page.getByText('Comment sent').waitFor();
    expect(await simulator.control('comments')).toMatchObject([
      { title: 'News', comments: [{ content: 'Nice <b>article</b>', elected: false }] },
    ]);
  });
});

describe('a server that is down', () => {
  test('shows the fault bubble with its reason after three attempts', async () => {
    const simulator = await startConfigured((_request, response) => response.destroy());
    const page = await openPage(simulator.url);
    await follow(page);
    const bubble = page.getByRole('log').locator('[data-type="unavailable"]');
    await bubble.getByText('该公众号提供的服务出现故障，请稍后再试').waitFor();
    expect(simulator.pushed()).toHaveLength(3);
    await bubble.getByRole('button', { name: 'Show the push' }).click();
    await page.getByText('Attempt 3').waitFor();
    expect(await page.locator('.row .verdict').first().innerText()).toBe('no response');
  });
});
