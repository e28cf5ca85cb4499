/** What somebody has seen of the requests: what came since they last looked is new. */
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isKnown, pushes, requests, resets } from '../live.ts';
import type { Entry } from './filter.ts';

interface Newest {
  readonly call: number;
  readonly push: number;
}

/** What was there when somebody last looked away; what a page finds at its start is not new. */
const seen = signal<Newest | null>(null);
/** Whether somebody is looking. */
const isLooking = signal(false);
/** What was there when they began to look: what comes under their eyes needs no mark. */
const found = signal<Newest | null>(null);

effect(() => {
  if (isKnown.value && seen.peek() === null) seen.value = newest();
});

effect(() => {
  // Numbers begin again.
  if (resets.value > 0) seen.value = { call: 0, push: 0 };
});

function newest(): Newest {
  return { call: requests.peek().at(-1)?.id ?? 0, push: pushes.peek().at(-1)?.id ?? 0 };
}

/** How many came while nobody looked. */
export const newEntries = computed(() => {
  const { call, push } = seen.value ?? { call: Infinity, push: Infinity };
  if (isLooking.value) return 0;
  return (
    requests.value.filter(({ id }) => id > call).length + pushes.value.filter(({ id }) => id > push).length
  );
});

export function isNew(entry: Entry): boolean {
  const [before, now] = [seen.value, found.value];
  if (before === null || now === null) return false;
  const id = entry.kind === 'call' ? entry.call.id : entry.push.id;
  return id > before[entry.kind] && id <= now[entry.kind];
}

/** Somebody looks for as long as the list and its window are to be seen. */
export function useLooking(): void {
  useEffect(() => {
    const look = (): void => {
      if (document.hidden === !isLooking.peek()) return;
      if (document.hidden) seen.value = newest();
      else found.value = newest();
      isLooking.value = !document.hidden;
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      if (isLooking.peek()) seen.value = newest();
      isLooking.value = false;
    };
  }, []);
}
