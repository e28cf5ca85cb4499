/** `token --find`: which libraries keep a token of this account in a Redis. It reads, and changes nothing. */
import type { Found } from '../../../api/token-store/foreign.ts';
import { lookUp, placeOf } from '../../../api/token-store/foreign.ts';
import { deadToken, obstacleText } from '../../../api/token-store/foreign-texts.ts';
import { accountError, usageError, WechatMpError } from '../../../core/errors.ts';
import {
  type Codec,
  type ForeignKey,
  redisLayouts,
  libraryOf,
  needsSecret,
  type Owner,
  recogniseKey,
  scanPattern,
  tokenKeys,
  usualPrefixes,
} from '../../../core/foreign/index.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Redis } from '../../../io/ports.ts';
import type { Context } from '../../context.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { requireAppId, resolveAccount } from '../../settings/account.ts';
import { proveToken } from '../../shared/foreign/open.ts';
import { openServer } from '../../shared/team-token.ts';

interface Row {
  readonly key: ForeignKey;
  readonly found: Exclude<Found, { readonly state: 'absent' }>;
  /** Whether WeChat takes it; `undefined` where it was not asked. */
  readonly alive?: boolean | undefined;
  /** Why it could not be asked. */
  readonly trouble?: WechatMpError | undefined;
}

interface Wish {
  readonly verify: boolean;
  readonly scan: boolean;
  /** Only what the address of the store names, as for `--status`. */
  readonly chosen?: boolean;
}

/** Returns the exit code: 1 where nothing there can be used. */
export async function findTokens(context: Context, wish: Wish): Promise<number> {
  const { settings } = context;
  const chosen = settings.store;
  const server =
    chosen === undefined ? undefined : await openServer(context, settings, chosen, { isOnlyPlace: true });
  if (server === undefined) throw nowhere();
  const isFolder = server.layout?.layout === 'node-easywechat';
  if (isFolder && wish.scan) throw excludes('--scan', 'file:');
  if ((await settings.appId()) === undefined) throw ownerUnknown();
  const owner: Owner = {
    appId: (await requireAppId(settings)).value,
    secret: await findSecret(context),
  };
  const redis = await server.redis();
  // A folder is one library's.
  const single = wish.chosen === true || isFolder;
  const looked = single ? server.layout : undefined;
  // It throws where the AppSecret is needed and missing.
  if (looked !== undefined && needsSecret(looked.layout)) await resolveAccount(settings);
  const first =
    looked === undefined
      ? usualKeys(owner, server.layout?.prefix)
      : tokenKeys(looked.layout, owner, looked.prefix);
  const keys = new Map(first.map((key) => [key.name, key]));
  const work = async (): Promise<readonly Row[]> => {
    if (wish.scan) for (const key of await scan(redis, owner)) keys.set(key.name, key);
    return await readRows(context, redis, [...keys.values()]);
  };
  const seen = await context.wait({ en: 'Looking for tokens', zh: '正在查找 access_token' }, work());
  const rows = wish.verify ? await verifyAll(context, seen, server.shown) : seen;
  print(context, rows, { owner, store: server.shown, ...wish, chosen: single });
  return rows.some(({ found, alive }) => found.state === 'there' && (alive ?? !wish.verify)) ? 0 : 1;
}

function nowhere(): WechatMpError {
  return usageError(
    'store_missing',
    { en: 'There is no Redis to look into', zh: '没有指定要查找的 Redis' },
    {
      en: 'Name it: wechat-mp token --find --store redis://host:6379/0, or set WECHAT_MP_STORE',
      zh: '请指定：wechat-mp token --find --store redis://主机:6379/0，或设置 WECHAT_MP_STORE',
    },
  );
}

/** Most keys have the AppID in their names; few need the AppSecret, too. */
function ownerUnknown(): WechatMpError {
  return accountError(
    'appid_missing',
    {
      en: 'There is no AppID: it says whose token to look for',
      zh: '没有 AppID：无法确定要查找哪个公众号的 access_token',
    },
    {
      en: 'Set WECHAT_MP_APPID, or use --appid or --profile',
      zh: '设置 WECHAT_MP_APPID，或使用 --appid 或 --profile',
    },
  );
}

/** Some layouts can be looked for without it. */
async function findSecret({ settings }: Context): Promise<string | undefined> {
  for (const level of ['flag', 'environment', 'profile'] as const) {
    const secret = await settings.secretAt(level);
    if (secret !== undefined) return secret.value;
  }
  return undefined;
}

function usualKeys(owner: Owner, prefix: string | undefined): readonly ForeignKey[] {
  return redisLayouts.flatMap((layout) => {
    const prefixes = [...usualPrefixes(layout), ...(prefix === undefined ? [] : [prefix])];
    return prefixes.flatMap((each) => tokenKeys(layout, owner, each));
  });
}

/** In steps that do not hold up the server. */
async function scan(redis: Redis, owner: Owner): Promise<readonly ForeignKey[]> {
  const found: ForeignKey[] = [];
  let cursor = '0';
  do {
    const reply = await redis.send('', ['SCAN', cursor, 'MATCH', scanPattern, 'COUNT', '100']);
    const [next, names] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
    cursor = typeof next === 'string' ? next : '0';
    for (const name of Array.isArray(names) ? (names as readonly unknown[]) : []) {
      const key = recogniseKey(String(name), owner);
      if (key !== undefined) found.push(key);
    }
  } while (cursor !== '0');
  return found;
}

async function readRows(
  context: Context,
  redis: Redis,
  keys: readonly ForeignKey[],
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const key of keys) {
    const found = await lookUp(redis, key, context.io.clock.now());
    if (found.state === 'absent') continue;
    if (found.state === 'there') context.redactor.add(found.value);
    rows.push({ key, found });
  }
  return rows;
}

async function verifyAll(context: Context, rows: readonly Row[], store: string): Promise<readonly Row[]> {
  const verified: Row[] = [];
  /** What would stand in the way of each further question, too. */
  let blocked: WechatMpError | undefined;
  for (const row of rows) {
    if (row.found.state !== 'there') {
      verified.push(row);
      continue;
    }
    const verdict = blocked ?? (await judge(context, row.found.value, row.key, store));
    if (typeof verdict === 'boolean') verified.push({ ...row, alive: verdict });
    else {
      // That one is about the token, any other about the way to WeChat.
      if (verdict.type !== 'simulator_token') blocked = verdict;
      verified.push({ ...row, trouble: verdict });
    }
  }
  return verified;
}

/** Whether WeChat takes it, or why it could not be asked. */
async function judge(
  context: Context,
  value: string,
  key: ForeignKey,
  store: string,
): Promise<boolean | WechatMpError> {
  const dead = deadToken(key, store);
  try {
    await proveToken(context, { value, place: placeOf(key, store) }, () => dead);
    return true;
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    // The client has told it anew, with the answer of WeChat.
    return error.type === dead.type ? false : error;
  }
}

function print(
  context: Context,
  rows: readonly Row[],
  { owner, store, verify, scan: scanned, chosen }: Wish & { readonly owner: Owner; readonly store: string },
): void {
  const nowMs = context.io.clock.now();
  const skipped =
    owner.secret === undefined && chosen !== true ? redisLayouts.filter((layout) => needsSecret(layout)) : [];
  const value = {
    appid: owner.appId,
    store,
    found: rows.map((row) => describeRow(context, row, nowMs)),
    skipped,
  };
  const lines = rows.flatMap((row) => linesOf(context, row, nowMs));
  if (rows.length === 0) lines.push(context.say(nothing(owner.appId, store, scanned)));
  context.print(value, lines.join('\n'));
  if (skipped.length > 0)
    context.note({
      en: `Not looked for, as their keys need the AppSecret: ${skipped.join(', ')}`,
      zh: `以下布局的键名需要 AppSecret，未查找：${skipped.join('、')}`,
    });
  const hint = rows.find(({ trouble }) => trouble !== undefined)?.trouble?.hint;
  if (hint !== undefined) context.note(hint);
  if (!verify && rows.some(({ found }) => found.state === 'there' && found.endsAtMs === undefined))
    context.note({
      en: 'Nobody tells the end of one of these: --verify asks WeChat about each',
      zh: '其中有的没有有效期：加 --verify 可逐个向微信验证',
    });
}

function nothing(appId: string, store: string, scanned: boolean): Text {
  const en = `No library keeps an access_token of ${appId} in ${store}`;
  const zh = `${store} 中没有其他类库保存的 ${appId} 的 access_token`;
  return scanned ? { en, zh } : { en: `${en} under its usual key`, zh: `${zh}（按默认键名查找）` };
}

function describeRow(context: Context, { key, found, alive, trouble }: Row, nowMs: number): object {
  const problem = found.state === 'unreadable' ? obstacleText(found.obstacle)[0] : trouble?.text;
  const there = found.state === 'there' ? found : undefined;
  const endsAtMs = there?.endsAtMs;
  return {
    layout: key.layout,
    library: libraryOf(key.layout),
    key: key.shown,
    query: queryOf(key),
    endpoint: key.endpoint ?? null,
    codec: there?.codec ?? null,
    token: there === undefined ? null : endsOf(there.value),
    expires_at: endsAtMs === undefined ? null : new Date(endsAtMs).toISOString(),
    expires_in: endsAtMs === undefined ? null : Math.floor((endsAtMs - nowMs) / 1000),
    problem: problem === undefined ? null : context.say(problem),
    alive: alive ?? null,
  };
}

function linesOf(context: Context, { key, found, alive, trouble }: Row, nowMs: number): string[] {
  const library = libraryOf(key.layout);
  const head = ({ en, zh }: Text): string =>
    context.say({ en: `${library}: ${en}`, zh: `${library}：${zh}` });
  const place = `  ${key.shown}`;
  const use = `  ?${queryOf(key)}`;
  if (found.state === 'unreadable') {
    const [why, hint] = obstacleText(found.obstacle);
    return [head(why), place, `  ${context.say(hint)}`];
  }
  const { value, codec, endsAtMs } = found;
  const ends = endsOf(value) ?? '–';
  const parts = [{ en: ends, zh: ends }, leftOf(endsAtMs, nowMs), codecs[codec]];
  if (trouble !== undefined) parts.push(unasked);
  else if (alive !== undefined) parts.push(alive ? good : refused);
  const line = head({
    en: parts.map(({ en }) => en).join(', '),
    zh: parts.map(({ zh }) => zh).join('，'),
  });
  return [line, place, use, ...(trouble === undefined ? [] : [`  ${context.say(trouble.text)}`])];
}

const codecs: Readonly<Record<Codec, Text>> = {
  plain: { en: 'plain', zh: '纯文本' },
  json: { en: 'JSON', zh: 'JSON' },
  php: { en: 'PHP', zh: 'PHP 序列化' },
};

const good: Text = { en: 'WeChat takes it', zh: '微信接受' };
const refused: Text = { en: 'WeChat refuses it', zh: '微信拒绝' };
const unasked: Text = { en: 'WeChat was not asked', zh: '未向微信验证' };

function leftOf(endsAtMs: number | undefined, nowMs: number): Text {
  if (endsAtMs === undefined) return { en: 'end unknown', zh: '有效期未知' };
  const seconds = Math.floor((endsAtMs - nowMs) / 1000);
  if (seconds <= 0) return { en: 'expired', zh: '已过期' };
  if (seconds < 120) return { en: `${seconds} s left`, zh: `剩余 ${seconds} 秒` };
  const minutes = Math.floor(seconds / 60);
  return { en: `${minutes} min left`, zh: `剩余 ${minutes} 分钟` };
}

/** First and last four characters; of a short one that would be too much. */
function endsOf(value: string): string | null {
  return value.length < 24 ? null : `${value.slice(0, 4)}…${value.slice(-4)}`;
}

/** What the address of the store needs, for this key to be used. */
function queryOf({ layout, prefix }: ForeignKey): string {
  const own = prefix === usualPrefixes(layout)[0] ? undefined : prefix;
  return new URLSearchParams(defined({ layout, prefix: own })).toString();
}
