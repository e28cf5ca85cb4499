import { describe, expect, test } from 'vitest';
import type { QrEntry } from '../../../../../src/cli/commands/qr/batch/manifest.ts';
import { formatQrSheet } from '../../../../../src/cli/commands/qr/batch/sheet.ts';

const entry: QrEntry = {
  scene: { permanent: false, scene: 7, expireSeconds: 60 },
  name: 'East',
  line: 2,
  ticket: 'gQ==',
  url: 'http://weixin.qq.com/q/x',
  createdAtMs: 0,
  expiresAtMs: Date.UTC(2026, 0, 15, 17, 30),
  file: 'East 1#?.jpg',
};

const none = { missing: 0, unknown: 0 };

describe('formatQrSheet()', () => {
  test('links each picture relatively, with name, scene and the last moment in Beijing', () => {
    const html = formatQrSheet([entry, { ...entry, name: 'p', expiresAtMs: undefined }], none, 'en');
    expect(html).toContain('<img src="./East%201%23%3F.jpg" alt="East"');
    expect(html).toContain('<span>Scene 7</span><span>Until <time>2026-01-16 01:30</time></span>');
    expect(html).toContain('<span>Permanent</span>');
    expect(html).toContain('<p>2 codes</p>');
    expect(html).not.toMatch(/<script|https?:|class="missing"/);
  });

  test('says in Chinese what is missing', () => {
    const html = formatQrSheet([entry], { missing: 3, unknown: 1 }, 'zh');
    expect(html).toContain('<html lang="zh-CN">');
    expect(html).toContain('<p class="missing">缺少 3 个，其中 1 个可能已在平台上创建</p>');
    expect(html).toContain('<span>场景值 7</span><span>有效期至 <time>2026-01-16 01:30</time></span>');
  });

  test('loads at most 2000 pictures before they are looked at', () => {
    const html = (count: number) =>
      formatQrSheet(
        Array.from({ length: count }, () => entry),
        none,
        'en',
      );
    expect(html(2000)).not.toContain('loading=');
    expect(html(2001).match(/ loading="lazy"/g)?.length).toBe(2001);
  });

  test.each(['<script>alert(1)</script>', '"><img src=x onerror=1>', "' onload='x", 'a&b', '\u202ex'])(
    'keeps the name and scene %j text',
    (text) => {
      const html = formatQrSheet(
        [{ ...entry, name: text, scene: { permanent: true, scene: text }, file: `${text}.jpg` }],
        none,
        'en',
      );
      const body = html.slice(html.indexOf('<figure>'), html.indexOf('</main>'));
      expect(body.match(/<[a-z]+/g)).toEqual([
        '<figure',
        '<a',
        '<img',
        '<figcaption',
        '<b',
        '<span',
        '<span',
        '<time',
      ]);
      expect(body.match(/ [a-z]+="/g)).toEqual([' href="', ' src="', ' alt="', ' width="', ' height="']);
      expect(body).not.toContain('\u202e');
    },
  );
});
