/** `simulator compare`: what the platform answers beside what a fresh simulator answers, call by call. */
import { type AccountType, accountTypes } from '../../../core/account/index.ts';
import {
  compareAnswers,
  type ComparedCall,
  type Difference,
  fillCall,
  maskAnswer,
  readCalls,
  type Seen,
} from '../../../core/compare/index.ts';
import { usageError, WechatMpError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { checkOutput, isStdout, writeOutput } from '../../files/output-file.ts';
import { choice, defineCommand, flag, value } from '../../frame/command.ts';
import { factsOf, furnish, isOfTheMoment, openPlatformSide, openSimulatorSide } from './compare-sides.ts';
import type { PlatformSide, SimulatorSide } from './compare-sides.ts';
import { kinds, needsWrite, nothing, reasons, scope, sides, summary } from './compare-texts.ts';

/** A call with both answers. */
export interface Pair {
  readonly call: ComparedCall;
  readonly platform: Seen;
  readonly simulator: Seen;
}

export interface Skipped {
  readonly call: ComparedCall;
  readonly why: keyof typeof reasons;
}

export interface Compared {
  readonly pairs: readonly Pair[];
  readonly skipped: readonly Skipped[];
}

export const command = defineCommand({
  settings: ['account', 'token'],
  options: {
    accountType: choice(
      '--account-type <type>',
      { en: 'What the account is; verified_service by default', zh: '账号类型；默认 verified_service' },
      accountTypes,
    ),
    write: flag('--write', {
      en: 'Also make and delete a tag, and replace and restore the menu',
      zh: '同时创建并删除标签，替换并恢复菜单',
    }),
    confirm: value('--confirm <appid>', {
      en: 'With --write: the AppID, instead of typing it',
      zh: '与 --write 一起：直接给出 AppID，代替手工输入',
    }),
    record: value('--record <file>', {
      en: 'Keep all answers, without what is personal, for a report',
      zh: '保存全部应答（已去除个人信息），用于反馈',
    }),
  },
  examples: [
    {
      command: 'wechat-mp simulator compare --profile shop',
      text: { en: 'Reads only', zh: '只读取' },
    },
    {
      command: 'wechat-mp simulator compare --profile shop --record report.json',
      text: { en: 'One file for a report', zh: '生成一个反馈文件' },
    },
    {
      command: 'wechat-mp simulator compare --profile test --account-type test --write',
      text: { en: 'On a test account; asks for the AppID', zh: '在测试号上；要求输入 AppID 确认' },
    },
  ],
  output: {
    en: 'Each call that differs, with what either side answered.\nJSON: {"ok","account_type","calls","differences":[{"method","path","case","kind","at","platform","simulator"}],"skipped":[{"method","path","case","reason"}]}',
    zh: '逐个列出不同的调用及双方的应答。\nJSON：{"ok","account_type","calls","differences":[{"method","path","case","kind","at","platform","simulator"}],"skipped":[{"method","path","case","reason"}]}',
  },
  exitCodes: { 1: { en: 'Something differs', zh: '存在差异' } },
  effect: 'remote',
  confirmation: {
    option: '--confirm',
    when: { en: 'With --write: the AppID', zh: '带 --write 时：需给出 AppID' },
  },
  async run(context, { options }) {
    if (options.confirm !== undefined && !options.write) throw usageError('flags_conflict', needsWrite);
    await checkRecord(context, options.record);
    const accountType = options.accountType ?? 'verified_service';
    const leave = options.write
      ? await (await import('./compare-writes.ts')).askLeave(context, options.confirm)
      : undefined;
    const platform = await openPlatformSide(context);
    const simulator = await openSimulatorSide(context, accountType);
    try {
      const read = await context.wait(
        { en: 'Asking both sides', zh: '正在询问双方' },
        readBoth(context, platform, simulator),
      );
      const written =
        leave === undefined ? { pairs: [], skipped: [] } : await leave.write(platform.ask, simulator);
      const pairs = [...read.pairs, ...written.pairs];
      return await report(context, accountType, options.record, {
        pairs,
        skipped: [...read.skipped, ...written.skipped],
      });
    } finally {
      simulator.close();
    }
  },
});

/** Asks the platform for everything, brings the simulator into the same situation, and asks it the same. */
async function readBoth(
  context: Context,
  platform: PlatformSide,
  simulator: SimulatorSide,
): Promise<Compared> {
  const signal = context.io.interruption();
  const asked: { readonly call: ComparedCall; readonly seen: Seen }[] = [];
  const skipped: Skipped[] = [];
  const good = new Map<string, Seen>();
  for (const wanted of readCalls) {
    const call = fillCall(wanted, { ...factsOf(good) });
    if (call === undefined) {
      skipped.push({ call: wanted, why: 'no_facts' });
      continue;
    }
    const seen = await askOrSkip(platform, call, signal);
    if (seen === undefined) skipped.push({ call: wanted, why: 'relay' });
    else if (isOfTheMoment(seen)) skipped.push({ call: wanted, why: 'of_the_moment' });
    else asked.push({ call, seen });
    if (seen !== undefined && call.case === undefined) good.set(call.path, seen);
  }
  const unlike = await furnish(simulator, good, factsOf(good));
  const pairs: Pair[] = [];
  for (const { call, seen } of asked) {
    if (unlike.includes(call.path) && call.case === undefined) skipped.push({ call, why: 'not_prepared' });
    else pairs.push({ call, platform: seen, simulator: await simulator.ask(call) });
  }
  return { pairs, skipped };
}

/** `undefined` where a relay does not pass the call on: it has a token of its own, and rules about paths. */
async function askOrSkip(
  platform: PlatformSide,
  call: ComparedCall,
  signal: AbortSignal,
): Promise<Seen | undefined> {
  if (platform.isRelayed && call.token !== undefined) return undefined;
  try {
    return await platform.ask(call, signal);
  } catch (error) {
    if (error instanceof WechatMpError && heldBack.has(error.type)) return undefined;
    throw error;
  }
}

/** What a relay says of a call that it keeps to itself. */
const heldBack: ReadonlySet<string> = new Set([
  'relay_forbidden',
  'relay_read_only',
  'relay_path_unknown',
  'relay_call_withdrawn',
]);

const recordOptions = { force: false } as const;

async function checkRecord(context: Context, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  if (isStdout(path))
    throw usageError('flags_conflict', {
      en: 'Flag --record wants a file: stdout has the differences',
      zh: '--record 需要文件名：stdout 用于输出差异',
    });
  await checkOutput(context, path, { ...recordOptions, differs: () => true });
}

async function report(
  context: Context,
  accountType: AccountType,
  record: string | undefined,
  { pairs, skipped }: Compared,
): Promise<number> {
  const compared = pairs.map((pair) => ({ ...pair, found: compareAnswers(pair.platform, pair.simulator) }));
  const differing = compared.filter(({ found }) => found.length > 0);
  if (record !== undefined) await writeRecord(context, record, accountType, pairs);
  const result = {
    ok: differing.length === 0,
    account_type: accountType,
    calls: pairs.length,
    differences: differing.flatMap(({ call, found }) => found.map((each) => ({ ...nameOf(call), ...each }))),
    skipped: skipped.map(({ call, why }) => ({ ...nameOf(call), reason: why })),
  };
  const lines = [
    ...differing.flatMap(({ call, found }) => [
      titleOf(context, call),
      ...found.flatMap((each) => linesOf(context, each)),
    ]),
    ...skipped.map(({ call, why }) => `${titleOf(context, call)}: ${context.say(reasons[why])}`),
    context.say(summary(pairs.length, differing.length, skipped.length)),
  ];
  context.print(result, lines.join('\n'));
  context.note(scope);
  return result.ok ? 0 : 1;
}

function nameOf({ method, path, case: text }: ComparedCall) {
  return { method, path, case: text?.en ?? null };
}

function titleOf(context: Context, { method, path, case: text }: ComparedCall): string {
  return `${method} ${path}${text === undefined ? '' : ` (${context.say(text)})`}`;
}

function linesOf(context: Context, { kind, at, platform, simulator }: Difference): readonly string[] {
  const place = at === '' || at === kind ? '' : ` ${at}`;
  const [one, other] = [platform, simulator].map((each) => String(each ?? context.say(nothing)));
  const [its, ours] = sides.map((side) => context.say(side));
  const head = `  ${context.say(kinds[kind])}${place}`;
  const short = `${head}: ${its} ${one}, ${ours} ${other}`;
  return short.length <= 78 ? [short] : [head, `    ${its}: ${one}`, `    ${ours}: ${other}`];
}

async function writeRecord(
  context: Context,
  path: string,
  accountType: AccountType,
  pairs: readonly Pair[],
): Promise<void> {
  const kept = {
    account_type: accountType,
    pairs: pairs.map(({ call, platform, simulator }) => ({
      ...nameOf(call),
      query: maskAnswer(call.query ?? {}),
      body: maskAnswer(call.body ?? null),
      platform: shown(platform),
      simulator: shown(simulator),
      differences: compareAnswers(platform, simulator),
    })),
  };
  await writeOutput(context, path, `${JSON.stringify(kept, null, 2)}\n`, recordOptions);
  context.note({
    en: `Wrote all answers to ${path}, without what is personal; look through it before you pass it on`,
    zh: `已将全部应答写入 ${path}（已去除个人信息）；转交前请自行检查`,
  });
}

function shown({ status, contentType, json }: Seen) {
  return { status, content_type: contentType, body: json === undefined ? null : maskAnswer(json) };
}
