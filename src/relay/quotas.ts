/**
 * What is left of the calls of a day, as far as the platform itself has said so: the figures of the documentation are
 * those of new accounts and grow with the followers, so they only tell when to ask. A call is refused here where the
 * platform has just said that nothing is left, and never because of a figure of ours.
 */
import { callQuotas, type CallUsage } from '../core/catalogue/index.ts';
import type { Clock } from '../io/ports.ts';
import { RelayRefusal } from './refusal.ts';
import * as texts from './texts.ts';

/** No calls left today; too many in a minute. */
const [DAY_OVER, MINUTE_OVER] = [45009, 45011];
/** From this part of the documented figure on the platform is asked. */
const WORTH_ASKING = 0.9;
/** So long a figure of the platform's is counted down, and so long none at all is taken for true. Milliseconds. */
const [FIGURE_MS, NONE_LEFT_MS] = [60_000, 10_000];
/** After "too often in a minute" the path rests so long: when a minute begins nobody knows. Milliseconds. */
const REST_MS = 5000;
const DAY_MS = 86_400_000;
/** The platform's day is that of Beijing. */
const BEIJING_MS = 8 * 3_600_000;
/** Calls after which figures are others. */
const resets: ReadonlySet<string> = new Set([
  '/cgi-bin/clear_quota',
  '/cgi-bin/clear_quota/v2',
  '/cgi-bin/openapi/quota/clear',
]);

interface PathState {
  day: number;
  /** Passed on today by this relay. */
  count: number;
  /** What was left when the count was `at`. */
  known: { readonly left: number; readonly at: number; readonly sinceMs: number } | undefined;
  restsUntilMs: number;
  asking: Promise<void> | undefined;
}

export class Quotas {
  readonly #clock: Clock;
  readonly #ask: (path: string) => Promise<CallUsage>;
  readonly #paths = new Map<string, PathState>();

  constructor(clock: Clock, ask: (path: string) => Promise<CallUsage>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Throws a `RelayRefusal` where the platform would refuse. Counts the call. */
  async take(path: string): Promise<void> {
    const state = this.#stateOf(path);
    const waitMs = state.restsUntilMs - this.#clock.monotonic();
    if (waitMs > 0) {
      const retryAfter = Math.ceil(waitMs / 1000);
      throw new RelayRefusal('relay_quota', { errcode: MINUTE_OVER, text: texts.tooFast, retryAfter });
    }
    const { day = Infinity } = callQuotas[path] ?? {};
    if (state.known !== undefined || state.count >= day * WORTH_ASKING) await this.#check(path, state);
    state.count += 1;
  }

  /** What the platform answered to a call that was passed on. */
  note(path: string, errcode: number | undefined): void {
    if (errcode === 0 && resets.has(path)) this.#paths.clear();
    if (errcode !== DAY_OVER && errcode !== MINUTE_OVER) return;
    const state = this.#stateOf(path);
    const nowMs = this.#clock.monotonic();
    if (errcode === MINUTE_OVER) state.restsUntilMs = nowMs + REST_MS;
    else state.known = { left: 0, at: state.count, sinceMs: nowMs };
  }

  async #check(path: string, state: PathState): Promise<void> {
    if (ageOf(state, this.#clock) >= (leftOf(state) > 0 ? FIGURE_MS : NONE_LEFT_MS)) {
      state.asking ??= this.#refresh(path, state).finally(() => (state.asking = undefined));
      // Who is sure to have one left need not wait for the figure.
      if (leftOf(state) <= 0) await state.asking;
    }
    if (leftOf(state) > 0) return;
    const waitMs = NONE_LEFT_MS - ageOf(state, this.#clock);
    throw new RelayRefusal('relay_quota', { retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) });
  }

  async #refresh(path: string, state: PathState): Promise<void> {
    const at = state.count;
    // Where the platform tells nothing, the call is its own to judge.
    const usage = await this.#ask(path).catch(() => undefined);
    // Quirk: a limit of 0 is that of a call which the account may not make at all; it has an errcode of its own.
    const left = usage === undefined || usage.dailyLimit === 0 ? Infinity : usage.remain;
    state.known = { left, at, sinceMs: this.#clock.monotonic() };
  }

  #stateOf(path: string): PathState {
    const day = Math.floor((this.#clock.now() + BEIJING_MS) / DAY_MS);
    const found = this.#paths.get(path);
    if (found?.day === day) return found;
    const state: PathState = { day, count: 0, known: undefined, restsUntilMs: 0, asking: undefined };
    this.#paths.set(path, state);
    return state;
  }
}

/** As far as is known: what was left, without the calls since. */
function leftOf({ known, count }: PathState): number {
  return known === undefined ? 0 : known.left - (count - known.at);
}

function ageOf({ known }: PathState, clock: Clock): number {
  return known === undefined ? Infinity : clock.monotonic() - known.sinceMs;
}
