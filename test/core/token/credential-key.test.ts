import { expect, test } from 'vitest';
import { createCredentialKey, nameCredentialKey } from '../../../src/core/token/credential-key.ts';

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

test('nameCredentialKey() is the same with and without a slash at the end of the API base', () => {
  const withSlash = createCredentialKey({ ...parts, apiBase: `${parts.apiBase}/` });
  expect(nameCredentialKey(withSlash)).toBe(nameCredentialKey(createCredentialKey(parts)));
});

test('nameCredentialKey() is 64 hex digits and holds neither secret nor AppID', () => {
  const key = createCredentialKey(parts);
  expect(nameCredentialKey(key)).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(key)).not.toContain('canary');
});
