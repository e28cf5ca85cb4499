interface Remembered<Key> {
  readonly size: number;
  keys(): IterableIterator<Key>;
  delete(key: Key): boolean;
}

/**
 * Makes what forgets the first key of a map or a set that has more than `most`, and says which one that was. An iterator of
 * the runtime passes the places of all that is gone, which are thousands in a map that loses its first ones again and
 * again: this one is kept, and has passed them.
 */
export function createForgetting<Key>(
  known: Remembered<Key>,
  most: number,
  /** Hears of a key while it is still there. */
  leaves: (key: Key) => void = () => undefined,
): () => Key | undefined {
  let keys = known.keys();
  return () => {
    if (known.size <= most) return undefined;
    let next = keys.next();
    if (next.done === true) {
      keys = known.keys();
      next = keys.next();
    }
    if (next.done === true) return undefined;
    leaves(next.value);
    known.delete(next.value);
    return next.value;
  };
}
