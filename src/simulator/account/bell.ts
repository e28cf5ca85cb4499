/** Tells listeners of something that happens again and again. */
export function createBell<News extends readonly unknown[]>() {
  const listeners = new Set<(...news: News) => void>();
  return {
    ring: (...news: News): void => {
      for (const listener of listeners) listener(...news);
    },
    /** Returns the function that ends it. */
    subscribe: (listener: (...news: News) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
