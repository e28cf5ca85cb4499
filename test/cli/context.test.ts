import { describe, expect, test } from 'vitest';
import { Context } from '../../src/cli/context.ts';
import type { GlobalOptions } from '../../src/cli/frame/global-options.ts';
import { noPaint } from '../../src/cli/frame/output.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { createRedactor } from '../../src/core/text/redact.ts';
import { fakeWorld, type FakeIoOptions } from '../helpers/fake-io.ts';

const plain: GlobalOptions = {
  json: false,
  quiet: false,
  verbose: false,
  debug: false,
  noInput: false,
  yes: false,
  help: false,
  version: false,
};

function contextOf(world: FakeIoOptions = {}, options: Partial<GlobalOptions> = {}) {
  const { io, shown, clock } = fakeWorld(world);
  const lines: string[] = [];
  const data: string[] = [];
  const terminal = {
    ...io.terminal,
    writeStderr: (text: string) => void lines.push(text),
    writeStdout: (text: string | Uint8Array) => void data.push(String(text)),
  };
  const redactor = createRedactor();
  const context = new Context({
    io: { ...io, terminal },
    language: 'en',
    options: { ...plain, ...options },
    environment: io.environment,
    settings: undefined as never,
    redactor,
    paint: noPaint,
  });
  return { context, shown, clock, lines, data, redactor };
}

const question = { en: 'Replace it?', zh: '替换吗？' };
const person: FakeIoOptions = { tty: ['stdin', 'stdout', 'stderr'] };

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'went on';
  } catch (error) {
    return error instanceof WechatMpError
      ? `${error.family} ${error.type}: ${error.hint?.en ?? ''}`
      : String(error);
  }
}

describe('Context.confirm()', () => {
  const missing = 'usage confirmation_missing: Add --yes, or --dry-run to see what would happen';
  test.each([
    ['--yes answers', {}, { yes: true }, [], 'went on', []],
    ['yes on a terminal', person, {}, [true], 'went on', ['Replace it?']],
    ['no on a terminal', person, {}, [false], 'negative declined: ', ['Replace it?']],
    ['no terminal', {}, {}, [true], missing, []],
    ['stdin is no terminal', { tty: ['stderr'] }, {}, [true], missing, []],
    ['stderr is no terminal', { tty: ['stdin', 'stdout'] }, {}, [true], missing, []],
    ['stdout may be a pipe', { tty: ['stdin', 'stderr'] }, {}, [true], 'went on', ['Replace it?']],
    ['--no-input', person, { noInput: true }, [true], missing, []],
    ['--json', person, { json: true }, [true], missing, []],
    ['CI', { ...person, environment: { CI: 'true' } }, {}, [true], missing, []],
    [
      'an empty CI is not set',
      { ...person, environment: { CI: '' } },
      {},
      [true],
      'went on',
      ['Replace it?'],
    ],
  ] as const)('%s', async (_, world, options, answers, wanted, asked) => {
    const { context, shown } = contextOf({ ...world, answers }, options);
    expect(await outcome(context.confirm(question))).toBe(wanted);
    expect(shown).toEqual(asked);
  });

  test('does not name --dry-run where there is none', async () => {
    const { context } = contextOf();
    expect(await outcome(context.confirm(question, { dryRun: false }))).toBe(
      'usage confirmation_missing: Add --yes',
    );
  });
});

describe('Context.wait()', () => {
  /** Work that ends when the test says so. */
  function work() {
    let finish = (): void => {};
    const promise = new Promise<string>((resolve) => (finish = () => resolve('done')));
    return { promise, finish };
  }

  test('shows a spinner at 300 ms, not at 299, and stops it', async () => {
    const { context, shown, clock } = contextOf(person);
    const { promise, finish } = work();
    const waiting = context.wait({ en: 'Fetching', zh: '获取' }, promise);
    await clock.advance(299);
    expect(shown).toEqual([]);
    await clock.advance(1);
    expect(shown).toEqual(['spinner Fetching']);
    finish();
    expect(await waiting).toBe('done');
    expect(shown).toEqual(['spinner Fetching', 'spinner stopped']);
  });

  test('shows none for work that was quick, also later', async () => {
    const { context, shown, clock } = contextOf(person);
    expect(await context.wait(question, Promise.resolve(1))).toBe(1);
    await clock.advance(1000);
    expect(shown).toEqual([]);
  });

  test('stops it where the work fails, and hands the error on', async () => {
    const { context, shown, clock } = contextOf(person);
    let fail: (error: Error) => void = () => {};
    const waiting = context.wait(question, new Promise((_, reject) => (fail = reject)));
    await clock.advance(300);
    fail(new Error('no'));
    await expect(waiting).rejects.toThrow('no');
    expect(shown).toEqual(['spinner Replace it?', 'spinner stopped']);
  });

  test.each([
    ['stderr is no terminal', { tty: ['stdin', 'stdout'] }, {}],
    ['--quiet', person, { quiet: true }],
    ['--json', person, { json: true }],
    ['CI', { ...person, environment: { CI: '1' } }, {}],
    ['TERM=dumb', { ...person, environment: { TERM: 'dumb' } }, {}],
  ] as const)('shows none where %s', async (_, world, options) => {
    const { context, shown, clock } = contextOf(world, options);
    const { promise, finish } = work();
    const waiting = context.wait(question, promise);
    await clock.advance(1000);
    finish();
    await waiting;
    expect(shown).toEqual([]);
  });
});

describe('Context talks on stderr', () => {
  const text = { en: 'Saved', zh: '已保存' };

  test('--quiet silences notes, not warnings', () => {
    const { context, lines } = contextOf({}, { quiet: true });
    context.note(text);
    context.warn(text);
    expect(lines).toEqual(['! Saved\n']);
  });

  test('noteOnce() says a thing once, verbose() only where it was asked for', () => {
    const { context, lines } = contextOf();
    context.noteOnce(text);
    context.noteOnce(text);
    context.verbose(text);
    context.debug('GET');
    expect(lines).toEqual(['Saved\n']);
    const loud = contextOf({}, { verbose: true });
    loud.context.verbose(text);
    loud.context.debug('GET');
    expect(loud.lines).toEqual(['Saved\n']);
    const debug = contextOf({}, { debug: true });
    debug.context.verbose(text);
    debug.context.debug('GET');
    expect(debug.lines).toEqual(['Saved\n', 'GET\n']);
  });

  test('without secrets, also without one that an escape sequence cuts in two', () => {
    const { context, lines, redactor } = contextOf({}, { debug: true });
    redactor.add('c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60');
    context.debug('secret c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60 c4f1e0\u{1b}[0m9b7a2d4c6e8f0a1b2c3d4e5f60');
    expect(lines).toEqual(['secret *** ***\n']);
  });
});

describe('Context.print()', () => {
  test('prints the value with --json and the words without', () => {
    const human = contextOf();
    human.context.print({ a: 1 }, 'words');
    expect(human.data).toEqual(['words\n']);
    const json = contextOf({}, { json: true });
    json.context.print({ a: 1 }, 'words');
    expect(json.data).toEqual(['{"a":1}\n']);
  });

  test('takes control characters out of words from outside', () => {
    const { context, data } = contextOf();
    context.print({}, 'Deleted: \u{1b}]52;c;ZXZpbA==\u{7}菜单\u{202e}');
    expect(data).toEqual(['Deleted: 菜单\n']);
  });

  test('prints nothing for empty words, and event() nothing without --json', () => {
    const { context, data } = contextOf();
    context.print([], '');
    context.event({ type: 'ready' });
    expect(data).toEqual([]);
  });
});
