/** What the flags of `trigger` mean together, checked before anything is read or sent. */
import { usageError, type WechatMpError } from '../../../core/errors.ts';
import { replyTypes } from '../../../core/reply/index.ts';
import type { MessageChanges, Tampering } from '../../../simulator/push/index.ts';
import { needs, unsuitable } from '../../frame/flag-errors.ts';
import type { TriggerFlags } from './trigger.ts';

/** What `--expect` wants: a type of reply, `none`, or a text. */
export type Expectation = { readonly type: string } | { readonly pattern: RegExp };

export type TriggerSource =
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'replay'; readonly path: string; readonly asIs: boolean };

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
  if (flags.asIs && flags.replay === undefined) throw needs('--as-is', '--replay');
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
  if (flags.concurrency !== undefined && !flags.all && flags.repeat === undefined)
    throw needs('--concurrency', '--repeat', '--all');
  if (flags.expect !== undefined && flags.tamper !== undefined) throw conflict('--expect', '--tamper');
}

function actionOf(flags: TriggerFlags): TriggerAction {
  if (flags.dryRun) return { kind: 'dry-run' };
  if (flags.tamper !== undefined) return { kind: 'tamper', tampering: flags.tamper };
  if (flags.repeat !== undefined) return { kind: 'repeat', count: flags.repeat };
  if (flags.likeWechat) return { kind: 'like-wechat' };
  return { kind: flags.duplicate ? 'duplicate' : 'once' };
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
  throw unsuitable(
    'assignment_invalid',
    text,
    '--set',
    { en: 'it must be field=value', zh: '应写成 字段=值' },
    { en: 'Write --set Content=hi', zh: '写法如 --set Content=hi' },
  );
}

/** What `--expect` takes besides a `/regex/`. */
export const expectedTypes: readonly string[] = [...replyTypes, 'none'];

/** `--expect text`, `--expect none`, `--expect /welcome/i`. */
export function parseExpectation(text: string, name: string): Expectation {
  const regex = /^\/(.+)\/([imsu]*)$/s.exec(text);
  if (regex !== null) {
    try {
      return { pattern: new RegExp(regex[1] ?? '', regex[2]) };
    } catch {
      throw unsuitable('expect_invalid', text, name, {
        en: 'it is no regular expression',
        zh: '不是合法的正则表达式',
      });
    }
  }
  if (expectedTypes.includes(text)) return { type: text };
  throw unsuitable(
    'expect_invalid',
    text,
    name,
    { en: 'it must be a type of reply or a /regex/', zh: '应为回复类型或 /正则表达式/' },
    { en: `Types: ${expectedTypes.join(', ')}`, zh: `类型：${expectedTypes.join('、')}` },
  );
}

/** A count from 1. */
export function parseCount(text: string, name: string, most = 100_000): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw unsuitable('count_invalid', text, name, {
    en: `it must be 1 to ${most}`,
    zh: `应为 1 至 ${most}`,
  });
}
