/** How far a batch is: a moving line on a terminal, one line for each tenth in CI, nothing elsewhere. */
import type { Text } from '../../../../core/text/text.ts';
import type { Spinner } from '../../../../io/ports.ts';
import type { Context } from '../../../context.ts';

/** Shorter work needs no line. */
const delayMs = 300;
/** Faster than this nobody can read. */
const intervalMs = 100;

interface Progress {
  step(): void;
  stop(): void;
}

export function startProgress(context: Context, total: number): Progress {
  const startedMs = context.io.clock.monotonic();
  const count = (done: number): Text => countText(done, total, context.io.clock.monotonic() - startedMs);
  if (context.animated) return movingProgress(context, count);
  const { quiet, json } = context.options;
  const ci = context.environment['CI'] ?? '';
  if (ci !== '' && ci !== 'false' && !quiet && !json) return tenthsProgress(context, total, count);
  return { step() {}, stop() {} };
}

type Count = (done: number) => Text;

function movingProgress(context: Context, count: Count): Progress {
  const { clock, terminal } = context.io;
  const ended = new AbortController();
  let spinner: Spinner | undefined;
  let [done, shownMs] = [0, 0];
  const text = (): string => context.say(count(done));
  const begin = async (): Promise<void> => {
    await clock.sleep(delayMs, ended.signal);
    const started = await terminal.spinner(text());
    if (ended.signal.aborted) started.stop();
    else spinner = started;
  };
  begin().catch(() => {});
  return {
    step() {
      done += 1;
      const nowMs = clock.monotonic();
      if (spinner === undefined || nowMs - shownMs < intervalMs) return;
      shownMs = nowMs;
      spinner.update(text());
    },
    stop() {
      ended.abort();
      spinner?.stop();
    },
  };
}

function tenthsProgress(context: Context, total: number, count: Count): Progress {
  let [done, shown] = [0, 0];
  return {
    step() {
      done += 1;
      const tenths = Math.floor((done * 10) / total);
      if (tenths === shown) return;
      shown = tenths;
      context.note(count(done));
    },
    stop() {},
  };
}

/** `1200/5000 (24 %), 312 a second, 13 s left`. */
function countText(done: number, total: number, ms: number): Text {
  const head = `${done}/${total} (${Math.floor((done * 100) / total)} %)`;
  const seconds = ms / 1000;
  const rate = perSecond(done, seconds);
  if (done === 0 || rate === undefined) return { en: head, zh: head };
  const left = formatSeconds(((total - done) * seconds) / done);
  return {
    en: `${head}, ${rate} a second, ${left.en} left`,
    zh: `${head}，每秒 ${rate} 个，剩余 ${left.zh}`,
  };
}

/** With one decimal below ten; `undefined` where no time has passed. */
export function perSecond(count: number, seconds: number): string | undefined {
  if (seconds <= 0) return undefined;
  const rate = count / seconds;
  return rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}

/** `59 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatSeconds(seconds: number): Text {
  const whole = Math.ceil(seconds);
  if (whole < 60) return { en: `${whole} s`, zh: `${whole} 秒` };
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return { en: `${minutes} min ${whole % 60} s`, zh: `${minutes} 分 ${whole % 60} 秒` };
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return { en: `${hours} h ${rest} min`, zh: `${hours} 小时 ${rest} 分` };
}
