import { expect, test } from 'vitest';
import {
  createCredentialKey,
  createOutageKey,
  nameCredentialKey,
} from '../../../src/core/token/credential-key.ts';

const parts = {
  apiBase: 'https://api.weixin.qq.com',
  appId: 'wx0123456789abcdef',
  endpoint: 'stable_token',
  secret: 'canary-0123456789abcdef',
} as const;

test('nameCredentialKey() differs by API base, AppID, endpoint and secret', () => {
  const names = [
    parts,
    { ...parts, apiBase: 'http://127.0.0.1:8090' },
    { ...parts, appId: 'wx0123456789abcdee' },
    { ...parts, endpoint: 'token' as const },
    { ...parts, endpoint: 'jsapi' as const },
    { ...parts, secret: 'canary-0123456789abcdee' },
  ].map((each) => nameCredentialKey(createCredentialKey(each)));
  expect(new Set(names).size).toBe(names.length);
});

test.each(['/', '//'])('nameCredentialKey() is the same with %j at the end of the API base', (end) => {
  const withSlash = createCredentialKey({ ...parts, apiBase: `${parts.apiBase}${end}` });
  expect(nameCredentialKey(withSlash)).toBe(nameCredentialKey(createCredentialKey(parts)));
});

test('createOutageKey() differs by proxy, and holds neither its password nor an account', () => {
  const { apiBase, endpoint } = parts;
  const keys = [undefined, 'http://user:canary@127.0.0.1:1', 'http://127.0.0.1:1'].map((proxy) =>
    createOutageKey({ apiBase, endpoint, proxy }),
  );
  expect(new Set(keys.map(nameCredentialKey)).size).toBe(3);
  expect(keys[0]).toEqual(createCredentialKey({ ...parts, appId: '', secret: '' }));
  expect(JSON.stringify(keys)).not.toContain('canary');
});

test('nameCredentialKey() is 64 hex digits and holds neither secret nor AppID', () => {
  const key = createCredentialKey(parts);
  expect(nameCredentialKey(key)).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(key)).not.toContain('canary');
});
