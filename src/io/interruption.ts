import { setMaxListeners } from 'node:events';
import { WechatMpError } from '../core/errors.ts';
import type { Text } from '../core/text/text.ts';

/** Made with the first call: most commands end before anybody waits, and its class is loaded with its first use. */
let controller: AbortController | undefined;

/** The signals that ask a process to end, with the error type that each becomes and its number. */
const endings: Readonly<
  Record<string, { readonly type: string; readonly number: number; readonly text: Text }>
> = {
  SIGHUP: { type: 'hung_up', number: 1, text: { en: 'Hung up', zh: '已挂断' } },
  SIGINT: { type: 'interrupted', number: 2, text: { en: 'Interrupted', zh: '已中断' } },
  SIGQUIT: { type: 'quit', number: 3, text: { en: 'Quit', zh: '已退出' } },
  SIGTERM: { type: 'terminated', number: 15, text: { en: 'Terminated', zh: '已终止' } },
};

/**
 * A signal that is aborted by SIGINT, SIGTERM, SIGHUP or SIGQUIT, so that whoever waits can clean up. The second signal
 * ends at once, but for SIGHUP: a terminal that closes sends it, and its shell sends it again.
 * Before the first call signals have their usual effect: there is nothing yet to clean up.
 */
export function interruption(): AbortSignal {
  controller ??= listen(new AbortController());
  return controller.signal;
}

function listen(made: AbortController): AbortController {
  // As many wait for it as work at once; Node 20 takes more than ten for a leak and says so to the user.
  setMaxListeners(0, made.signal);
  for (const [signal, { type, number, text }] of Object.entries(endings)) {
    process.on(signal, () => {
      if (!made.signal.aborted) made.abort(new WechatMpError({ family: 'interrupted', type, text }));
      else if (signal !== 'SIGHUP') process.exit(128 + number);
    });
  }
  return made;
}
