/** What the flags of `trigger` mean together, checked before anything is read or sent. */
import { usageError, type WechatMpError } from '../../../core/errors.ts';
import { replyTypes } from '../../../core/reply/index.ts';
import type { MessageChanges, Tampering } from '../../../simulator/push/index.ts';

export interface TriggerFlags {
  readonly to?: string | undefined;
  readonly mode?: 'plain' | 'compat' | 'safe' | undefined;
  readonly format?: 'xml' | 'json' | undefined;
  readonly set?: readonly string[] | undefined;
  readonly unset?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly key?: string | undefined;
  readonly expect?: Expectation | undefined;
  readonly likeWechat: boolean;
  readonly duplicate: boolean;
  readonly tamper?: Tampering | undefined;
  readonly file?: string | undefined;
  readonly replay?: string | undefined;
  readonly asIs: boolean;
  readonly repeat?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly all: boolean;
  readonly list: boolean;
  readonly dryRun: boolean;
}

/** What `--expect` wants: a type of reply, `none`, or a text. */
export type Expectation = { readonly type: string } | { readonly pattern: RegExp };

export type TriggerSource =
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'replay'; readonly path: string; readonly asIs: boolean };

/** What to do with one message. */
type TriggerAction =
  | { readonly kind: 'once' | 'like-wechat' | 'duplicate' | 'dry-run' }
  | { readonly kind: 'tamper'; readonly tampering: Tampering }
  | { readonly kind: 'repeat'; readonly count: number };

export interface TriggerPlan {
  readonly flags: TriggerFlags;
  readonly work:
    | { readonly kind: 'list' }
    | { readonly kind: 'all' }
    | { readonly kind: 'one'; readonly source: TriggerSource; readonly action: TriggerAction };
  readonly changes: MessageChanges;
  readonly concurrency: number;
}

/** Throws a usage error where flags exclude each other or miss each other. */
export function checkTriggerFlags(type: string | undefined, flags: TriggerFlags): TriggerPlan {
  const changes: MessageChanges = {
    set: (flags.set ?? []).map(parseAssignment),
    unset: flags.unset ?? [],
    from: flags.from,
    key: flags.key,
  };
  const concurrency = flags.concurrency ?? 1;
  const sources = sourcesOf(type, flags);
  const [first, second] = sources;
  if (first !== undefined && second !== undefined) throw conflict(first[0], second[0]);
  if (first === undefined) {
    throw usageError(
      'type_missing',
      { en: 'There is no message to send: name its type', zh: '没有要发送的消息：请给出类型' },
      { en: 'See all types: wechat-mp trigger --list', zh: '查看全部类型：wechat-mp trigger --list' },
    );
  }
  if (flags.asIs && flags.replay === undefined) {
    throw usageError('flags_conflict', {
      en: 'Flag --as-is needs --replay',
      zh: '--as-is 需要与 --replay 一起使用',
    });
  }
  refusePairs(flags, changes);
  const source = first[1];
  if (source === 'list' || source === 'all') return { flags, work: { kind: source }, changes, concurrency };
  return { flags, work: { kind: 'one', source, action: actionOf(flags) }, changes, concurrency };
}

function sourcesOf(
  type: string | undefined,
  flags: TriggerFlags,
): readonly (readonly [flag: string, source: TriggerSource | 'all' | 'list'])[] {
  return [
    ...(type === undefined ? [] : [['<type>', { kind: 'type', type }] as const]),
    ...(flags.file === undefined ? [] : [['--file', { kind: 'file', path: flags.file }] as const]),
    ...(flags.replay === undefined
      ? []
      : [['--replay', { kind: 'replay', path: flags.replay, asIs: flags.asIs }] as const]),
    ...(flags.all ? [['--all', 'all'] as const] : []),
    ...(flags.list ? [['--list', 'list'] as const] : []),
  ];
}

/** What cannot be wanted at once. Of each group one may be given. */
function refusePairs(flags: TriggerFlags, changes: MessageChanges): void {
  const ways = [
    flags.likeWechat && '--like-wechat',
    flags.duplicate && '--duplicate',
    flags.tamper !== undefined && '--tamper',
    flags.repeat !== undefined && '--repeat',
    flags.dryRun && '--dry-run',
    flags.all && '--all',
  ].filter((name) => name !== false);
  const contents = [
    changes.set.length > 0 && '--set',
    changes.unset.length > 0 && '--unset',
    changes.key !== undefined && '--key',
    changes.from !== undefined && '--from',
    flags.mode !== undefined && '--mode',
    flags.format !== undefined && '--format',
    flags.tamper !== undefined && '--tamper',
  ].filter((name) => name !== false);
  const [one, another] = ways;
  if (one !== undefined && another !== undefined) throw conflict(one, another);
  const [content] = contents;
  if (flags.asIs && content !== undefined) throw conflict('--as-is', content);
  const specific = contents.find((name) => ['--set', '--unset', '--key'].includes(name));
  if (flags.all && specific !== undefined) throw conflict('--all', specific);
  if (flags.concurrency !== undefined && !flags.all && flags.repeat === undefined) {
    throw usageError('flags_conflict', {
      en: 'Flag --concurrency needs --repeat or --all',
      zh: '--concurrency 需要与 --repeat 或 --all 一起使用',
    });
  }
  if (flags.expect !== undefined && flags.tamper !== undefined) throw conflict('--expect', '--tamper');
}

function actionOf(flags: TriggerFlags): TriggerAction {
  if (flags.dryRun) return { kind: 'dry-run' };
  if (flags.tamper !== undefined) return { kind: 'tamper', tampering: flags.tamper };
  if (flags.repeat !== undefined) return { kind: 'repeat', count: flags.repeat };
  return { kind: flags.likeWechat ? 'like-wechat' : flags.duplicate ? 'duplicate' : 'once' };
}

function conflict(one: string, another: string): WechatMpError {
  return usageError('flags_conflict', {
    en: `${one} and ${another} exclude each other`,
    zh: `${one} 与 ${another} 不能同时使用`,
  });
}

function parseAssignment(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError(
    'assignment_invalid',
    {
      en: `Cannot use "${text}" for --set: it must be field=value`,
      zh: `--set 不能为 "${text}"：应写成 字段=值`,
    },
    { en: 'Write --set Content=hi', zh: '写法如 --set Content=hi' },
  );
}

/** `--expect text`, `--expect none`, `--expect /welcome/i`. */
export function parseExpectation(text: string, name: string): Expectation {
  const regex = /^\/(.+)\/([imsu]*)$/s.exec(text);
  if (regex !== null) {
    try {
      return { pattern: new RegExp(regex[1] ?? '', regex[2]) };
    } catch {
      throw usageError('expect_invalid', {
        en: `Cannot use "${text}" for ${name}: it is no regular expression`,
        zh: `${name} 不能为 "${text}"：不是合法的正则表达式`,
      });
    }
  }
  const types: readonly string[] = [...replyTypes, 'none'];
  if (types.includes(text)) return { type: text };
  throw usageError(
    'expect_invalid',
    {
      en: `Cannot use "${text}" for ${name}: it must be a type of reply or a /regex/`,
      zh: `${name} 不能为 "${text}"：应为回复类型或 /正则表达式/`,
    },
    { en: `Types: ${types.join(', ')}`, zh: `类型：${types.join('、')}` },
  );
}

/** A count from 1 to 100000. */
export function parseCount(text: string, name: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= 100_000) return count;
  throw usageError('count_invalid', {
    en: `Cannot use "${text}" for ${name}: it must be 1 to 100000`,
    zh: `${name} 不能为 "${text}"：应为 1 至 100000`,
  });
}
