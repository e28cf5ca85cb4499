/** Events that the platform sends by itself after a call, for example when a mass message has gone out（事件推送）. */
import { createBell } from '../account/bell.ts';
import type { FieldValue } from '../../core/message/index.ts';

export interface OutgoingEvent {
  /** The sample of `messages/` that it is made of. */
  readonly sampleId: string;
  /** Whom it is about; `undefined` for one that comes from the platform's own account. */
  readonly openId?: string | undefined;
  /** In the place of the sample's own; `undefined` takes one out. */
  readonly fields: Readonly<Record<string, FieldValue | undefined>>;
}

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox() {
  let waiting: OutgoingEvent[] = [];
  const bell = createBell<[OutgoingEvent]>();
  return {
    /** It leaves when the call under way has been answered: a developer knows the id of what is reported. */
    post(event: OutgoingEvent): void {
      waiting.push(event);
    },
    flush(): void {
      const leaving = waiting;
      waiting = [];
      for (const event of leaving) bell.ring(event);
    },
    subscribe: bell.subscribe,
    clear(): void {
      waiting = [];
    },
  };
}
