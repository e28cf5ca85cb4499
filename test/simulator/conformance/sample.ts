/** What the parts of the conformance test are made of. */
import type { Simulated } from '../simulated.ts';

/** One good call of a path that the simulator answers; a follower `o1` with tag 100 is there, and `left`, who has left. */
export interface Sample {
  readonly query?: string;
  readonly body?: unknown;
  /** What has to be there first. */
  readonly before?: (world: Simulated) => Promise<unknown>;
  /** The whole call, where its parameters depend on what was there first; gives the answer. */
  readonly call?: (world: Simulated) => Promise<unknown>;
  /** An answer that is no JSON: the test of its route checks it. */
  readonly isBinary?: true;
}

/** By path. */
export type Samples = Readonly<Record<string, Sample>>;

/** A call with a token, as the first of two. */
export const post =
  (path: string, body: unknown) =>
  async ({ ask, path: withToken }: Simulated): Promise<unknown> =>
    ask('POST', await withToken(path), body);
