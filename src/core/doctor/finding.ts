/** What one look of `doctor` has found. */
import type { NextStep } from '../explain/index.ts';
import type { Text } from '../text/text.ts';

type FindingStatus = 'pass' | 'fail' | 'warn' | 'skip';

export interface Finding {
  readonly status: FindingStatus;
  readonly text: Text;
  /** The one thing to do about it. */
  readonly hint?: Text | undefined;
  readonly next?: readonly NextStep[];
  /** Of a skip: the row that stands in the way, be it above or below. */
  readonly because?: string;
}
