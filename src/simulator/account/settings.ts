/** Switches of the account that the console has and no API call changes; `POST /_ctl/settings` does. */
import { type AccountType, accountTypes } from '../../core/account/index.ts';
import { readCallList } from '../../core/catalogue/index.ts';
import { inputError } from '../../core/errors.ts';
import { sha1Hex } from '../../core/text/digest.ts';
import { isObject } from '../../core/text/json-value.ts';
import { parseWhitelist, type WhitelistEntry, type WhitelistScope } from './whitelist.ts';
import { base64Of, quoteAll } from '../control/input.ts';
import { mustBeFlag, mustBeOneOf } from '../control/texts.ts';
import { contentTypes, detectFormat } from '../nouns/media/state.ts';
import {
  domainsForm,
  nameForm,
  pictureForm,
  quotasForm,
  testAccountRenamed,
  unknownQuota,
  unknownSettingText,
  whitelistForm,
} from './texts.ts';

export interface Settings {
  /** 名称; empty where it has none. */
  name: string;
  /** 头像 */
  picture: AccountPicture | undefined;
  /** IP 白名单: `undefined` is switched off. */
  whitelist: readonly WhitelistEntry[] | undefined;
  whitelistScope: WhitelistScope;
  /** An unknown address waits for the administrator, instead of being refused for good. */
  ipConfirmation: boolean;
  /** 网页授权域名, each with or without a port; empty is any. */
  webAuthDomains: readonly string[];
  /** The AppSecret has been frozen (冻结). */
  secretFrozen: boolean;
  /** Decides which calls are refused with 48001; a test account（测试号）has smaller quotas, too. */
  accountType: AccountType;
  /** The account is bound to 微信开放平台: only then has anybody a UnionID. */
  openPlatform: boolean;
  /** 留言功能: without it comments are refused with 88000. */
  comments: boolean;
  /** Takes a body without Content-Length, which the platform's gateway refuses. */
  acceptChunked: boolean;
  /** Daily calls by path, in the place of the platform's figures. */
  quotas: ReadonlyMap<string, number>;
}

/** 头像, kept here: no page has to ask another machine for it. */
export interface AccountPicture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Where the page sees it: another one for every picture, so that no browser shows the one before. */
  readonly address: string;
}

const maxNameLength = 60;
/** It is shown small, and written down with every state. */
const maxPictureKb = 256;

export function defaultSettings(): Settings {
  return {
    name: '',
    picture: undefined,
    whitelist: undefined,
    whitelistScope: 'all',
    ipConfirmation: false,
    webAuthDomains: [],
    secretFrozen: false,
    accountType: 'verified_service',
    openPlatform: false,
    comments: true,
    acceptChunked: false,
    quotas: new Map(),
  };
}

/** By their names on the wire. What a list may hold depends on the scope: the whitelist is read at the end. */
const readers: Readonly<
  Record<string, (value: unknown, key: string, before: Settings) => Partial<Settings>>
> = {
  name: (value) => ({ name: parseName(value) }),
  picture: (value, _key, before) => ({ picture: parsePicture(value, before.picture) }),
  whitelist: () => ({}),
  whitelist_scope: (value, key) => ({ whitelistScope: parseChoice(['all', 'secret'], value, key) }),
  ip_confirmation: (value, key) => ({ ipConfirmation: parseSwitch(value, key) }),
  web_auth_domains: (value) => ({ webAuthDomains: parseDomains(value) }),
  secret_frozen: (value, key) => ({ secretFrozen: parseSwitch(value, key) }),
  account_type: (value, key) => ({ accountType: parseChoice(accountTypes, value, key) }),
  open_platform: (value, key) => ({ openPlatform: parseSwitch(value, key) }),
  comments: (value, key) => ({ comments: parseSwitch(value, key) }),
  accept_chunked: (value, key) => ({ acceptChunked: parseSwitch(value, key) }),
  quotas: (value, _key, before) => ({ quotas: parseQuotas(value, before.quotas) }),
};

/** Wire to settings; a key that is absent stays as it is. Throws an input error, and then nothing has changed. */
export function changeSettings(settings: Settings, value: Readonly<Record<string, unknown>>): void {
  const changed: Settings = { ...settings };
  for (const [key, entry] of Object.entries(value)) {
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (read === undefined) throw unknownSetting(key);
    Object.assign(changed, read(entry, key, settings));
  }
  const list = Object.hasOwn(value, 'whitelist') ? value['whitelist'] : textsOf(settings);
  changed.whitelist = readWhitelist(list, changed.whitelistScope);
  Object.assign(settings, changed);
}

/** What `changeSettings` takes back: the picture by the address at which it can be seen. */
export function formatSettings(settings: Settings): Record<string, unknown> {
  return {
    name: settings.name,
    picture: settings.picture?.address ?? null,
    whitelist: textsOf(settings),
    whitelist_scope: settings.whitelistScope,
    ip_confirmation: settings.ipConfirmation,
    web_auth_domains: settings.webAuthDomains,
    secret_frozen: settings.secretFrozen,
    account_type: settings.accountType,
    open_platform: settings.openPlatform,
    comments: settings.comments,
    accept_chunked: settings.acceptChunked,
    quotas: Object.fromEntries(settings.quotas),
  };
}

/** The same with the picture itself: for whoever has not seen it before. */
export function saveSettings(settings: Settings): Record<string, unknown> {
  const { picture } = settings;
  if (picture === undefined) return formatSettings(settings);
  const base64 = Buffer.from(picture.bytes).toString('base64');
  return { ...formatSettings(settings), picture: `data:${picture.contentType};base64,${base64}` };
}

function textsOf({ whitelist }: Settings): readonly string[] | null {
  return whitelist?.map(({ text }) => text) ?? null;
}

function readWhitelist(value: unknown, scope: WhitelistScope): readonly WhitelistEntry[] | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value) && value.every((entry): entry is string => typeof entry === 'string')) {
    return parseWhitelist(value, scope);
  }
  throw inputError('invalid_settings', whitelistForm);
}

/** Quirk: WeChat counts 4 to 30, Chinese characters twice; by which rules is not documented. */
function parseName(value: unknown): string {
  const name = typeof value === 'string' ? value.trim() : undefined;
  if (name !== undefined && name.length <= maxNameLength && !/\p{Cc}/u.test(name)) return name;
  throw inputError('invalid_settings', nameForm(maxNameLength));
}

/** `null` is none, and the address of the one that is there keeps it. */
function parsePicture(value: unknown, before: AccountPicture | undefined): AccountPicture | undefined {
  if (value === null) return undefined;
  if (before !== undefined && value === before.address) return before;
  const isPicture = typeof value === 'string' && value.startsWith('data:image/');
  const base64 = (isPicture ? base64Of(value) : undefined) ?? '';
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  const format = detectFormat(bytes);
  const contentType = format === undefined ? '' : contentTypes[format];
  if (bytes.length <= maxPictureKb * 1024 && contentType.startsWith('image/')) {
    return { bytes, contentType, address: `/_ctl/picture?v=${sha1Hex(base64).slice(0, 8)}` };
  }
  throw inputError('invalid_settings', pictureForm(maxPictureKb));
}

function parseChoice<Choice extends string>(choices: readonly Choice[], value: unknown, key: string): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const known = quoteAll(choices);
  throw inputError('invalid_settings', mustBeOneOf(key, known));
}

/** As the console takes them: without "http://" and without a path. */
function parseDomains(value: unknown): readonly string[] {
  const form = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string' && form.test(entry))) {
    return value;
  }
  throw inputError('invalid_settings', domainsForm);
}

function parseSwitch(value: unknown, key: string): boolean {
  if (typeof value === 'boolean') return value;
  throw inputError('invalid_settings', mustBeFlag(key));
}

/** Paths that are not named stay as they are; null gives back the platform's figure. */
function parseQuotas(value: unknown, before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const quotas = new Map(before);
  for (const [path, limit] of Object.entries(isObject(value) ? value : { '': undefined })) {
    if (/^\/[^?#\s]+$/.test(path) && limit === null) quotas.delete(path);
    else if (/^\/[^?#\s]+$/.test(path) && isCount(limit)) quotas.set(path, limit);
    else throw inputError('invalid_settings', quotasForm);
  }
  return quotas;
}

/** Throws an input error for a figure of a path that no call has: it would never count. */
export async function checkQuotaPaths({ quotas }: Readonly<Record<string, unknown>> = {}): Promise<void> {
  if (quotas === undefined) return;
  const known = new Set((await readCallList()).map(({ path }) => path));
  const unknown = [...parseQuotas(quotas, new Map()).keys()].find((path) => !known.has(path));
  if (unknown !== undefined)
    throw inputError('invalid_settings', unknownQuota(unknown), undefined, { quota: unknown });
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function unknownSetting(key: string): Error {
  const known = quoteAll(Object.keys(readers));
  const renamed = key === 'test_account' ? testAccountRenamed : { en: '', zh: '' };
  return inputError('invalid_settings', unknownSettingText(known, key, renamed));
}
