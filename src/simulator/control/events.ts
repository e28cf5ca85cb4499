/** Live news of the simulator as server-sent events. */
import type { ControlEvents } from './types/index.ts';

/** A page that has fallen this far behind is cut off; its EventSource connects again and reads everything anew. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** More pages than a developer has; the oldest one gives way. */
const maxStreams = 32;

export interface Events {
  emit<Name extends keyof ControlEvents>(name: Name, data: ControlEvents[Name]): void;
  /** A new stream as an answer. */
  open(hello: ControlEvents['hello']): Response;
  /** Ends every stream. */
  close(): void;
}

export function createEvents(): Events {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const end = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    if (streams.delete(controller)) controller.close();
  };
  const send = (controller: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array): void => {
    if ((controller.desiredSize ?? 0) < bytes.length - maxWaitingBytes) end(controller);
    else controller.enqueue(bytes);
  };
  return {
    emit(name, data) {
      if (streams.size === 0) return;
      const bytes = format(name, data);
      for (const controller of streams) send(controller, bytes);
    },
    open(hello) {
      let own: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            own = controller;
            streams.add(controller);
            const [oldest] = streams;
            if (streams.size > maxStreams && oldest !== undefined) end(oldest);
            controller.enqueue(format('hello', hello));
          },
          cancel() {
            if (own !== undefined) streams.delete(own);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
      );
      return new Response(body, {
        headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
      });
    },
    close() {
      for (const controller of streams) end(controller);
    },
  };
}

/** JSON has no line ends, so that one `data` line holds it. */
function format(name: string, data: unknown): Uint8Array {
  return new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
