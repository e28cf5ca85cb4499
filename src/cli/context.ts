/** What a command's `run` gets: the outside world, the settings, and the ways to print and to ask. Everything is lazy. */
import { usageError, WechatMpError } from '../core/errors.ts';
import type { Redactor } from '../core/text/redact.ts';
import { sanitise } from '../core/text/sanitise.ts';
import type { Language, Text } from '../core/text/text.ts';
import type { Io } from '../io/ports.ts';
import type { GlobalOptions } from './frame/global-options.ts';
import { formatJson, type Paint } from './frame/output.ts';
import type { Settings } from './settings/settings.ts';

/** A wait that lasts longer than this shows a spinner, in milliseconds. */
const spinnerDelayMs = 300;

export interface ContextParts {
  readonly io: Io;
  readonly language: Language;
  readonly options: GlobalOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  readonly redactor: Redactor;
  readonly paint: Paint;
}

export class Context {
  readonly io: Io;
  readonly language: Language;
  readonly options: GlobalOptions;
  /** Real variables above those of `--dotenv`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  readonly redactor: Redactor;
  readonly paint: Paint;
  readonly #noted = new Set<string>();

  constructor(parts: ContextParts) {
    this.io = parts.io;
    this.language = parts.language;
    this.options = parts.options;
    this.environment = parts.environment;
    this.settings = parts.settings;
    this.redactor = parts.redactor;
    this.paint = parts.paint;
  }

  /** A sentence in the language of this run. */
  say(text: Text): string {
    return text[this.language];
  }

  /** Data on stdout: the value itself with `--json`, else what people or shells read. */
  print(value: unknown, human: string): void {
    const text = this.options.json ? formatJson(value) : sanitise(human);
    if (text !== '') this.io.terminal.writeStdout(`${text}\n`);
  }

  /** One JSON line of a long-running command; nothing without `--json`. */
  event(value: Readonly<Record<string, unknown>>): void {
    if (this.options.json) this.io.terminal.writeStdout(`${formatJson(value)}\n`);
  }

  /** Talk on stderr; silenced by `--quiet`. */
  note(text: Text): void {
    if (!this.options.quiet) this.#talk(this.say(text));
  }

  /** The same, however often a command comes by. */
  noteOnce(text: Text): void {
    if (this.#noted.has(text.en)) return;
    this.#noted.add(text.en);
    this.note(text);
  }

  /** Something that may be wrong. Also with `--quiet`: it is about the result. */
  warn(text: Text): void {
    this.#talk(this.say(text), (line) => `${this.paint.warning('!')} ${line}`);
  }

  /** What is being done, with `--verbose` or `--debug`. */
  verbose(text: Text): void {
    if (this.options.verbose || this.options.debug) this.#talk(this.say(text), this.paint.dim);
  }

  /** A request or an answer, with `--debug`. */
  debug(line: string): void {
    if (this.options.debug) this.#talk(line, this.paint.dim);
  }

  /** Secrets and control characters are taken out here, whoever wrote the line. */
  #talk(line: string, paint: (text: string) => string = (text) => text): void {
    // In this order: a secret with an escape sequence in its middle would pass the redactor and be whole afterwards.
    this.io.terminal.writeStderr(`${paint(this.redactor.redact(sanitise(line)))}\n`);
  }

  /** Whether questions may be asked: both ends are a terminal and nobody said otherwise. */
  get interactive(): boolean {
    const { terminal } = this.io;
    return (
      terminal.stdinIsTty &&
      terminal.stderrIsTty &&
      !this.options.json &&
      this.options.input &&
      !this.environment['CI']
    );
  }

  /**
   * Asks y/N. `--yes` answers it; without a terminal a missing answer is a usage error; no is exit 1.
   * `dryRun` says whether the command has `--dry-run`.
   */
  async confirm(question: Text, { dryRun = true } = {}): Promise<void> {
    if (this.options.yes) return;
    if (!this.interactive) {
      throw usageError(
        'confirmation_missing',
        {
          en: `This needs a confirmation: ${question.en}`,
          zh: `此操作需要确认：${question.zh}`,
        },
        dryRun
          ? {
              en: 'Add --yes, or --dry-run to see what would happen',
              zh: '加上 --yes；或用 --dry-run 查看将会发生什么',
            }
          : { en: 'Add --yes', zh: '加上 --yes' },
      );
    }
    const prompter = await this.io.terminal.ask();
    const words = { yes: this.say({ en: 'Yes', zh: '是' }), no: this.say({ en: 'No', zh: '否' }) };
    if (await prompter.confirm(this.say(question), words)) return;
    throw new WechatMpError({
      family: 'negative',
      type: 'declined',
      text: { en: 'Stopped; nothing was changed', zh: '已停止，未做任何更改' },
    });
  }

  /** Whether something may move on stderr. */
  get animated(): boolean {
    const { quiet, json } = this.options;
    const { CI: ci, TERM: term } = this.environment;
    return this.io.terminal.stderrIsTty && !quiet && !json && !ci && term !== 'dumb';
  }

  /** Waits for work, with a spinner after 300 ms where a terminal shows it. */
  async wait<T>(text: Text, work: Promise<T>): Promise<T> {
    if (!this.animated) return await work;
    let spinner: { stop(): void } | undefined;
    const settled = new AbortController();
    const delay = this.io.clock
      .sleep(spinnerDelayMs, settled.signal)
      .then(async () => {
        const started = await this.io.terminal.spinner(this.say(text));
        if (settled.signal.aborted) started.stop();
        else spinner = started;
      })
      .catch(() => {});
    try {
      return await work;
    } finally {
      settled.abort();
      spinner?.stop();
      await delay;
    }
  }
}
