import { describe, expect, test } from 'vitest';
import { assetResponse } from '../../../src/simulator/server/page-assets.ts';

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
