import ora from 'ora';
import type { Spinner } from '../ports.ts';

/** A spinner on stderr. `discardStdin` is off: it would swallow what is piped in or typed ahead. */
export function startSpinner(text: string): Spinner {
  const spinner = ora({ text, stream: process.stderr, discardStdin: false }).start();
  return {
    update: (words) => {
      spinner.text = words;
    },
    stop: () => {
      spinner.stop();
    },
  };
}
