import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isLocalPicture,
  safeHref,
  simulatedAddress,
  splitLinks,
} from '../../../../src/simulator/page/phone/links.ts';

describe('splitLinks()', () => {
  test('makes a link of an <a> with an http address, in any quotes', () => {
    for (const href of [
      '"https://example.com/a?b=1&amp;c=2"',
      "'https://example.com/a?b=1&c=2'",
      'https://example.com/a?b=1&c=2',
    ]) {
      expect(splitLinks(`see <a href=${href}>this</a>!`)).toEqual([
        { text: 'see ' },
        { text: 'this', href: 'https://example.com/a?b=1&c=2' },
        { text: '!' },
      ]);
    }
  });

  test.each([
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href="/relative">x</a>',
    '<a>x</a>',
    '<a name=href>x</a>',
    '<img src=x onerror=alert(1)>',
    '<a href="https://example.com/"><b>x</b></a>',
  ])('leaves %j as text', (text) => {
    expect(splitLinks(text)).toEqual([{ text }]);
  });

  test('makes an answer of a menu message out of its own kind of link', () => {
    expect(splitLinks('<a href="weixin://bizmsgmenu?msgmenucontent=%E5%A5%BD&msgmenuid=7">good</a>')).toEqual(
      [{ text: 'good', sends: { text: '好', id: '7' } }],
    );
  });

  test('loses no character of a text without links', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        const parts = splitLinks(text);
        expect(parts.every(({ href, sends }) => href === undefined && sends === undefined)).toBe(true);
        expect(parts.map((part) => part.text).join('')).toBe(text);
      }),
    );
  });
});

describe('safeHref()', () => {
  test('takes http and https and nothing else', () => {
    expect(safeHref('http://example.com')).toBe('http://example.com/');
    expect(safeHref('https://example.com/a')).toBe('https://example.com/a');
    for (const address of [
      'javascript:alert(1)',
      'data:,x',
      'file:///etc/passwd',
      '//example.com',
      'a',
      '',
    ]) {
      expect(safeHref(address)).toBeUndefined();
    }
  });
});

describe('isLocalPicture()', () => {
  test('takes pictures of this machine only', () => {
    expect(isLocalPicture('http://127.0.0.1:3000/a.jpg')).toBe(true);
    expect(isLocalPicture('http://localhost/a.jpg')).toBe(true);
    for (const address of [
      'https://localhost/a.jpg',
      'http://localhost.example.com/a.jpg',
      'http://192.168.0.1/a.jpg',
      'http://example.com/a.jpg?localhost',
      '',
    ]) {
      expect(isLocalPicture(address)).toBe(false);
    }
  });
});

describe('simulatedAddress()', () => {
  const origin = 'http://127.0.0.1:8090';
  const query = '?appid=wx1&redirect_uri=http%3A%2F%2Flocalhost#wechat_redirect';

  test.each([
    ['https://open.weixin.qq.com', '/connect/oauth2/authorize'],
    ['https://mp.weixin.qq.com', '/mp/subscribemsg'],
  ])('leads %s%s to the simulator, with its query and fragment', (host, path) => {
    expect(simulatedAddress(`${host}${path}${query}`, origin)).toBe(`${origin}${path}${query}`);
  });

  test.each([
    'https://open.weixin.qq.com/connect/oauth2/authorize/more',
    'https://mp.weixin.qq.com/connect/oauth2/authorize',
    'https://open.weixin.qq.com.example.com/connect/oauth2/authorize',
    'http://localhost:3000/connect/oauth2/authorize',
    'https://mp.weixin.qq.com/s/abc',
    'no address',
  ])('leaves %s as it is', (address) => {
    expect(simulatedAddress(address, origin)).toBe(address);
  });
});
