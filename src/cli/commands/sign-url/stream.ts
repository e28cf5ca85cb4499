/** `sign-url --stdin`: one URL a line in, one JSON object a line out, for as long as lines come. */
import { inputError, WechatMpError } from '../../../core/errors.ts';
import { cleanUrl, type UrlForm, type UrlWarning } from '../../../core/jssdk/index.ts';
import { readLimits, tooLarge } from '../../../core/text/read-limits.ts';
import type { Context } from '../../context.ts';
import { formatJson } from '../../frame/output.ts';
import type { SignTools, SignUrlOptions } from './sign-url.ts';

/** Characters. No browser sends more. */
const longestLine = 16_384;
/** So many bad lines are described one by one. */
const mostReports = 20;
/** So many line numbers are in the error object. */
const mostNumbers = 1000;

export async function signLines(context: Context, options: SignUrlOptions, tools: SignTools): Promise<void> {
  const { io } = context;
  const sign = await tools.createSigner(context, options);
  const ticket = tools.getTicket(context, options, 'jsapi');
  const report = new Report(context, options.asIs ? 'as-is' : 'browser');
  if (io.terminal.stdinIsTty) {
    context.note({
      en: 'Reading URLs from the terminal, one a line; Ctrl-D ends it',
      zh: '正在从终端逐行读取地址，按 Ctrl-D 结束',
    });
  }
  for await (const lines of splitLines(io.terminal.stdinChunks(io.interruption()))) {
    const pages = lines.flatMap(({ number, text }) => report.read(number, text));
    if (pages.length === 0) continue;
    // Asked for with every piece: a stream may last longer than a ticket.
    const current = await ticket();
    const output = pages.map(({ line, url, warnings }) =>
      formatJson({ line, ...sign(current, url), ...(warnings.length === 0 ? {} : { warnings }) }),
    );
    io.terminal.writeStdout(`${output.join('\n')}\n`);
  }
  report.finish();
}

interface Line {
  readonly number: number;
  /** `undefined` for one that is too long. */
  readonly text: string | undefined;
}

/** The whole lines of each piece that comes; a byte order mark and line ends of Windows go. */
async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<readonly Line[]> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  /** Characters that are gone of a line that is too long. */
  let gone = 0;
  let number = 0;
  const take = (text: string): Line => {
    number += 1;
    const whole = gone === 0 && text.length <= longestLine;
    gone = 0;
    return { number, text: whole ? text.trim() : undefined };
  };
  for await (const chunk of chunks) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    yield pieces.map(take);
    // What is kept of a line without an end stays small.
    if (gone > 0 || rest.length > longestLine) [rest, gone] = ['', gone + rest.length];
    if (gone > readLimits.text) throw tooLarge('stdin', readLimits.text);
  }
  rest += decoder.decode();
  if (rest !== '' || gone > 0) yield [take(rest)];
}

interface Page {
  readonly line: number;
  readonly url: string;
  readonly warnings: readonly UrlWarning['rule'][];
}

/** What is wrong with lines: bad ones at once, doubtful ones counted and told at the end. */
class Report {
  readonly #context: Context;
  readonly #bad: number[] = [];
  #badCount = 0;
  #count = 0;
  readonly #warnings = new Map<
    string,
    { count: number; readonly line: number; readonly warning: UrlWarning }
  >();
  #cut = 0;
  #rewritten = 0;
  readonly #form: UrlForm;

  constructor(context: Context, form: UrlForm) {
    this.#context = context;
    this.#form = form;
  }

  /** The line's URL; nothing for an empty line and for a bad one. */
  read(line: number, text: string | undefined): readonly Page[] {
    if (text === '') return [];
    this.#count += 1;
    try {
      const whole = checkText(text);
      const { url, typed, warnings } = cleanUrl(whole, this.#form);
      if (typed !== whole) this.#cut += 1;
      if (typed !== url) this.#rewritten += 1;
      for (const warning of warnings) this.#warn(line, warning);
      return [{ line, url, warnings: warnings.map(({ rule }) => rule) }];
    } catch (error) {
      if (!(error instanceof WechatMpError)) throw error;
      this.#refuse(line, error);
      return [];
    }
  }

  #warn(line: number, warning: UrlWarning): void {
    const known = this.#warnings.get(warning.rule);
    if (known === undefined) this.#warnings.set(warning.rule, { count: 1, line, warning });
    else known.count += 1;
  }

  #refuse(line: number, error: WechatMpError): void {
    this.#badCount += 1;
    if (this.#bad.length < mostNumbers) this.#bad.push(line);
    if (this.#badCount > mostReports) return;
    this.#context.warn({ en: `Line ${line}: ${error.text.en}`, zh: `第 ${line} 行：${error.text.zh}` });
  }

  /** Throws where there was a bad line. */
  finish(): void {
    for (const { count, line, warning } of this.#warnings.values()) {
      this.#context.warn({
        en: `${warning.text.en} (${count} of ${this.#count} URLs, first on line ${line})`,
        zh: `${warning.text.zh}（${this.#count} 个地址中有 ${count} 个，首次出现在第 ${line} 行）`,
      });
    }
    if (this.#cut > 0) {
      this.#context.note({
        en: `Cut fragments: ${this.#cut} of ${this.#count} URLs`,
        zh: `${this.#count} 个地址中有 ${this.#cut} 个已去掉 # 及其后部分`,
      });
    }
    if (this.#rewritten > 0) {
      this.#context.note({
        en: `Signed as a browser shows them: ${this.#rewritten} of ${this.#count} URLs (as they are written: --as-is)`,
        zh: `${this.#count} 个地址中有 ${this.#rewritten} 个按浏览器显示的形式签名（按原样签名：--as-is）`,
      });
    }
    if (this.#badCount === 0) return;
    const [first = 0] = this.#bad;
    throw inputError(
      'lines_invalid',
      {
        en: `Cannot sign ${this.#badCount} of ${this.#count} lines, the first is line ${first}`,
        zh: `${this.#count} 行中有 ${this.#badCount} 行无法签名，首个为第 ${first} 行`,
      },
      { en: 'The other lines were signed; correct these', zh: '其余各行已签名，请修改这些行' },
      { lines: this.#bad, bad: this.#badCount, signed: this.#count - this.#badCount },
    );
  }
}

function checkText(text: string | undefined): string {
  if (text === undefined) {
    throw inputError('line_too_long', {
      en: `Cannot sign the URL: it is longer than ${longestLine} characters`,
      zh: `无法对该 URL 签名：超过 ${longestLine} 个字符`,
    });
  }
  // oxlint-disable-next-line no-control-regex
  if (!/[\x00-\x1f\x7f\u{fffd}]/u.test(text)) return text;
  throw inputError('control_character', {
    en: 'Cannot sign the URL: it has control characters, or it is not UTF-8',
    zh: '无法对该 URL 签名：含有控制字符，或不是 UTF-8 编码',
  });
}
