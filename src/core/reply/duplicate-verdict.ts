/** Whether a server that got the same message twice did its work twice（消息排重）, as far as its answers tell. */
import { textField } from '../message/index.ts';
import { parseReply } from './parse.ts';
import type { Text } from '../text/text.ts';

/** What came back from one delivery. */
export interface AnsweredDelivery {
  /** Milliseconds since 1970 at which it was sent. */
  readonly sentAtMs: number;
  readonly ms: number;
  /** The plain text of the answer; `undefined` where none came in time. */
  readonly text: string | undefined;
}

export interface DuplicateVerdict {
  /** `true`: the work was done once; `false`: again; `undefined`: the answers do not tell. */
  readonly deduplicated: boolean | undefined;
  readonly why: Text;
}

/** Compares the answers to the first and to a later delivery of a message that was made at `createTime`. */
export function judgeDuplicates(
  first: AnsweredDelivery,
  later: AnsweredDelivery,
  createTime: number,
): DuplicateVerdict {
  if (later.text === undefined) {
    return unknown(
      'no delivery was answered in time: the work takes too long, or is done again each time',
      '每次投递都没有在时限内得到应答：处理时间过长，或每次都重新处理',
    );
  }
  const madeAt = madeAtSeconds(later.text);
  const isOld = madeAt !== undefined && madeAt !== createTime && madeAt < Math.floor(later.sentAtMs / 1000);
  if (first.text === undefined) return isOld ? fromMemory() : afterFailure(later);
  const [isFirstSilent, isLaterSilent] = [isSilent(first.text), isSilent(later.text)];
  if (isLaterSilent && !isFirstSilent) {
    return once('the later delivery was answered without a reply', '再次投递时没有再给出回复');
  }
  if (isLaterSilent) return unknown('neither delivery was answered with a reply', '两次投递都没有回复内容');
  if (first.text !== later.text) {
    return again(
      'the later delivery was answered with a new reply: the server did the work again',
      '再次投递时生成了新的回复：服务器重复处理了同一消息',
    );
  }
  if (isOld) return fromMemory();
  return unknown(
    'both replies are the same, and their CreateTime does not say when they were made',
    '两次回复相同，且 CreateTime 无法说明生成时间',
  );
}

function fromMemory(): DuplicateVerdict {
  return once(
    'the later delivery was answered with the reply that was made for the first one',
    '再次投递时返回的是第一次生成的回复',
  );
}

/** A fresh reply that comes faster than this was not waited for together with the first delivery. */
const instantMs = 500;

/** The first delivery was not answered in time, and the platform sent the message again. */
function afterFailure({ ms, text = '' }: AnsweredDelivery): DuplicateVerdict {
  if (isSilent(text)) {
    return once(
      'the first delivery was too slow, and the later one was answered without a reply: the message was known',
      '第一次投递超时，再次投递时没有再给出回复：服务器认出了该消息',
    );
  }
  const seconds = (ms / 1000).toFixed(1);
  if (ms < instantMs) {
    return again(
      `the later delivery was answered after ${seconds} s with a new reply: the server did the work again`,
      `再次投递后 ${seconds} 秒得到新生成的回复：服务器重复处理了同一消息`,
    );
  }
  return unknown(
    `the later delivery was answered after ${seconds} s: the first one's work may have ended then, or been done again`,
    `再次投递后 ${seconds} 秒得到回复：可能是第一次的处理此时完成，也可能重新处理了一遍`,
  );
}

function isSilent(text: string): boolean {
  return text.trim() === '' || text.trim() === 'success';
}

/** `CreateTime` of a reply in Unix seconds. Many servers write milliseconds, which the platform lets pass. */
function madeAtSeconds(text: string): number | undefined {
  const parsed = parseReply(text);
  if (parsed.kind !== 'reply') return undefined;
  const { CreateTime: value } = parsed.fields;
  const found = typeof value === 'string' ? textField(parsed.fields, 'CreateTime')?.trim() : undefined;
  return found !== undefined && /^\d{10}(?:\d{3})?$/.test(found) ? Number(found.slice(0, 10)) : undefined;
}

function once(en: string, zh: string): DuplicateVerdict {
  return { deduplicated: true, why: { en, zh } };
}

function again(en: string, zh: string): DuplicateVerdict {
  return { deduplicated: false, why: { en, zh } };
}

function unknown(en: string, zh: string): DuplicateVerdict {
  return { deduplicated: undefined, why: { en, zh } };
}
