/** Who may use the relay: the lines of its key file, what each client may call, and how often. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { inputError, type WechatMpError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import type { Text } from '../core/text/text.ts';
import type { Clock } from '../io/ports.ts';
import { RelayRefusal } from './refusal.ts';

export interface RelayClient {
  readonly name: string;
  readonly key: string;
  /** Empty for all calls of the platform. */
  readonly rights: readonly Right[];
  readonly rate: Rate | undefined;
  /** Where it stands in the file, counted from 1. */
  readonly line: number;
}

/** A path with all below it; of one account alone where that is named. */
interface Right {
  readonly appId: string | undefined;
  /** Without a slash at the end; empty for everything. */
  readonly path: string;
}

export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** What a key without a list of paths does not open: it hands out what the relay is there to keep. */
export const ownPaths: ReadonlySet<string> = new Set(['/token', '/ticket', '/metrics']);

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const appIdForm = /^wx[0-9a-f]{16}$/;

/**
 * Reads a key file: a client a line, `name:key[:path-prefix,…[:rate]]`, `#` comments. Throws an input error that names
 * the line and never quotes it: it may be a key.
 */
export function parseKeyFile(text: string, file: string): readonly RelayClient[] {
  const clients: RelayClient[] = [];
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const entry = content.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const client = readLine(entry, index + 1, (reason) => invalid(file, index + 1, reason));
    const same = clients.find(({ name, key }) => name === client.name || key === client.key);
    if (same !== undefined) throw invalid(file, client.line, twice(same.line, same.name === client.name));
    clients.push(client);
  }
  if (clients.length === 0) throw empty(file);
  return clients;
}

function readLine(entry: string, line: number, fail: (reason: Text) => WechatMpError): RelayClient {
  const [name = '', key, prefixes = '', rate, ...rest] = entry.split(':').map((part) => part.trim());
  if (key === undefined || rest.length > 0) throw fail(wrongForm);
  if (!/^[\w.@-]{1,64}$/.test(name)) throw fail(wrongName);
  if (!/^[\w.~+/=-]{8,512}$/.test(key)) throw fail(wrongKey);
  const rights = prefixes
    .split(',')
    .map((prefix) => prefix.trim())
    .filter((prefix) => prefix !== '')
    .map((prefix) => {
      if (!/^(?:\/[\w.-]+)+\/?$|^\/$/.test(prefix)) throw fail(wrongPrefix(prefix));
      return readRight(prefix);
    });
  return { name, key, rights, rate: rate === undefined ? undefined : readRate(rate, fail), line };
}

function readRight(prefix: string): Right {
  const [, first = '', ...below] = prefix.replace(/\/$/, '').split('/');
  const isAccount = appIdForm.test(first);
  const segments = isAccount ? below : [first, ...below];
  return {
    appId: isAccount ? first : undefined,
    path: segments
      .filter((segment) => segment !== '')
      .map((segment) => `/${segment}`)
      .join(''),
  };
}

/** As it may stand in the file. */
export function formatRight({ appId, path }: Right): string {
  return `${appId === undefined ? '' : `/${appId}`}${path}` || '/';
}

function readRate(text: string, fail: (reason: Text) => WechatMpError): Rate {
  const [, count = '0', unit = ''] = /^(\d{1,9})\/([smhd])$/.exec(text) ?? [];
  if (Number(count) === 0) throw fail(wrongRate);
  return { count: Number(count), perMs: units[unit as keyof typeof units] };
}

/** Finds clients by their keys, in a time that tells nothing about any key. */
export interface ClientBook {
  readonly clients: readonly RelayClient[];
  find(key: string): RelayClient | undefined;
}

export function createClientBook(clients: readonly RelayClient[]): ClientBook {
  // How long a look-up takes depends on hashes that nobody outside can work out: the same in effect as comparing with
  // every key in constant time, and as fast with a thousand clients.
  const salt = randomBytes(32);
  const hash = (key: string): Buffer => createHmac('sha256', salt).update(key).digest();
  const byHash = new Map(
    clients.map((client) => {
      const hashed = hash(client.key);
      return [hashed.toString('latin1'), { client, hashed }];
    }),
  );
  return {
    clients,
    find(key) {
      const hashed = hash(key);
      const found = byHash.get(hashed.toString('latin1'));
      return found !== undefined && timingSafeEqual(found.hashed, hashed) ? found.client : undefined;
    },
  };
}

/** Whether the client may call this path of the account; `path` is one of the platform's, or of the relay's own. */
export function mayCall({ rights }: RelayClient, appId: string, path: string): boolean {
  const isOwn = ownPaths.has(path);
  if (rights.length === 0) return !isOwn;
  return rights.some(
    (right) =>
      (right.appId === undefined || right.appId === appId) &&
      // The right to everything is one to the platform's calls.
      (right.path === path || (!isOwn && (right.path === '' || path.startsWith(`${right.path}/`)))),
  );
}

/** Whether anything of the account is open to the client: whoever may call something gets a token of the relay. */
export function mayUse({ rights }: RelayClient, appId: string): boolean {
  return rights.length === 0 || rights.some((right) => right.appId === undefined || right.appId === appId);
}

/**
 * What is probably a mistake: rights that open no call, and keys that could be guessed. The place is the line's number.
 */
export function findOddities(
  clients: readonly RelayClient[],
  known: { readonly paths: readonly string[]; readonly appIds: readonly string[] },
): readonly { readonly line: number; readonly text: Text }[] {
  return clients.flatMap(({ line, key, rights }) => {
    const weak = key.length < 16 ? [{ line, text: weakKey }] : [];
    const paths = [...known.paths, ...ownPaths];
    const useless = rights
      .filter(
        ({ path, appId }) =>
          (appId !== undefined && !known.appIds.includes(appId)) ||
          !(path === '' || paths.some((call) => call === path || call.startsWith(`${path}/`))),
      )
      .map(({ path, appId }) => ({
        line,
        text: opensNothing(formatRight({ path, appId })),
      }));
    return [...weak, ...useless];
  });
}

function invalid(file: string, line: number, reason: Text): WechatMpError {
  return inputError(
    'key_file_invalid',
    {
      en: `Cannot use "${file}", line ${line}: ${reason.en}`,
      zh: `“${file}”第 ${line} 行无法使用：${reason.zh}`,
    },
    lineForm,
    defined({ file, line }),
  );
}

function empty(file: string): WechatMpError {
  return inputError(
    'key_file_empty',
    { en: `Cannot use "${file}": it names no client`, zh: `“${file}”无法使用：其中没有任何客户端` },
    lineForm,
    { file },
  );
}

const lineForm: Text = {
  en: 'A line is name:key[:/path,/path[:60/m]], such as "ci:<long random key>:/cgi-bin/menu"',
  zh: '每行格式为 名称:密钥[:/路径,/路径[:60/m]]，例如“ci:<足够长的随机密钥>:/cgi-bin/menu”',
};
const wrongForm: Text = {
  en: 'it has not two to four parts between colons',
  zh: '应为用冒号分隔的 2 至 4 段',
};
const wrongName: Text = {
  en: 'the name must be letters, digits, "_", "-", "." or "@", 64 at most',
  zh: '名称只能由字母、数字和“_-.@”组成，最长 64 个字符',
};
const wrongKey: Text = {
  en: 'the key must be 8 to 512 of letters, digits and "-._~+/="',
  zh: '密钥应为 8 至 512 个字母、数字或“-._~+/=”',
};
const wrongRate: Text = {
  en: 'the rate must be a count and s, m, h or d, such as 60/m',
  zh: '频率应为次数加 s、m、h 或 d，例如 60/m',
};
const weakKey: Text = {
  en: 'the key is shorter than 16 characters and might be guessed; openssl rand -hex 32 makes a good one',
  zh: '密钥不足 16 个字符，可能被猜出；可用 openssl rand -hex 32 生成',
};

function wrongPrefix(prefix: string): Text {
  // What begins with a slash is a path and no key.
  const shown = prefix.startsWith('/') ? ` "${prefix.slice(0, 60)}"` : '';
  return {
    en: `a path${shown} must begin with "/" and be one of a call, such as /cgi-bin/menu`,
    zh: `路径${shown}应以“/”开头，例如 /cgi-bin/menu`,
  };
}

function twice(line: number, isName: boolean): Text {
  return isName
    ? { en: `line ${line} has the same name`, zh: `名称与第 ${line} 行重复` }
    : { en: `line ${line} has the same key`, zh: `密钥与第 ${line} 行重复` };
}

function opensNothing(prefix: string): Text {
  return {
    en: `"${prefix}" opens nothing: no call of the platform begins with it, or the relay has no such account`,
    zh: `“${prefix}”不对应任何接口：没有以它开头的接口，或中继没有该公众号`,
  };
}

interface Bucket {
  left: number;
  atMs: number;
}

/** A bucket for each client, full at the beginning, filled evenly: `60/m` allows sixty at once, then one a second. */
export class Rates {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Throws a `RelayRefusal` that says when the next call is allowed. */
  take({ name, rate }: RelayClient): void {
    if (rate === undefined) return;
    const nowMs = this.#clock.monotonic();
    const { left: before, atMs } = this.#buckets.get(name) ?? { left: rate.count, atMs: nowMs };
    const left = Math.min(rate.count, before + ((nowMs - atMs) * rate.count) / rate.perMs);
    if (left < 1) {
      const retryAfter = Math.max(1, Math.ceil(((1 - left) * rate.perMs) / rate.count / 1000));
      throw new RelayRefusal('relay_rate_limit', { retryAfter });
    }
    this.#buckets.set(name, { left: left - 1, atMs: nowMs });
  }
}
