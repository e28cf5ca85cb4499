/** Switches of the account that the console has and no API call changes; `POST /_ctl/settings` does. */
import { inputError } from '../core/errors.ts';

export interface Settings {
  /** IP 白名单: `undefined` is switched off. */
  whitelist: readonly string[] | undefined;
  /** The AppSecret has been frozen (冻结). */
  secretFrozen: boolean;
  /** The account is a test account (测试号) with its smaller quotas. */
  testAccount: boolean;
}

export function defaultSettings(): Settings {
  return { whitelist: undefined, secretFrozen: false, testAccount: false };
}

/** Wire to settings; a key that is absent stays as it is. Throws an input error, and then nothing has changed. */
export function changeSettings(settings: Settings, value: Readonly<Record<string, unknown>>): void {
  const changed: Partial<Settings> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key === 'whitelist') changed.whitelist = parseWhitelist(entry);
    else if (key === 'secret_frozen') changed.secretFrozen = parseSwitch(key, entry);
    else if (key === 'test_account') changed.testAccount = parseSwitch(key, entry);
    else throw unknownSetting(key);
  }
  Object.assign(settings, changed);
}

export function formatSettings(settings: Settings): Record<string, unknown> {
  return {
    whitelist: settings.whitelist ?? null,
    secret_frozen: settings.secretFrozen,
    test_account: settings.testAccount,
  };
}

function parseWhitelist(value: unknown): readonly string[] | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw inputError('invalid_settings', {
    en: '"whitelist" must be a list of addresses, or null to switch it off',
    zh: '“whitelist” 必须是 IP 地址数组，或用 null 关闭白名单',
  });
}

function parseSwitch(key: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw inputError('invalid_settings', {
    en: `"${key}" must be true or false`,
    zh: `“${key}” 必须是 true 或 false`,
  });
}

function unknownSetting(key: string): Error {
  return inputError('invalid_settings', {
    en: `Settings must be "whitelist", "secret_frozen" or "test_account", got "${key}"`,
    zh: `设置项只能是 “whitelist”、“secret_frozen” 或 “test_account”，收到的是 “${key}”`,
  });
}
