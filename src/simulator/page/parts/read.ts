/** What a part of the page reads by itself. */
import { useEffect, useState } from 'preact/hooks';
import { attempt } from './notice.ts';

/** Reads again when one of `deps` changes; `null` until the first answer is there. */
export function useRead<T>(read: () => Promise<T> | null, deps: readonly unknown[]): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void attempt(async () => {
      const found = await read();
      // Of two readings at once the later one counts.
      if (isCurrent) setValue(() => found);
    });
    return () => {
      isCurrent = false;
    };
  }, [...deps]);
  return value;
}
