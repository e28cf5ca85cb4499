/** What a developer wants to become of the next messages that the platform takes: results that no call brings about. */
import { inputError } from '../../../core/errors.ts';
import { isObject } from '../../../core/text/json-value.ts';
import type { Text } from '../../../core/text/text.ts';
import { quoteAll } from '../../control/input.ts';

const maxOrders = 100;
const maxTimes = 1000;
const templateStatuses = ['failed: system failed', 'failed:user block'] as const;
/** 广告, 政治 … 管理员拒绝: the figures of the platform. */
const massErrors = [
  10001, 20001, 20002, 20004, 20006, 20008, 20013, 21000, 22000, 30001, 30002, 30003, 40001, 40002,
];
const massStatuses = ['send fail', 'reprint', 'hold', ...massErrors.map((code) => `err(${code})`)];

const statuses = {
  template: templateStatuses,
  mass: massStatuses,
  publish: ['not_original', 'failed', 'refused', 'hold'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
const kinds = ['template', 'mass', 'publish'] as const;

export type Kind = (typeof kinds)[number];

interface Waiting {
  readonly kind: Kind;
  readonly status: string;
  left: number;
}

export type Outcomes = ReturnType<typeof createOutcomes>;

export function createOutcomes() {
  let waiting: Waiting[] = [];
  return {
    save: (): readonly Waiting[] => waiting.map((entry) => ({ ...entry })),
    restore(saved: readonly Waiting[]): void {
      waiting = saved.map((entry) => ({ ...entry }));
    },
    order(body: Readonly<Record<string, unknown>>): void {
      const entry = parseOrder(body);
      if (waiting.length >= maxOrders) {
        refuse({
          en: `At most ${maxOrders} outcomes can wait`,
          zh: `最多只能有 ${maxOrders} 条待生效的结果`,
        });
      }
      waiting.push(entry);
    },
    /** The outcome of the next message of this kind, used up by it; `undefined` for a good one. */
    take(kind: Kind): string | undefined {
      const entry = waiting.find((each) => each.kind === kind);
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left === 0) waiting = waiting.filter((each) => each !== entry);
      return entry.status;
    },
    list: () => waiting.map(({ kind, status, left }) => ({ [kind]: status, times: left })),
  };
}

function parseOrder(body: Readonly<Record<string, unknown>>): Waiting {
  const { times = 1, ...others } = isObject(body) ? body : {};
  const [kind, ...more] = Object.keys(others);
  if (!isKind(kind) || more.length > 0) {
    return refuse({
      en: 'An outcome must have one of "template", "mass" and "publish", and may have "times"',
      zh: '结果必须且只能包含“template”、“mass”、“publish”之一，可另带“times”',
    });
  }
  const status = readStatus(kind, others[kind]);
  if (!Number.isInteger(times) || Number(times) < 1 || Number(times) > maxTimes) {
    refuse({
      en: `"times" must be a whole number from 1 to ${maxTimes}`,
      zh: `“times”必须是 1 到 ${maxTimes} 之间的整数`,
    });
  }
  return { kind, status, left: Number(times) };
}

function isKind(key: string | undefined): key is Kind {
  return kinds.some((kind) => kind === key);
}

function readStatus(kind: Kind, status: unknown): string {
  const known: readonly string[] = statuses[kind];
  if (typeof status === 'string' && known.includes(status)) return status;
  const list = quoteAll(known);
  return refuse({
    en: `"${kind}" must be one of ${list.en}`,
    zh: `“${kind}”只能是${list.zh}`,
  });
}

/** How a mass message on hold ends. Throws an input error for what is no status of the platform. */
export function readMassEnd(status: unknown): string {
  const known: readonly string[] = statuses.mass;
  const isOrder = status === 'hold' || status === 'reprint';
  if (status === 'send success') return status;
  if (typeof status === 'string' && !isOrder && known.includes(status)) return status;
  return refuse({
    en: '"status" must be "send success", "send fail" or one of the errors of the platform, such as "err(20001)"',
    zh: '“status”只能是“send success”、“send fail”或平台的错误，例如“err(20001)”',
  });
}

function refuse(text: Text): never {
  throw inputError('invalid_outcome', text);
}
