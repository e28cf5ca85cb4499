/** What a relay says at its start of a token store that cannot be reached, and when it can be. */
import type { TokenSource } from '../../../api/token-source.ts';
import { WechatMpError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';

/** Soon enough for somebody who starts both at once, and no load for a server that is not there. */
const pauseMs = 5000;

/**
 * Looks into the stores until each has answered once; what goes wrong after that stands with the calls that meet it.
 * Nobody waits for it: a relay may be there before its store is.
 */
export function watchStores(context: Context, sources: readonly Pick<TokenSource, 'peek'>[]): void {
  const told = new Set<string>();
  for (const source of sources) void watch(context, source, told);
}

async function watch(context: Context, source: Pick<TokenSource, 'peek'>, told: Set<string>): Promise<void> {
  const { clock } = context.io;
  const signal = context.io.interruption();
  let wasAway = false;
  while (!signal.aborted) {
    const trouble = await source.peek().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (signal.aborted) return;
    if (!(trouble instanceof WechatMpError) || !trouble.type.startsWith('store_')) {
      if (wasAway && trouble === undefined) once(told, reached, (text) => context.note(text));
      return;
    }
    wasAway = true;
    once(told, unreached(trouble), (text) => context.warn(text));
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

/** Accounts that share a store share what is said of it. */
function once(told: Set<string>, text: Text, tell: (text: Text) => void): void {
  if (told.has(text.en)) return;
  told.add(text.en);
  tell(text);
}

function unreached({ text, type }: WechatMpError): Text {
  return {
    en: `${text.en}; until it answers, calls that need a token fail (${type})`,
    zh: `${text.zh}；在其恢复之前，需要 access_token 的调用都会失败（${type}）`,
  };
}

const reached: Text = { en: 'The token store answers now', zh: 'access_token 存储已恢复应答' };
