/** What the rows of `doctor` share: the settings as they are read, and answers that more than one of them is made of. */
import type { Finding } from '../../../core/doctor/index.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Reach } from './network.ts';
import type { Session } from './session.ts';

export interface World {
  readonly context: Context;
  readonly settings: Settings;
  /** What is odd about the values that have been read; a row takes what came up while it read them. */
  readonly odd: Text[];
  /** Whether nothing may be sent. */
  readonly offline: boolean;
  /** Whether what is safe to repair is repaired. */
  readonly fix: boolean;
  /** The developer's server, where it was named. */
  readonly url: string | undefined;
  /** One request without a secret, and how far it came. */
  readonly reach: () => Promise<Reach>;
  readonly session: Session;
}

/** The same answer for all who ask. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= work());
}

export function pass(en: string, zh: string): Finding {
  return { status: 'pass', text: { en, zh } };
}

export function skip(en: string, zh: string): Finding {
  return { status: 'skip', text: { en, zh } };
}
