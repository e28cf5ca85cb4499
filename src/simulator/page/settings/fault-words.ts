/** A fault that waits, as a sentence. */
import type { Text } from '../../../core/text/text.ts';

/** As `GET /_ctl/faults` lists it. */
export type FaultView = Readonly<Record<string, unknown>>;

/** From so many on nobody counts them any more; the scenarios ask for a million, and each call takes one away. */
const always = 100_000;

/** `After 2 good calls, the next 3 calls to /cgi-bin/menu/get get errcode 45009, 3 s late`. */
export function faultSentence(fault: FaultView): Text {
  const { times, delay, after, chance } = fault;
  const verb = isMany(times) ? 'get' : 'gets';
  const late = typeof delay === 'string' ? Number.parseFloat(delay) / 1000 : undefined;
  const answer = answerOf(fault);
  const parts = [callsOf(fault)];
  if (answer !== undefined) parts.push({ en: ` ${verb} ${answer.en}`, zh: answer.zh });
  if (late !== undefined) {
    const alone = { en: ` ${verb} the answer ${late} s late`, zh: `延迟 ${late} 秒响应` };
    parts.push(answer === undefined ? alone : { en: `, ${late} s late`, zh: `，延迟 ${late} 秒` });
  }
  if (after === true) parts.push({ en: ', after being processed', zh: '，但请求已正常处理' });
  if (typeof chance === 'number') {
    const percent = `${Math.round(chance * 100)}%`;
    parts.push({ en: `, with a chance of ${percent}`, zh: `，概率 ${percent}` });
  }
  return { en: parts.map(({ en }) => en).join(''), zh: parts.map(({ zh }) => zh).join('') };
}

function isMany(times: unknown): boolean {
  return Number(times) > 1 && Number(times) < always;
}

function callsOf({ path, times, skip }: FaultView): Text {
  const where = written(path);
  const [first, passed] =
    skip === undefined
      ? ['', '']
      : [`After ${written(skip)} good ${skip === 1 ? 'call' : 'calls'}, `, `放行 ${written(skip)} 次后，`];
  const many: Text = { en: `the next ${written(times)} calls`, zh: `接下来 ${written(times)} 次调用` };
  const one: Text = { en: 'the next call', zh: '下一次调用' };
  const every: Text = { en: 'every call', zh: '每次调用' };
  const few = isMany(times) ? many : one;
  const { en, zh } = Number(times) >= always ? every : few;
  const begun = first === '' ? en.replace(/^./, (letter) => letter.toUpperCase()) : `${first}${en}`;
  return { en: `${begun} to ${where}`, zh: `${passed}${where} 的${zh}` };
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
  if (drop === true) return { en: 'a reset connection', zh: '连接被重置' };
  if (errcode !== undefined)
    return { en: `errcode ${written(errcode)}`, zh: `返回错误码 ${written(errcode)}` };
  if (bomb !== undefined)
    return { en: `${written(bomb)} MiB of compressed data`, zh: `返回 ${written(bomb)} MiB 的压缩内容` };
  if (partial !== undefined) {
    return {
      en: `an answer cut off after ${written(partial)} bytes`,
      zh: `传输 ${written(partial)} 字节后中断`,
    };
  }
  if (status !== undefined && status !== 200) {
    return { en: `HTTP ${written(status)}`, zh: `返回 HTTP ${written(status)}` };
  }
  return body !== undefined || bytes !== undefined ? { en: 'another body', zh: '返回其他内容' } : undefined;
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
