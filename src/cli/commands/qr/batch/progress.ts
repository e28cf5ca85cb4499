/** How far a batch is: a moving line on a terminal, one line for each tenth in CI, nothing elsewhere. */
import type { Text } from '../../../../core/text/text.ts';
import type { Spinner } from '../../../../io/ports.ts';
import type { Context } from '../../../context.ts';

/** Shorter work needs no line. */
const delayMs = 300;
/** Faster than this nobody can read. */
const intervalMs = 100;

export interface Progress {
  /** One more is done, well or not. */
  step(): void;
  stop(): void;
}

export function startProgress(context: Context, total: number): Progress {
  if (context.animated) return new MovingProgress(context, total);
  const { quiet, json } = context.options;
  const ci = context.environment['CI'] ?? '';
  if (ci !== '' && ci !== 'false' && !quiet && !json) return new TenthsProgress(context, total);
  return { step() {}, stop() {} };
}

class MovingProgress implements Progress {
  readonly #context: Context;
  readonly #count: Count;
  readonly #ended = new AbortController();
  #spinner: Spinner | undefined;
  #shownMs = 0;

  constructor(context: Context, total: number) {
    this.#context = context;
    this.#count = new Count(context, total);
    this.#begin().catch(() => {});
  }

  async #begin(): Promise<void> {
    const { io } = this.#context;
    await io.clock.sleep(delayMs, this.#ended.signal);
    const spinner = await io.terminal.spinner(this.#count.text());
    if (this.#ended.signal.aborted) spinner.stop();
    else this.#spinner = spinner;
  }

  step(): void {
    this.#count.done += 1;
    const nowMs = this.#context.io.clock.monotonic();
    if (this.#spinner === undefined || nowMs - this.#shownMs < intervalMs) return;
    this.#shownMs = nowMs;
    this.#spinner.update(this.#count.text());
  }

  stop(): void {
    this.#ended.abort();
    this.#spinner?.stop();
  }
}

class TenthsProgress implements Progress {
  readonly #context: Context;
  readonly #count: Count;
  #tenths = 0;

  constructor(context: Context, total: number) {
    this.#context = context;
    this.#count = new Count(context, total);
  }

  step(): void {
    this.#count.done += 1;
    const tenths = Math.floor((this.#count.done * 10) / this.#count.total);
    if (tenths === this.#tenths) return;
    this.#tenths = tenths;
    this.#context.note({ en: this.#count.text(), zh: this.#count.text() });
  }

  stop(): void {}
}

class Count {
  done = 0;
  readonly total: number;
  readonly #context: Context;
  readonly #startedMs: number;

  constructor(context: Context, total: number) {
    this.#context = context;
    this.total = total;
    this.#startedMs = context.io.clock.monotonic();
  }

  /** `1200/5000 (24 %), 312 a second, 13 s left`. */
  text(): string {
    const { done, total } = this;
    const head = `${done}/${total} (${Math.floor((done * 100) / total)} %)`;
    const seconds = (this.#context.io.clock.monotonic() - this.#startedMs) / 1000;
    const rate = perSecond(done, seconds);
    if (done === 0 || rate === undefined) return this.#context.say({ en: head, zh: head });
    const left = formatSeconds(((total - done) * seconds) / done);
    return this.#context.say({
      en: `${head}, ${rate} a second, ${left.en} left`,
      zh: `${head}，每秒 ${rate} 个，剩余 ${left.zh}`,
    });
  }
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
