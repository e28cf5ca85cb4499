/** The rows of `doctor`, one after another: each looks at one thing, and only where those that it needs are well. */
import type { WechatMpError } from '../errors.ts';
import { explainStep, type NextStep } from '../explain/index.ts';
import type { Text } from '../text/text.ts';
import * as say from './texts.ts';

/** What one look has found. */
export interface Finding {
  readonly status: 'pass' | 'fail' | 'warn' | 'skip';
  readonly text: Text;
  /** The one thing to do about it. */
  readonly hint?: Text | undefined;
  readonly next?: readonly NextStep[];
  /** Of a skip: the row that stands in the way, be it above or below. */
  readonly because?: string;
}

export interface Check<World> {
  /** Stable name in snake_case. */
  readonly name: string;
  /** Rows above without which this one would only repeat their trouble. */
  readonly needs?: readonly string[];
  /** Whether it sends anything. */
  readonly online?: boolean;
  /** Where it is `false` there is no row: what is not set up needs none. */
  readonly applies?: (world: World) => boolean;
  readonly look: (world: World) => Finding | Promise<Finding>;
}

export interface Row extends Finding {
  readonly name: string;
}

/** `tell` makes a finding of what a look has thrown, or throws it on. */
export async function runChecks<World>(
  checks: readonly Check<World>[],
  world: World,
  { offline, tell }: { readonly offline: boolean; readonly tell: (error: unknown) => Finding },
): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  for (const { name, needs = [], online = false, applies, look } of checks) {
    if (applies?.(world) === false) continue;
    // Not the row itself: one above may have been left out in favour of it.
    const because = needs
      .map((need) => obstacleIn(rows.get(need)))
      .find((found) => found !== undefined && found !== name);
    let finding: Finding;
    if (online && offline) finding = { status: 'skip', text: say.notOffline };
    else if (because !== undefined) finding = blocked(because);
    else {
      try {
        finding = await look(world);
      } catch (error) {
        finding = tell(error);
      }
    }
    rows.set(name, { name, ...finding });
  }
  return [...rows.values()];
}

/** The row that is to blame for this one: itself where it failed, or what made it be left out. */
function obstacleIn(row: Row | undefined): string | undefined {
  return row?.status === 'fail' ? row.name : row?.because;
}

/** A row that can tell nothing because of another one. */
export function blocked(because: string): Finding {
  return { status: 'skip', text: say.blockedBy(because), because };
}

/** What a refusal or a failure is as a row, with the way to all that is known about it. */
export function troubleOf(
  { text, hint, type, facts }: WechatMpError,
  status: 'fail' | 'warn' = 'fail',
): Finding {
  return { status, text, hint, next: [explainStep(facts.errcode ?? type)] };
}
