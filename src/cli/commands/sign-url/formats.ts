/** `sign-url --format config|html|env|github`: for pages, files of variables and CI. */
import type { Context } from '../../context.ts';
import type { Format, SignedPage } from './sign-url.ts';

export async function printFormat(
  context: Context,
  format: Exclude<Format, 'lines' | 'json'>,
  [page]: readonly SignedPage[],
): Promise<void> {
  if (page === undefined) return;
  const { jsApiList: _jsApiList, openTagList: _openTagList, ...values } = page;
  switch (format) {
    case 'config':
      context.io.terminal.writeStdout(`${formatConfigCall(page)}\n`);
      return;
    case 'html': {
      const { formatTestPage } = await import('./page.ts');
      context.io.terminal.writeStdout(formatTestPage(page, context.language));
      context.note({
        en: `Put the page where ${page.url} shows it, and open it in WeChat`,
        zh: `请把该页面部署到 ${page.url}，然后在微信中打开`,
      });
      return;
    }
    case 'env':
      context.io.terminal.writeStdout(formatEnvironment(values));
      return;
    case 'github': {
      const { appendGithubOutput } = await import('../../shared/github.ts');
      appendGithubOutput(context, formatOutputs(values));
    }
  }
}

/** A call to paste into a page or a template; safe between `<script>` and `</script>`. */
function formatConfigCall(page: SignedPage): string {
  const { url: _, ...config } = page;
  return `wx.config(${formatScriptJson({ debug: false, ...config }, 2)});`;
}

/** `WX_NONCE_STR=…`, for shells and for readers of .env files. */
export function formatEnvironment(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      return `WX_${snake}=${quote(String(value))}\n`;
    })
    .join('');
}

/** A shell would cut a URL at its "&". */
function quote(value: string): string {
  return /^[\w.:/@%+,=-]*$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/** Outputs of a step in GitHub Actions, in the spelling of the page. */
function formatOutputs(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

/**
 * JSON that may stand in a script inside a page: no text of it ends the script, opens a comment in it, or is a line end
 * for old browsers.
 */
export function formatScriptJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
