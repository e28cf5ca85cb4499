/** `explain`: what a return code, a rid, an error of this tool or an answer over HTTP means, and what to do (全局返回码). */
import type { KeptRequest } from '../../../api/openapi.ts';
import { type Explanation, explain, type Pasted, readPasted } from '../../../core/explain/index.ts';
import { usageError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag } from '../../frame/command.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[text...]',
      text: {
        en: 'An errcode, a rid, an error type, an exit code, an HTTP status, or any text with one of them; standard input where there is none',
        zh: '错误码、rid、错误类型、退出码、HTTP 状态码，或包含它们的任意文本；不写则读取标准输入',
      },
    },
  ],
  settings: ['account', 'token'],
  options: {
    list: flag('--list', {
      en: 'List all codes, or those that have all of the words',
      zh: '列出所有代码，或同时含有各个关键词的代码',
    }),
    offline: flag('--offline', {
      en: 'Do not ask WeChat what became of a rid',
      zh: '不向微信查询 rid',
    }),
  },
  examples: [
    { command: 'wechat-mp explain 40164', text: { en: 'A code of WeChat', zh: '微信的错误码' } },
    {
      command: 'wechat-mp explain 48001 /cgi-bin/user/info/updateremark',
      text: { en: 'And who may make that call', zh: '并说明谁可以调用该接口' },
    },
    {
      command: "wechat-mp explain 'invalid ip 203.0.113.7, not in whitelist'",
      text: { en: 'Anything out of a log', zh: '日志里的任意一段' },
    },
    {
      command: 'wechat-mp explain --list whitelist',
      text: { en: 'Find a code by words', zh: '按关键词查找' },
    },
  ],
  output: {
    en: 'Meaning, causes in the order of their likelihood, what to do, the place in the console, the official page.\nJSON: {"ok","kind","code","names":{"type","en","zh","errmsg","official"},"causes","fixes","where","docs","exit_code","next":[{"command","why"}]}, with "ip", "rid", "at", "request" and "path" where the text has them, "callers", the kinds of account that may make the call of "path", "others" for further codes of the text, and "nearest" for a code that nobody knows; with --list {"codes":[{"kind","code","names"}]}.',
    zh: '含义、按可能性排列的原因、处理办法、后台位置、官方文档。\nJSON：{"ok","kind","code","names":{"type","en","zh","errmsg","official"},"causes","fixes","where","docs","exit_code","next":[{"command","why"}]}；文本中有时另含 "ip"、"rid"、"at"、"request"、"path"，"callers" 为可调用 "path" 的账号类型，其余代码在 "others"，未知代码给出 "nearest"；带 --list 时为 {"codes":[{"kind","code","names"}]}。',
  },
  exitCodes: {
    1: {
      en: 'Nobody knows the code, or the text has none: the nearest ones are named',
      zh: '未知的代码，或文本中没有代码：列出最接近的',
    },
  },
  effect: 'none',
  async run(context, { arguments: words, options }) {
    if (options.list) return await (await import('./list.ts')).printList(context, words);
    const text = await readWords(context, words);
    const pasted = readPasted(text);
    const isRidAlone = pasted.rid !== undefined && pasted.subjects.length === 0;
    const request =
      isRidAlone && !options.offline ? await (await import('./rid.ts')).lookUp(context, pasted) : undefined;
    const answered = await withKnownCall(request === undefined ? pasted : withAnswer(pasted, request));
    const found = await explainAll(context, text, answered);
    const { printExplanations, printUnknown } = await import('./print.ts');
    if (found.length === 0 && answered.rid === undefined) return await printUnknown(context, text, answered);
    printExplanations(context, found, answered, request);
    return 0;
  },
});

async function readWords(context: Context, words: readonly string[]): Promise<string> {
  const isPiped = words.length === 0 && !context.io.terminal.stdinIsTty;
  const isFromStdin = isPiped || (words.length === 1 && words[0] === '-');
  const text = isFromStdin
    ? await (await import('../../files/text-input.ts')).readText(context, undefined, {})
    : words.join(' ');
  if (text.trim() !== '') return text;
  throw usageError(
    'argument_missing',
    { en: 'There is nothing to explain', zh: '没有要解释的内容' },
    {
      en: 'Give a code or a text, or pipe one in: wechat-mp explain 40164',
      zh: '请给出代码或文本，也可通过管道传入：wechat-mp explain 40164',
    },
  );
}

/** A log may hold many; the first ones are what it is about. */
const mostSubjects = 8;

async function explainAll(context: Context, text: string, pasted: Pasted): Promise<readonly Explanation[]> {
  const named = await explainMany(text, pasted);
  if (named !== undefined) {
    const words = named.unknown.join(', ');
    if (words !== '') context.note({ en: `Nobody knows ${words} here`, zh: `没有 ${words} 的资料` });
    return named.found.slice(0, mostSubjects);
  }
  const subjects = pasted.subjects.slice(0, mostSubjects);
  const found = (await Promise.all(subjects.map((subject) => explain(subject, pasted)))).flatMap(
    (one) => one ?? [],
  );
  if (found.length > 0 || subjects.length > 0) return found;
  const { findByErrmsg } = await import('../../../core/explain/search.ts');
  const code = await findByErrmsg(text);
  const one = code === undefined ? undefined : await explain({ kind: 'errcode', code }, pasted);
  return one === undefined ? [] : [one];
}

/** One code alone, the usual case, needs nothing of this. */
async function explainMany(text: string, pasted: Pasted) {
  if (pasted.subjects.length > 0 && !/[\s,，、;；]/.test(text.trim())) return undefined;
  return await (await import('../../../core/explain/search.ts')).explainNames(text, pasted);
}

/** The code that the platform answered then is what the rid is about. */
function withAnswer(pasted: Pasted, { response, ip, url }: KeptRequest): Pasted {
  const { subjects, path } = readPasted(`${url} ${response}`);
  return { ...pasted, subjects, ...defined({ path }), ...(ip === '' ? {} : { ip }) };
}

/** A path that the catalogue has not may be one of the developer's own server: nothing is said about it. */
async function withKnownCall({ path, ...pasted }: Pasted): Promise<Pasted> {
  if (path === undefined) return pasted;
  const { readCallList } = await import('../../../core/catalogue/index.ts');
  return (await readCallList()).some((call) => call.path === path) ? { ...pasted, path } : pasted;
}
