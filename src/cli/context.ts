/** What a command's `run` gets: the outside world, the settings, and the ways to print and to ask. Everything is lazy. */
import type { Redactor } from '../core/text/redact.ts';
import { sanitise } from '../core/text/sanitise.ts';
import type { Language, Text } from '../core/text/text.ts';
import type { Io } from '../io/ports.ts';
import type { GlobalOptions } from './frame/global-options.ts';
import { formatJson, type Paint } from './frame/output.ts';
import type { Settings } from './settings/settings.ts';

/** A wait that lasts longer than this shows a spinner, in milliseconds. */
const spinnerDelayMs = 300;

type ContextParts = Pick<
  Context,
  'io' | 'language' | 'options' | 'environment' | 'settings' | 'redactor' | 'paint'
>;

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

  constructor({ io, language, options, environment, settings, redactor, paint }: ContextParts) {
    this.io = io;
    this.language = language;
    this.options = options;
    this.environment = environment;
    this.settings = settings;
    this.redactor = redactor;
    this.paint = paint;
  }

  /** A sentence in the language of this run. */
  say(text: Text): string {
    return text[this.language];
  }

  /** Data on stdout: the value itself with `--json`, else what people or shells read. */
  print(value: unknown, human: Text | string): void {
    const words = typeof human === 'string' ? human : this.say(human);
    const text = this.options.json ? formatJson(value) : sanitise(words);
    if (text !== '') this.io.terminal.writeStdout(`${text}\n`);
  }

  /** JSON lines of a long-running command, in one write; nothing without `--json`. */
  event(...values: readonly Readonly<Record<string, unknown>>[]): void {
    if (this.options.json)
      this.io.terminal.writeStdout(values.map((value) => `${formatJson(value)}\n`).join(''));
  }

  /** Talk on stderr; silenced by `--quiet`. `paint` adds what only a terminal may get to a line that is safe. */
  note(text: Text, paint?: (line: string) => string): void {
    if (!this.options.quiet) this.#talk(this.say(text), paint);
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

  /** Whether it is said what is being done: with `--verbose` or `--debug`. */
  get explains(): boolean {
    return this.options.verbose || this.options.debug;
  }

  verbose(text: Text): void {
    if (this.explains) this.#talk(this.say(text), this.paint.dim);
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
      !this.options.noInput &&
      !this.environment['WECHAT_MP_NO_INPUT'] &&
      !this.environment['CI']
    );
  }

  /**
   * Asks y/N. `--yes` answers it; without a terminal a missing answer is a usage error; no is exit 1.
   * `dryRun` says whether the command has `--dry-run`.
   */
  async confirm(question: Text, { dryRun = true } = {}): Promise<void> {
    if (this.options.yes) return;
    const { askForConfirmation } = await import('./frame/confirm.ts');
    await askForConfirmation(this, question, dryRun);
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
