/** One short line above everything else, which screen readers say aloud. */
import { signal } from '@preact/signals';
import type { Text } from '../../../core/text/text.ts';
import { failureText } from '../control.ts';

const shownMs = 6000;

export interface Notice {
  readonly text: Text;
  readonly isBad: boolean;
}

export const notice = signal<Notice | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export function notify(text: Text, isBad = false): void {
  notice.value = { text, isBad };
  clearTimeout(timer);
  timer = setTimeout(() => (notice.value = null), shownMs);
}

/** Runs what a button does; a refusal is told and not thrown. */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    notify(failureText(error), true);
    return false;
  }
}
