/** Who sees "the other side is typing" at the moment (客服输入状态). */
import type { Clock } from '../../../io/ports.ts';
import { Refusal } from '../../server/refusal.ts';

/** How long it is shown without a message; no page says, and phones show it about that long. */
const lifeMs = 15_000;

export function createTyping(clock: Clock) {
  const untilMs = new Map<string, number>();
  const isShown = (openId: string): boolean => {
    const shown = (untilMs.get(openId) ?? 0) > clock.now();
    if (!shown) untilMs.delete(openId);
    return shown;
  };
  return {
    /** Throws 45081 where it is shown already. */
    start(openId: string): void {
      if (isShown(openId)) throw new Refusal(45081);
      untilMs.set(openId, clock.now() + lifeMs);
    },
    stop(openId: string): void {
      untilMs.delete(openId);
    },
    isShown,
    /** Until when it is shown, in milliseconds; `undefined` where it is not. */
    untilMs: (openId: string): number | undefined => (isShown(openId) ? untilMs.get(openId) : undefined),
  };
}
