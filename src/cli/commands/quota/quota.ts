/** `quota`: what is left of the day's calls (查询 API 调用额度), and setting them back. */
import type { Client } from '../../../api/client.ts';
import { clearAll, clearAllBySecret, clearOne, fetchQuota } from '../../../api/openapi.ts';
import {
  type CallUsage,
  findKnownCalls,
  isNearlyUsedUp,
  readKnownCalls,
  usualCalls,
} from '../../../core/catalogue/index.ts';
import { accountError, PlatformError, usageError, WechatMpError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag } from '../../frame/command.ts';
import { columnsOf, formatTable } from '../../frame/fold.ts';
import { needs } from '../../frame/flag-errors.ts';
import { closestTo } from '../../frame/suggest.ts';
import { knownAppId } from '../../settings/account.ts';
import { findAppId, openClient, openPublicClient } from '../../settings/platform.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[path...]',
      text: {
        en: 'Paths of calls, such as /cgi-bin/menu/create; a dozen usual ones otherwise',
        zh: '接口路径，如 /cgi-bin/menu/create；默认查询十余个常用接口',
      },
      values: ['<call>'],
    },
  ],
  settings: ['account', 'token'],
  options: {
    reset: flag('--reset', {
      en: 'Set the counts of today back: of these calls, or of all',
      zh: '重置今日调用次数：指定的接口，或全部接口',
    }),
    dryRun: flag('--dry-run', {
      en: 'With --reset: say what would happen',
      zh: '配合 --reset：只说明会做什么',
    }),
  },
  examples: [
    { command: 'wechat-mp quota', text: { en: 'What is left today', zh: '今日剩余次数' } },
    {
      command: 'wechat-mp quota /cgi-bin/menu/create --json',
      text: { en: 'Of one call, for a script', zh: '单个接口，供脚本使用' },
    },
    {
      command: 'wechat-mp quota --reset',
      text: { en: 'Begin the day anew, ten times a month', zh: '重置全部次数，每月最多十次' },
    },
  ],
  output: {
    en: 'A line a call: path, left, limit of the day. Asking costs nothing of them. A limit of 0 is a call that the account may not make.\nJSON: {"calls":[{"path","daily_limit","used","remain","rate_limit":{"call_count","refresh_second"}|null,"errcode","errmsg"}]}; where WeChat tells nothing of a path, the numbers are null and its errcode is there\nwith --reset: {"reset","dry_run","paths"}, where "paths" is null for all',
    zh: '每行一个接口：路径、剩余次数、每日上限。查询不消耗这些次数。上限为 0 表示账号不能调用该接口。\nJSON：{"calls":[{"path","daily_limit","used","remain","rate_limit":{"call_count","refresh_second"}|null,"errcode","errmsg"}]}；微信未给出额度的接口，数字为 null，并带 errcode\n带 --reset：{"reset","dry_run","paths"}，重置全部接口时 "paths" 为 null',
  },
  exitCodes: {
    1: { en: 'The question was answered with no', zh: '确认时选择了否' },
    4: { en: 'WeChat tells nothing of a path that was given', zh: '微信没有给出所指定接口的额度' },
    6: { en: 'The resets of the month are used up', zh: '本月重置次数已用完' },
  },
  effect: 'remote',
  confirmation: { option: '--yes', when: { en: 'With --reset', zh: '带 --reset 时' } },
  async run(context, { arguments: given, options }) {
    if (options.dryRun && !options.reset) throw needs('--dry-run', '--reset');
    const paths = [...new Set(await Promise.all(given.map(readPath)))];
    if (options.reset) return await reset(context, paths, options.dryRun);
    return await showQuota(context, paths);
  },
});

/** People paste whole addresses, and leave out what is the same everywhere. */
async function readPath(given: string): Promise<string> {
  const path = URL.canParse(given) ? new URL(given).pathname : (given.split(/[?#]/)[0] ?? '');
  const absolute = path.startsWith('/') ? path : `/${path}`;
  if (!/^\/[\w./-]*\w$/.test(absolute)) {
    throw usageError(
      'path_invalid',
      { en: `Cannot use "${given}": it is not the path of a call`, zh: `"${given}" 不是接口路径` },
      { en: 'Write it as /cgi-bin/menu/create', zh: '请写成 /cgi-bin/menu/create 的形式' },
    );
  }
  const usual = `/cgi-bin${absolute}`;
  const isShort = (await findKnownCalls(absolute)).length === 0 && (await findKnownCalls(usual)).length > 0;
  return isShort ? usual : absolute;
}

/** One call, or the platform's refusal to tell. */
type Told = CallUsage | { readonly path: string; readonly refused: PlatformError };

async function showQuota(context: Context, given: readonly string[]): Promise<number> {
  const client = await openClient(context);
  const asked = given.length === 0 ? usualCalls : given;
  const told = await context.wait({ en: 'Asking WeChat', zh: '正在查询' }, askAll(client, asked));
  const refused = told.filter((entry) => 'refused' in entry);
  const [first] = refused;
  // With nothing to show, what stands in the way is the result.
  if (first !== undefined && refused.length === told.length) throw await withSuggestion(first);
  context.print(
    { calls: told.map(formatCall) },
    formatTable(
      told.map((entry) => row(context, entry)),
      columnsOf(context),
    ),
  );
  noteFewLeft(
    context,
    told.flatMap((entry) => ('refused' in entry ? [] : [entry])),
  );
  return given.length > 0 && first !== undefined ? 4 : 0;
}

async function withSuggestion({ path, refused }: Extract<Told, { refused: PlatformError }>): Promise<Error> {
  if (refused.errcode !== 76021) return refused;
  const known = (await readKnownCalls()).map((call) => call.path);
  const meant = closestTo(path, known);
  return meant === undefined
    ? refused
    : refused.with({ hint: { en: `Did you mean ${meant}?`, zh: `是否想输入 ${meant}？` } });
}

/** One after another: the platform counts calls a minute, too. */
async function askAll(client: Client, paths: readonly string[]): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const path of paths) {
    try {
      told.push(await fetchQuota(client, path));
    } catch (error) {
      // About this path alone: it is unknown, or the platform keeps its numbers.
      if (!(error instanceof PlatformError) || error.family !== 'api') throw error;
      told.push({ path, refused: error });
    }
  }
  return told;
}

function formatCall(told: Told): Readonly<Record<string, unknown>> {
  if ('refused' in told) {
    const { errcode, errmsg } = told.refused.facts;
    return {
      path: told.path,
      daily_limit: null,
      used: null,
      remain: null,
      rate_limit: null,
      errcode,
      errmsg,
    };
  }
  const { path, dailyLimit, used, remain, rate } = told;
  const limit = rate === undefined ? null : { call_count: rate.calls, refresh_second: rate.seconds };
  return { path, daily_limit: dailyLimit, used, remain, rate_limit: limit };
}

function row(context: Context, told: Told): readonly string[] {
  if ('refused' in told) return [told.path, '–', context.say(told.refused.text)];
  const { path, dailyLimit, remain, rate } = told;
  if (dailyLimit === 0)
    return [path, '0', context.say({ en: 'not open to this account', zh: '该账号没有权限' })];
  const minute = rate && {
    en: `, ${rate.calls} in ${rate.seconds} s`,
    zh: `，每 ${rate.seconds} 秒 ${rate.calls} 次`,
  };
  const of = {
    en: `of ${dailyLimit} a day${minute?.en ?? ''}`,
    zh: `每日 ${dailyLimit} 次${minute?.zh ?? ''}`,
  };
  return [path, String(remain), context.say(of)];
}

function noteFewLeft(context: Context, usages: readonly CallUsage[]): void {
  for (const { path, remain, dailyLimit } of usages.filter(isNearlyUsedUp)) {
    context.note({
      en: `Less than a tenth is left today of ${path}: ${remain} of ${dailyLimit}`,
      zh: `${path} 今日剩余次数不足十分之一：${remain}/${dailyLimit}`,
    });
  }
}

async function reset(context: Context, paths: readonly string[], dryRun: boolean): Promise<number> {
  const isAll = paths.length === 0;
  const result = { reset: !dryRun, dry_run: dryRun, paths: isAll ? null : paths };
  const names = paths.join(', ');
  const { settings } = context;
  // Of a reset of all it is a part; for others it is only named.
  const appId =
    isAll && settings.via !== undefined && !dryRun ? await findAppId(context) : await knownAppId(settings);
  if (isAll && appId === undefined && settings.via === undefined) throw noAppId();
  if (dryRun) {
    const what = isAll ? { en: 'all calls', zh: '全部接口' } : { en: names, zh: names };
    context.print(result, { en: `Would set back: ${what.en}`, zh: `将会重置：${what.zh}` });
    return 0;
  }
  await context.confirm(
    isAll
      ? {
          en: `Set today's counts of all calls of ${appId} back? An account has 10 such resets a month.`,
          zh: `要重置 ${appId} 全部接口的今日调用次数吗？每个账号每月只有 10 次重置机会。`,
        }
      : {
          en: `Set today's counts back of ${names}? An account has 50 such resets a month.`,
          zh: `要重置 ${names} 的今日调用次数吗？每个账号每月只有 50 次重置机会。`,
        },
  );
  if (isAll) await resetAll(context, appId ?? '');
  else {
    const client = await openClient(context);
    for (const path of paths) await clearOne(client, path);
  }
  context.print(
    result,
    isAll
      ? { en: "Today's counts of all calls begin at 0 again", zh: '全部接口的今日调用次数已重置' }
      : { en: `Today's counts begin at 0 again: ${names}`, zh: `今日调用次数已重置：${names}` },
  );
  return 0;
}

/** Where no token can be had because those of the day are used up, the AppSecret does it. */
async function resetAll(context: Context, appId: string): Promise<void> {
  const { settings } = context;
  const isGiven = settings.via === undefined && (await settings.accessToken()) !== undefined;
  try {
    await clearAll(await openClient(context), appId);
  } catch (error) {
    const isSpent = error instanceof WechatMpError && error.facts.errcode === 45009;
    if (!isSpent || isGiven) throw error;
    context.verbose({
      en: 'No token can be had any more today; using clear_quota/v2, which takes the AppSecret',
      zh: '今日已无法获取 access_token，改用 clear_quota/v2（使用 AppSecret）',
    });
    const { secretOrKey } = await import('../../shared/relay-client.ts');
    await clearAllBySecret(await openPublicClient(context), appId, await secretOrKey(context));
  }
}

function noAppId(): WechatMpError {
  return accountError(
    'appid_missing',
    {
      en: 'There is no AppID: WeChat wants it for a reset of all calls',
      zh: '没有 AppID：重置全部接口时需要提供',
    },
    { en: 'Set WECHAT_MP_APPID, or use --appid', zh: '设置 WECHAT_MP_APPID，或使用 --appid' },
  );
}
