/** Switches of the account that the console has and no API call changes; `POST /_ctl/settings` does. */
import { inputError } from '../core/errors.ts';
import { isObject } from '../core/json-value.ts';

export interface Settings {
  /** IP 白名单: `undefined` is switched off. */
  whitelist: readonly string[] | undefined;
  /** An unknown address waits for the administrator, instead of being refused for good. */
  ipConfirmation: boolean;
  /** 网页授权域名, each with or without a port; empty is any. */
  webAuthDomains: readonly string[];
  /** The AppSecret has been frozen (冻结). */
  secretFrozen: boolean;
  /** The account is a test account (测试号) with its smaller quotas. */
  testAccount: boolean;
  /** Daily calls by path, in the place of the platform's figures. */
  quotas: ReadonlyMap<string, number>;
}

export function defaultSettings(): Settings {
  return {
    whitelist: undefined,
    ipConfirmation: false,
    webAuthDomains: [],
    secretFrozen: false,
    testAccount: false,
    quotas: new Map(),
  };
}

/** Wire to settings; a key that is absent stays as it is. Throws an input error, and then nothing has changed. */
export function changeSettings(settings: Settings, value: Readonly<Record<string, unknown>>): void {
  const changed: Partial<Settings> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key === 'whitelist') changed.whitelist = parseWhitelist(entry);
    else if (key === 'ip_confirmation') changed.ipConfirmation = parseSwitch(key, entry);
    else if (key === 'web_auth_domains') changed.webAuthDomains = parseDomains(entry);
    else if (key === 'secret_frozen') changed.secretFrozen = parseSwitch(key, entry);
    else if (key === 'test_account') changed.testAccount = parseSwitch(key, entry);
    else if (key === 'quotas') changed.quotas = parseQuotas(entry, settings.quotas);
    else throw unknownSetting(key);
  }
  Object.assign(settings, changed);
}

export function formatSettings(settings: Settings): Record<string, unknown> {
  return {
    whitelist: settings.whitelist ?? null,
    ip_confirmation: settings.ipConfirmation,
    web_auth_domains: settings.webAuthDomains,
    secret_frozen: settings.secretFrozen,
    test_account: settings.testAccount,
    quotas: Object.fromEntries(settings.quotas),
  };
}

function parseWhitelist(value: unknown): readonly string[] | undefined {
  if (value === null) return undefined;
  // An entry that matches no call would look like one that does.
  const form = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)$/;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string' && form.test(entry))) {
    return value;
  }
  throw inputError('invalid_settings', {
    en: '"whitelist" must be a list of IP addresses such as ["203.0.113.7"], or null to switch it off',
    zh: '“whitelist”必须是 IP 地址的数组，例如 ["203.0.113.7"]，或用 null 关闭白名单',
  });
}

/** As the console takes them: without "http://" and without a path. */
function parseDomains(value: unknown): readonly string[] {
  const form = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string' && form.test(entry))) {
    return value;
  }
  throw inputError('invalid_settings', {
    en: '"web_auth_domains" must be a list of domains in small letters such as ["m.example.com", "localhost:3000"]; an empty one allows all',
    zh: '“web_auth_domains”必须是小写域名的数组，例如 ["m.example.com", "localhost:3000"]；空数组表示不限制',
  });
}

function parseSwitch(key: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw inputError('invalid_settings', {
    en: `"${key}" must be true or false`,
    zh: `“${key}”必须是 true 或 false`,
  });
}

/** Paths that are not named stay as they are; null gives back the platform's figure. */
function parseQuotas(value: unknown, before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const quotas = new Map(before);
  for (const [path, limit] of Object.entries(isObject(value) ? value : { '': undefined })) {
    if (/^\/[^?#\s]+$/.test(path) && limit === null) quotas.delete(path);
    else if (/^\/[^?#\s]+$/.test(path) && isCount(limit)) quotas.set(path, limit);
    else throw wrongQuotas();
  }
  return quotas;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function wrongQuotas(): Error {
  return inputError('invalid_settings', {
    en: '"quotas" must be daily calls by path, for example {"/cgi-bin/qrcode/create":100}, or null for the platform\'s own figure',
    zh: '“quotas”必须是以接口路径为键、每日次数为值的对象，例如 {"/cgi-bin/qrcode/create":100}；用 null 恢复平台默认值',
  });
}

function unknownSetting(key: string): Error {
  return inputError('invalid_settings', {
    en: `Settings must be "whitelist", "ip_confirmation", "web_auth_domains", "secret_frozen", "test_account" or "quotas", got "${key}"`,
    zh: `设置项只能是“whitelist”、“ip_confirmation”、“web_auth_domains”、“secret_frozen”、“test_account”或“quotas”，收到的是“${key}”`,
  });
}
