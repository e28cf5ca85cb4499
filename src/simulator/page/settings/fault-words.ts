/** A fault that waits, as a sentence. */
import type { Text } from '../../../core/text/text.ts';

/** As `GET /_ctl/faults` lists it. */
export type FaultView = Readonly<Record<string, unknown>>;

/** From so many on nobody counts them any more. */
const always = 1_000_000;

/** `Next 3 calls of /cgi-bin/menu/get: errcode 45009, 3 s late`. */
export function faultSentence(fault: FaultView): Text {
  const { en, zh } = callsOf(fault);
  const parts = [answerOf(fault), ...conditionsOf(fault)].filter((part) => part !== undefined);
  return {
    en: `${en}: ${parts.map((part) => part.en).join(', ')}`,
    zh: `${zh}：${parts.map((part) => part.zh).join('，')}`,
  };
}

function callsOf({ path, times }: FaultView): Text {
  const where = written(path);
  const count = Number(times);
  if (count >= always) return { en: `Every call of ${where}`, zh: `${where} 的每次调用` };
  if (count === 1) return { en: `Next call of ${where}`, zh: `${where} 的下一次调用` };
  return { en: `Next ${count} calls of ${where}`, zh: `${where} 的接下来 ${count} 次调用` };
}

/** What comes in the place of the true answer; `undefined` where that only comes late. */
function answerOf({
  errcode,
  status,
  drop,
  partial,
  bomb,
  body,
  body_base64: bytes,
}: FaultView): Text | undefined {
  if (drop === true) return { en: 'connection reset', zh: '连接被重置' };
  if (errcode !== undefined)
    return { en: `errcode ${written(errcode)}`, zh: `返回错误码 ${written(errcode)}` };
  if (bomb !== undefined)
    return { en: `${written(bomb)} MiB, compressed`, zh: `返回 ${written(bomb)} MiB 的压缩内容` };
  if (partial !== undefined) {
    return { en: `cut off after ${written(partial)} bytes`, zh: `传输 ${written(partial)} 字节后中断` };
  }
  if (status !== undefined && status !== 200) {
    return { en: `HTTP ${written(status)}`, zh: `返回 HTTP ${written(status)}` };
  }
  return body !== undefined || bytes !== undefined ? { en: 'another body', zh: '返回其他内容' } : undefined;
}

function conditionsOf({ delay, after, skip, chance }: FaultView): readonly (Text | undefined)[] {
  const late = typeof delay === 'string' ? seconds(delay) : undefined;
  const likely = typeof chance === 'number' ? `${Math.round(chance * 100)} %` : undefined;
  return [
    late === undefined ? undefined : { en: `${late} s late`, zh: `延迟 ${late} 秒` },
    after === true ? { en: 'after its work is done', zh: '先正常处理' } : undefined,
    skip === undefined
      ? undefined
      : { en: `${written(skip)} calls pass first`, zh: `先放行 ${written(skip)} 次` },
    likely === undefined ? undefined : { en: `${likely} of them`, zh: `概率 ${likely}` },
  ];
}

/** The simulator writes all delays as `1500ms`. */
function seconds(delay: string): number {
  return Number.parseFloat(delay) / 1000;
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
