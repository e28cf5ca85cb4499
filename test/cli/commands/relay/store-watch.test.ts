import { describe, expect, test } from 'vitest';
import { watchStores } from '../../../../src/cli/commands/relay/store-watch.ts';
import type { Context } from '../../../../src/cli/context.ts';
import { WechatMpError } from '../../../../src/core/errors.ts';
import type { Text } from '../../../../src/core/text/text.ts';

const trouble = (type: string, reason: string): WechatMpError =>
  new WechatMpError({
    family: 'network',
    type,
    text: { en: `Cannot use redis://h:6379/0: ${reason}`, zh: `无法使用 redis://h:6379/0：${reason}` },
  });
const away = trouble('store_unreachable', 'nothing listens there');

/** What is said while each store answers its looks one after the other, and the pauses in between. */
async function watched(
  ...stores: readonly (readonly (WechatMpError | undefined)[])[]
): Promise<{ readonly said: readonly string[]; readonly pauses: readonly number[] }> {
  const [said, pauses]: [string[], number[]] = [[], []];
  const stop = new AbortController();
  const context = {
    io: {
      clock: {
        sleep: async (ms: number) => void pauses.push(ms),
      },
      interruption: () => stop.signal,
    },
    warn: ({ en }: Text) => void said.push(`! ${en}`),
    note: ({ en }: Text) => void said.push(en),
  } as unknown as Context;
  let open = stores.length;
  await new Promise<void>((resolve) => {
    const sources = stores.map((looks) => {
      const left = [...looks];
      return {
        peek: async () => {
          const found = left.shift();
          if (left.length === 0 && (open -= 1) === 0) setImmediate(resolve);
          if (found !== undefined) throw found;
          return undefined;
        },
      };
    });
    watchStores(context, sources);
  });
  stop.abort();
  return { said, pauses };
}

const first =
  '! Cannot use redis://h:6379/0: nothing listens there; until it answers, calls that need a token fail (store_unreachable)';
const now = 'The token store answers now';

describe('watchStores()', () => {
  test('says nothing of a store that answers', async () => {
    expect(await watched([undefined])).toEqual({ said: [], pauses: [] });
  });

  test('warns once, looks again every 5 s, and says when it answers', async () => {
    expect(await watched([away, away, away, undefined])).toEqual({
      said: [first, now],
      pauses: [5000, 5000, 5000],
    });
  });

  test('warns again where it fails otherwise', async () => {
    const refused = trouble('store_login', 'it wants a password');
    const { said } = await watched([away, refused, undefined]);
    expect(said).toEqual([
      first,
      '! Cannot use redis://h:6379/0: it wants a password; until it answers, calls that need a token fail (store_login)',
      now,
    ]);
  });

  test('says it once for accounts that share a store', async () => {
    expect((await watched([away, undefined], [away, undefined])).said).toEqual([first, now]);
  });

  test('leaves other trouble to the calls that meet it', async () => {
    expect((await watched([trouble('token_absent', 'nothing is there')])).said).toEqual([]);
  });
});
