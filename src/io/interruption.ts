import { WechatMpError } from '../core/errors.ts';

const controller = new AbortController();
let listening = false;

/**
 * A signal that is aborted by SIGINT or SIGTERM, so that whoever waits can clean up. The second signal ends at once.
 * Before the first call signals have their usual effect: there is nothing yet to clean up.
 */
export function interruption(): AbortSignal {
  if (!listening) {
    listening = true;
    process.on('SIGINT', () => interrupt('SIGINT', 130));
    process.on('SIGTERM', () => interrupt('SIGTERM', 143));
  }
  return controller.signal;
}

function interrupt(signal: string, code: number): void {
  if (controller.signal.aborted) process.exit(code);
  controller.abort(
    new WechatMpError({
      family: 'interrupted',
      type: signal === 'SIGINT' ? 'interrupted' : 'terminated',
      text: signal === 'SIGINT' ? { en: 'Interrupted', zh: '已中断' } : { en: 'Terminated', zh: '已终止' },
    }),
  );
}
