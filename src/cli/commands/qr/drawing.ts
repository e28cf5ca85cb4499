/** Draws a code on stderr, so that it can be scanned at once and stdout stays data. */
import type { Context } from '../../context.ts';

export async function drawQr({ io }: Context, url: string): Promise<void> {
  const { renderUnicodeCompact } = await import('uqr');
  io.terminal.writeStderr(`${renderUnicodeCompact(url, { border: 2 })}\n`);
}
