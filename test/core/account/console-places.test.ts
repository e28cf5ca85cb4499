import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { consolePlaces, fillInPlaces } from '../../../src/core/account/console-places.ts';
import { readAllCodes } from '../../../src/core/errcode/codes.ts';
import { types } from '../../../src/core/explain/types.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '../../..');

/** Words that only the way to a page of the console has, on the new site or the old one. */
const stray =
  /设置与开发|基本配置|公众号设置|功能设置|运维中心|我的业务|开发密钥|消息推送配置|权限与额度|weixin\.qq\.com\/platform/;

/** Sources, menus and documents that ship: everything that a person may read. */
const files = [
  ...readdirSync(root).filter((name) => /^README.*\.md$/.test(name)),
  ...['src', 'menus'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:tsx?|jsonc?|md|html|css|yml)$/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  ),
].filter((file) => file !== path.join('src', 'core', 'account', 'console-places.ts'));

describe('consolePlaces', () => {
  test('name the new place first and the old one in brackets', () => {
    expect(consolePlaces.ipWhitelist).toEqual({
      en: 'developers.weixin.qq.com/platform → 我的业务 → 公众号 → 基础信息 → 开发密钥 → API IP 白名单 (formerly mp.weixin.qq.com → 设置与开发 → 基本配置)',
      zh: 'developers.weixin.qq.com/platform → 我的业务 → 公众号 → 基础信息 → 开发密钥 → API IP 白名单（原 mp.weixin.qq.com → 设置与开发 → 基本配置）',
    });
    expect(consolePlaces.messagePush.zh).toBe(
      'developers.weixin.qq.com/platform → 我的业务 → 公众号 → 基础信息 → 域名与消息推送配置（原 mp.weixin.qq.com → 设置与开发 → 基本配置 → 服务器配置）',
    );
  });

  test('are the only source of a place, in code, menus and documents', () => {
    expect(files.length).toBeGreaterThan(300);
    const texts = Object.values(consolePlaces).flatMap(({ en, zh }) => [en, zh]);
    const strays = files.flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      const rest = texts.reduce((left, place) => left.replaceAll(place, ''), text);
      return rest.split('\n').flatMap((line) => (stray.test(line) ? [`${file}: ${line.slice(0, 200)}`] : []));
    });
    expect(strays).toEqual([]);
  });
});

describe('fillInPlaces()', () => {
  test('puts in the place of each language, and leaves other braces alone', () => {
    const text = 'Add {ip} at {place:appId} or {place:nowhere} {place:toString}';
    expect(fillInPlaces({ en: text, zh: text })).toEqual({
      en: `Add {ip} at ${consolePlaces.appId.en} or {place:nowhere} {place:toString}`,
      zh: `Add {ip} at ${consolePlaces.appId.zh} or {place:nowhere} {place:toString}`,
    });
  });

  test('knows every place that advice names', async () => {
    const { helps } = await readAllCodes();
    const known = [...Object.values(helps), ...Object.values(types)];
    const advice = known.flatMap(({ fixes, ...more }) => [
      ...fixes,
      ...('where' in more && more.where !== undefined
        ? [{ en: `{place:${more.where}}`, zh: `{place:${more.where}}` }]
        : []),
    ]);
    expect(advice.filter(({ en }) => en.includes('{place:')).length).toBeGreaterThan(40);
    for (const hint of advice) {
      const { en, zh } = fillInPlaces(hint);
      expect(`${en}${zh}`).not.toContain('{place:');
      expect(en === hint.en).toBe(zh === hint.zh);
    }
  });
});
