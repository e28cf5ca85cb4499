/** `sign-url` with flags: which of them go together, and which file does the work. */
import { usageError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { excludes, unsuitable } from '../../frame/flag-errors.ts';
import type { SettingsFlags } from '../../settings/settings-flags.ts';
import type { SignTools, SignUrlOptions } from './sign-url.ts';

/** Returns the exit code where it is not 0. */
export async function runSpecial(
  context: Context,
  words: readonly string[],
  options: SignUrlOptions,
  tools: SignTools,
): Promise<number | void> {
  checkFlags(context, words, options);
  await checkNames(context, options);
  if ((options.check ?? options.string1) !== undefined) {
    const { checkSignature } = await import('./check.ts');
    return await checkSignature(context, { words, options }, tools);
  }
  if (options.type === 'wx_card') {
    const { signCards } = await import('./card.ts');
    return await signCards(context, words, options, tools);
  }
  if (options.stdin) {
    const { signLines } = await import('./stream.ts');
    return await signLines(context, options, tools);
  }
  const { format = 'lines' } = options;
  if (format === 'lines' || format === 'json') {
    tools.printPages(context, await tools.signPages(context, words, options), format);
    return;
  }
  const { printFormat } = await import('./formats.ts');
  await printFormat(context, format, await tools.signPages(context, words, options));
}

/** Combinations that mean nothing, before anything is read or sent. */
function checkFlags(context: Context, words: readonly string[], options: SignUrlOptions): void {
  const given = givenFlags(context, options);
  for (const [one, others] of Object.entries(exclusions)) {
    const other = others.find((flag) => given.has(flag));
    if (given.has(one) && other !== undefined) throw excludes(one, other);
  }
  for (const [flag, needed] of Object.entries(needs)) {
    if (given.has(flag) && !needed.some((other) => given.has(other))) throw missing(flag, needed[0] ?? '');
  }
  for (const question of questions.filter((flag) => given.has(flag))) {
    if (!given.has('--nonce')) throw missing(question, '--nonce <text>');
    if (!given.has('--timestamp')) throw missing(question, '--timestamp <seconds>');
  }
  checkStdin(options);
  checkTimestamp(options);
  checkCount(words.length, given, options);
}

/** What is answered instead of signing. */
const questions = ['--check', '--string1'];

function givenFlags(context: Context, options: SignUrlOptions): ReadonlySet<string> {
  const { type, call = 'addCard', format } = options;
  const flags: Readonly<Record<string, unknown>> = {
    '--json': context.options.json,
    [`--format ${format}`]: format,
    '--type wx_card': type === 'wx_card',
    [`--call ${call}`]: type === 'wx_card',
    '--call': options.call,
    '--stdin': options.stdin,
    '--check': options.check,
    '--string1': options.string1,
    '--as-is': options.asIs,
    '--ticket-stdin': options.ticketStdin,
    '--ticket-file': options.ticketFile,
    '--timestamp': options.timestamp,
    '--nonce': options.nonce,
    '--api-list': options.apiList,
    '--open-tags': options.openTags,
    '--code': options.code,
    '--openid': options.openid,
    '--card-type': options.cardType,
    '--location-id': options.locationId,
  };
  const given = Object.entries(flags).filter(([, value]) => value !== undefined && value !== false);
  return new Set(given.map(([name]) => name));
}

const shapes = ['lines', 'config', 'html', 'env', 'github'].map((name) => `--format ${name}`);

const exclusions: Readonly<Record<string, readonly string[]>> = {
  '--json': shapes,
  '--check': ['--stdin', '--api-list', '--open-tags', ...shapes],
  '--string1': ['--stdin', '--api-list', '--open-tags', '--type wx_card', ...shapes],
  '--stdin': ['--type wx_card', ...shapes],
  '--ticket-stdin': ['--ticket-file'],
  '--type wx_card': ['--api-list', '--open-tags', '--as-is', '--format html'],
};

/** Each flag with those of which one is needed. */
const needs: Readonly<Record<string, readonly string[]>> = {
  '--call': ['--type wx_card'],
  '--code': ['--call addCard'],
  '--openid': ['--call addCard'],
  '--card-type': ['--call chooseCard'],
  '--location-id': ['--call chooseCard'],
};

function missing(flag: string, needed: string): Error {
  const more = needed.startsWith('--call ') ? `--type wx_card ${needed}` : needed;
  return usageError(
    'flag_missing',
    { en: `Flag ${flag} needs ${more}`, zh: `${flag} 需与 ${more} 一起使用` },
    { en: `Add ${more}`, zh: `请加上 ${more}` },
  );
}

/** Standard input can feed one flag only. */
function checkStdin(options: SignUrlOptions & SettingsFlags): void {
  const taken = [
    options.stdin ? '--stdin' : '',
    options.ticketStdin ? '--ticket-stdin' : '',
    options.secretStdin === true ? '--secret-stdin' : '',
    options.accessTokenStdin === true ? '--access-token-stdin' : '',
  ].filter((flag) => flag !== '');
  const [first, second] = taken;
  if (second === undefined) return;
  throw usageError(
    'stdin_taken',
    {
      en: `Cannot read ${second}: standard input already feeds ${first}`,
      zh: `无法读取 ${second}：标准输入已经用于 ${first}`,
    },
    { en: 'Give the ticket or the secret in a file', zh: '请改用文件提供 ticket 或密钥' },
  );
}

function checkTimestamp({ timestamp, check, string1 }: SignUrlOptions): void {
  if (timestamp === undefined || timestamp < 1e10 || (check ?? string1) !== undefined) return;
  const seconds = Math.floor(timestamp / 1000);
  throw unsuitable(
    'timestamp_invalid',
    String(timestamp),
    '--timestamp',
    { en: 'it must be Unix seconds, these are milliseconds', zh: '应为 Unix 秒，这是毫秒' },
    { en: `Use ${seconds}`, zh: `请用 ${seconds}` },
  );
}

function checkCount(count: number, given: ReadonlySet<string>, { format }: SignUrlOptions): void {
  if (given.has('--stdin')) {
    if (count === 0) return;
    throw usageError('arguments_unwanted', {
      en: 'Flag --stdin takes the URLs from standard input, not from arguments',
      zh: '--stdin 从标准输入读取地址，不能再用参数给出地址',
    });
  }
  if (given.has('--call chooseCard')) {
    if (count <= 1) return;
    throw tooMany('--call chooseCard', count);
  }
  if (count === 0) throw noArgument(given.has('--type wx_card'));
  const single = ['--code', ...questions].find((flag) => given.has(flag));
  if (single !== undefined && count > 1) throw tooMany(single, count);
  const many = given.has('--type wx_card') && format === 'config';
  if (count > 1 && format !== undefined && format !== 'lines' && format !== 'json' && !many) {
    throw tooMany(`--format ${format}`, count);
  }
}

function tooMany(flag: string, count: number): Error {
  return usageError('too_many_arguments', {
    en: `${flag} takes one argument, got ${count}`,
    zh: `${flag} 只能有一个参数，实际为 ${count} 个`,
  });
}

function noArgument(card: boolean): Error {
  return card
    ? usageError('argument_missing', { en: 'There is no card id to sign', zh: '缺少卡券 ID' })
    : usageError(
        'argument_missing',
        { en: 'There is no URL to sign', zh: '缺少要签名的地址' },
        {
          en: "Give one: wechat-mp sign-url 'https://example.com/', or many with --stdin",
          zh: "请给出地址：wechat-mp sign-url 'https://example.com/'，或用 --stdin 批量输入",
        },
      );
}

/** A name that WeChat does not know makes its call or its tag fail long after wx.config. */
async function checkNames(context: Context, { apiList, openTags }: SignUrlOptions): Promise<void> {
  if ((apiList ?? openTags) === undefined) return;
  const known = await import('../../../core/jssdk/apis.ts');
  const { closestTo } = await import('../../frame/suggest.ts');
  const check = (list: string | undefined, names: readonly string[], kind: Text): void => {
    for (const name of list?.split(',') ?? []) {
      if (name === '' || names.includes(name)) continue;
      const meant = closestTo(name, names);
      context.warn({
        en: `"${name}" is not ${kind.en}${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
        zh: `"${name}" 不是${kind.zh}${meant === undefined ? '' : `，是不是想用 "${meant}"？`}`,
      });
    }
  };
  check(apiList, known.jsApis, { en: 'a call of the JS-SDK', zh: ' JS-SDK 接口' });
  check(openTags, known.openTags, { en: 'a known open tag', zh: '已知的开放标签' });
}
