/** `handshake probe`: plays WeChat against a developer's own server and names what is wrong (接入指南). */
import { checkCallback } from '../../../api/callback.ts';
import type { Client } from '../../../api/client.ts';
import { checkServerUrl, judgeCallbackAddress, judgeReach } from '../../../core/callback/index.ts';
import { WechatMpError } from '../../../core/errors.ts';
import { excerpt, sanitiseLine } from '../../../core/text/sanitise.ts';
import {
  type Experiment,
  type ProbeCheck,
  probeHandshake,
  type ProbeOptions,
  type ProbeReport,
} from '../../../simulator/push/index.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag, value } from '../../frame/command.ts';
import { columnsOf, hang } from '../../frame/fold.ts';
import { requireCallbackToken } from '../../settings/callback-secrets.ts';
import { checkLines } from '../../shared/check-lines.ts';
import { openDeveloperFetch } from '../../shared/developer-server.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '<url>',
      text: { en: 'The URL of your server, as in the console', zh: '服务器的 URL，与后台填写的一致' },
    },
  ],
  settings: ['callback'],
  options: {
    post: flag('--post', {
      en: 'Also send a plain and an encrypted message',
      zh: '再发送一条明文消息和一条加密消息',
    }),
    console: flag('--console', {
      en: 'Also ask WeChat about the URL saved in the console',
      zh: '同时请微信检测后台已保存的 URL',
    }),
    appid: value('--appid <appid>', { en: 'AppID of the account', zh: '公众号的 AppID' }),
  },
  examples: [
    {
      command: 'wechat-mp handshake probe http://localhost:3000/wechat',
      text: { en: 'What WeChat would make of it', zh: '微信会如何看待它' },
    },
    {
      command: 'wechat-mp handshake probe https://example.com/wechat --post --json',
      text: { en: 'Messages too, for a script', zh: '连同消息一起检查，供脚本使用' },
    },
  ],
  output: {
    en: 'One line a check. After a refusal it tries out why, with up to eight requests in 20 s, and lists them: the right GET with known mistakes in its signature; with --post, other bodies.\nJSON: {"ok","checks":[{"name","status","cause","message","hint","http_status","ms","server_said","framework","code"}],"experiments":[{"name","method","message","accepted","http_status","ms"}]}',
    zh: '每项检查一行。被拒绝时会试探原因，20 秒内最多八个请求，并逐一列出：带有已知签名错误的 GET；加 --post 时还有其他消息体。\nJSON：{"ok","checks":[{"name","status","cause","message","hint","http_status","ms","server_said","framework","code"}],"experiments":[{"name","method","message","accepted","http_status","ms"}]}',
  },
  exitCodes: { 1: { en: 'A check failed', zh: '有检查未通过' } },
  effect: 'remote',
  async run(context, { arguments: [given = ''], options }) {
    const url = checkServerUrl(given, '<url>');
    const callbackToken = await requireCallbackToken(context);
    const client = options.console ? await openConsole(context) : undefined;
    const fetch = await openDeveloperFetch(context, '<url>');
    const { clock, random } = context.io;
    const signal = context.io.interruption();
    const probe = probeAll(context, { url, callbackToken, fetch, clock, random, signal }, options.post);
    const { checks, experiments } = await context.wait(
      { en: 'Asking the server', zh: '正在请求服务器' },
      probe,
    );
    const asked = client && (await probeConsole(client));
    const all = [...checkAddress(url), ...checks, ...(asked === undefined ? [] : [asked])];
    return printProbe(context, { checks: all, experiments });
  },
});

/** Before anything else is asked: without an account the flag is a mistake. */
async function openConsole(context: Context) {
  const { openClient } = await import('../../settings/platform.ts');
  return await openClient(context);
}

function checkAddress(url: string): readonly ProbeCheck[] {
  const verdict = judgeCallbackAddress(url);
  if (verdict.kind === 'public') return [];
  const status = verdict.kind === 'local' ? 'skip' : 'fail';
  const cause = status === 'fail' ? 'other' : undefined;
  const hint = verdict.kind === 'refused' ? verdict.hint : undefined;
  return [{ name: 'address', status, cause, text: verdict.text, hint }];
}

async function probeAll(context: Context, options: ProbeOptions, withPosts: boolean): Promise<ProbeReport> {
  const checks = [...(await probeHandshake(options))];
  const reached = checks.some(({ httpStatus }) => httpStatus !== undefined);
  if (withPosts && reached) {
    const { probePosts } = await import('../../../simulator/push/probe-post.ts');
    checks.push(...(await probePosts({ ...options, crypt: await readCrypt(context) })));
  }
  if (checks.every(({ status }) => status !== 'fail')) return { checks, experiments: [] };
  const { experiment } = await import('../../../simulator/push/experiments.ts');
  return await experiment(options, checks);
}

async function readCrypt(context: Context) {
  const isComplete =
    (await context.settings.encodingAESKey()) !== undefined && (await context.settings.appId()) !== undefined;
  if (!isComplete) return undefined;
  const { requireCrypt } = await import('../../settings/callback-secrets.ts');
  return await requireCrypt(context);
}

/** Two lines on a terminal. */
const maxWords = 160;

function printProbe(context: Context, { checks, experiments }: ProbeReport): number {
  const ok = checks.every(({ status }) => status !== 'fail');
  const said = ({ serverSaid }: ProbeCheck): string | undefined => {
    if (serverSaid === undefined) return undefined;
    // Secrets go before it is cut and after it is cleaned: in pieces they would not be found.
    const line = sanitiseLine(serverSaid).replaceAll(/\s+/g, ' ');
    return excerpt(context.redactor.redact(line), maxWords);
  };
  const printed = {
    ok,
    checks: checks.map((check) => ({
      name: check.name,
      status: check.status,
      cause: check.cause ?? null,
      message: context.redactor.redact(context.say(check.text)),
      hint: check.hint === undefined ? null : context.say(check.hint),
      http_status: check.httpStatus ?? null,
      ms: check.ms === undefined ? null : Math.round(check.ms),
      server_said: said(check) ?? null,
      framework: check.advice?.framework ?? null,
      code: check.advice?.lines ?? null,
    })),
    experiments: experiments.map(({ name, method, text, accepted, httpStatus, ms }) => ({
      name,
      method,
      message: context.say(text),
      accepted,
      http_status: httpStatus ?? null,
      ms: Math.round(ms),
    })),
  };
  const lines = checkLines(
    context,
    checks.map((check) => ({
      ...check,
      mark: check.cause,
      said: said(check),
      code: check.advice && { title: check.advice.framework, lines: check.advice.lines },
    })),
  );
  const tried = experimentLines(context, experiments);
  context.print(printed, [lines, ...tried, context.say(summary(checks, ok))].join('\n\n'));
  return ok ? 0 : 1;
}

/** What was sent besides the checks, all of it. */
function experimentLines(context: Context, experiments: readonly Experiment[]): readonly string[] {
  if (experiments.length === 0) return [];
  const count = experiments.length;
  const byMistake = experiments.some(({ method }) => method === 'GET');
  const head = {
    en: `Tried out with ${count} more ${count === 1 ? 'request' : 'requests'}, ${byMistake ? 'signed with a known mistake' : 'with another body'}:`,
    zh: `另发送 ${count} 个请求进行试探，${byMistake ? '各按一种已知错误签名' : '各换一种消息体'}：`,
  };
  const lines = experiments.flatMap(({ name, method, text, accepted, httpStatus }) =>
    hang(
      {
        prefix: `${accepted ? '✓' : '✗'} ${method} `,
        text: `${name}, ${httpStatus ?? '–'}: ${context.say(text)}`,
      },
      columnsOf(context),
    ),
  );
  return [[context.say(head), ...lines].join('\n')];
}

/** What the console would say, which is not all that was checked. */
function summary(checks: readonly ProbeCheck[], ok: boolean) {
  const handshake = checks.find(({ name }) => name === 'handshake');
  const accepted = handshake !== undefined && handshake.status !== 'fail';
  if (ok) return { en: 'WeChat would accept this server', zh: '微信会通过该服务器的验证' };
  if (!accepted)
    return {
      en: `WeChat would say: ${consoleWords(handshake)}`,
      zh: `微信后台会提示：${consoleWords(handshake)}`,
    };
  return {
    en: 'WeChat would accept the answer to the verification, but see what failed',
    zh: '验证请求的应答正确，但仍有检查未通过',
  };
}

function consoleWords(handshake: ProbeCheck | undefined): string {
  const unreached = handshake === undefined || handshake.httpStatus === undefined;
  return unreached ? '请求URL超时' : 'token验证失败';
}

/** A refusal of the platform is a check that failed or could not be made; an interruption is thrown. */
async function probeConsole(client: Client): Promise<ProbeCheck> {
  try {
    const verdict = judgeReach(await checkCallback(client));
    return { name: 'console', cause: verdict.status === 'pass' ? undefined : 'other', ...verdict };
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    // 40201 is an answer about the URL; everything else, such as an IP that is not allowed, is about the question.
    const status = error.facts.errcode === 40201 ? 'fail' : 'warn';
    return { name: 'console', status, cause: 'other', text: error.text, hint: error.hint };
  }
}
