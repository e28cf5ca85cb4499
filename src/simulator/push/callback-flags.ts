/** Where a simulator pushes to, from flags or from the options of the library. */
import { defined } from '../../core/text/defined.ts';
import type { CallbackSettings } from '../control/callback-config.ts';
import { checkServerUrl } from '../../core/callback/index.ts';

/** The flags as `--mode` and `--format` write them. */
export interface CallbackFlags {
  readonly to: string | undefined;
  readonly mode: 'plain' | 'compat' | 'safe' | undefined;
  readonly format: 'xml' | 'json' | undefined;
}

const modes = { plain: 'plain', compat: 'compatible', safe: 'safe' } as const;

/** Throws a usage error for an address that is none. */
export function readCallback({ to, mode, format }: CallbackFlags): Partial<CallbackSettings> {
  return {
    ...(to === undefined ? {} : { url: checkServerUrl(to, '--to') }),
    ...(mode === undefined ? {} : { mode: modes[mode] }),
    ...defined({ format }),
  };
}
