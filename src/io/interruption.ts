import { WechatMpError } from '../core/errors.ts';

/** Made with the first call: most commands end before anybody waits, and its class is loaded with its first use. */
let controller: AbortController | undefined;

/**
 * A signal that is aborted by SIGINT or SIGTERM, so that whoever waits can clean up. The second signal ends at once.
 * Before the first call signals have their usual effect: there is nothing yet to clean up.
 */
export function interruption(): AbortSignal {
  controller ??= listen(new AbortController());
  return controller.signal;
}

function listen(made: AbortController): AbortController {
  process.on('SIGINT', () => interrupt(made, 'SIGINT', 130));
  process.on('SIGTERM', () => interrupt(made, 'SIGTERM', 143));
  return made;
}

function interrupt(made: AbortController, signal: string, code: number): void {
  if (made.signal.aborted) process.exit(code);
  made.abort(
    new WechatMpError({
      family: 'interrupted',
      type: signal === 'SIGINT' ? 'interrupted' : 'terminated',
      text: signal === 'SIGINT' ? { en: 'Interrupted', zh: '已中断' } : { en: 'Terminated', zh: '已终止' },
    }),
  );
}
