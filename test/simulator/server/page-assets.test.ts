import { describe, expect, test } from 'vitest';
import { assetResponse } from '../../../src/simulator/server/page-assets.ts';
import { simulate } from '../simulated.ts';

const asked: string[] = [];
const readAsset = (name: string): Uint8Array | undefined => {
  asked.push(name);
  return name.startsWith('page.') ? new TextEncoder().encode('text') : undefined;
};

describe('assetResponse()', () => {
  test('hands out a file with its type and a policy without exceptions', async () => {
    const answer = assetResponse(readAsset, 'page.js');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('text');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe|https:/);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  test.each(['../start.js', 'page/../start.js', '..', 'page.json', 'PAGE.js', 'a\0.js', 'page.js.map', ''])(
    'does not even read %j',
    (name) => {
      asked.length = 0;
      expect(assetResponse(readAsset, name).status).toBe(404);
      expect(asked).toEqual([]);
    },
  );

  test('answers 404 for a file that is not there', () => {
    expect(assetResponse(readAsset, 'other.js').status).toBe(404);
  });
});

describe('the page of the simulator', () => {
  const readPage = (): Uint8Array => new TextEncoder().encode('page');

  test.each(['http://127.0.0.1:8090', 'http://simulator:8090'])('is shown at %s', async (origin) => {
    const { fetch } = simulate({ readAsset: readPage });
    for (const path of ['/', '/_page/page.js']) {
      const answer = await fetch(new Request(`${origin}${path}`));
      expect([answer.status, await answer.text()]).toEqual([200, 'page']);
    }
  });

  test.each(['https://nosuch.weixin.qq.com', 'http://api.weixin.qq.com', 'https://mp.weixin.qq.com'])(
    'is not at %s, where unknown paths are refused',
    async (origin) => {
      const { fetch, ask } = simulate({ readAsset: readPage });
      for (const path of ['/', '/_page/page.js']) {
        const answer = await fetch(new Request(`${origin}${path}`));
        expect([answer.status, await answer.json()]).toMatchObject([404, { errcode: 40066 }]);
      }
      const host = new URL(origin).host;
      expect(await ask('GET', '/_ctl/requests')).toMatchObject([
        { host, path: '/', status: 404, note: 'unknown_path' },
        { host, path: '/_page/page.js', status: 404, note: 'unknown_path' },
      ]);
    },
  );
});
