/** Events that the platform sends by itself after a call, for example when a mass message has gone out（事件推送）. */
import type { FieldValue } from '../../core/message/index.ts';

export interface OutgoingEvent {
  /** The sample of `messages/` that it is made of. */
  readonly sampleId: string;
  /** Whom it is about; `undefined` for one that comes from the platform's own account. */
  readonly openId?: string | undefined;
  /** In the place of the sample's own; `undefined` takes one out. */
  readonly fields: Readonly<Record<string, FieldValue | undefined>>;
}

export interface Outbox {
  /** It leaves when the call under way has been answered: a developer knows the id of what is reported. */
  post(event: OutgoingEvent): void;
  /** Hands what is there to the push side. */
  flush(): void;
  subscribe(listener: (event: OutgoingEvent) => void): () => void;
  clear(): void;
}

export function createOutbox(): Outbox {
  let waiting: OutgoingEvent[] = [];
  const listeners = new Set<(event: OutgoingEvent) => void>();
  return {
    post(event) {
      waiting.push(event);
    },
    flush() {
      const leaving = waiting;
      waiting = [];
      for (const event of leaving) for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      waiting = [];
    },
  };
}
