/** `handshake probe`: plays WeChat against a developer's own server and names what is wrong (接入指南). */
import { judgeCallbackAddress } from '../../../core/callback-address.ts';
import type { ProbeCheck, ProbeOptions } from '../../../simulator/push/probe.ts';
import { probeHandshake } from '../../../simulator/push/probe.ts';
import { requireCallbackToken } from '../../callback-secrets.ts';
import { checkLines } from '../../check-lines.ts';
import { defineCommand, flag, value } from '../../command.ts';
import type { Context } from '../../context.ts';
import { openDeveloperFetch } from '../../developer-server.ts';
import { checkServerUrl } from '../../server-url.ts';

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
    en: 'One line a check.\nJSON: {"ok","checks":[{"name","status","cause","message","hint","http_status","ms"}]}',
    zh: '每项检查一行。\nJSON：{"ok","checks":[{"name","status","cause","message","hint","http_status","ms"}]}',
  },
  exitCodes: { 1: { en: 'A check failed', zh: '有检查未通过' } },
  async run(context, { arguments: [given = ''], options }) {
    const url = checkServerUrl(given, '<url>');
    const callbackToken = await requireCallbackToken(context);
    const client = options.console ? await openConsole(context) : undefined;
    const fetch = await openDeveloperFetch(context);
    const { clock, random } = context.io;
    const signal = context.io.interruption();
    const probe = probeAll(context, { url, callbackToken, fetch, clock, random, signal }, options.post);
    const checks = [
      ...checkAddress(url),
      ...(await context.wait({ en: 'Asking the server', zh: '正在请求服务器' }, probe)),
      ...(client === undefined ? [] : [await (await import('../../probe-console.ts')).probeConsole(client)]),
    ];
    return print(context, checks);
  },
});

/** Before anything else is asked: without an account the flag is a mistake. */
async function openConsole(context: Context) {
  const { openClient } = await import('../../platform.ts');
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

async function probeAll(
  context: Context,
  options: ProbeOptions,
  withPosts: boolean,
): Promise<readonly ProbeCheck[]> {
  const checks = await probeHandshake(options);
  const reached = checks.some(({ httpStatus }) => httpStatus !== undefined);
  if (!withPosts || !reached) return checks;
  const { probePosts } = await import('../../../simulator/push/probe-post.ts');
  return [...checks, ...(await probePosts({ ...options, crypt: await readCrypt(context) }))];
}

async function readCrypt(context: Context) {
  const isComplete =
    (await context.settings.encodingAESKey()) !== undefined && context.settings.appId !== undefined;
  if (!isComplete) return undefined;
  const { requireCrypt } = await import('../../callback-secrets.ts');
  return await requireCrypt(context);
}

function print(context: Context, checks: readonly ProbeCheck[]): number {
  const ok = checks.every(({ status }) => status !== 'fail');
  const printed = {
    ok,
    checks: checks.map(({ name, status, cause, text, hint, httpStatus, ms }) => ({
      name,
      status,
      cause: cause ?? null,
      message: context.redactor.redact(context.say(text)),
      hint: hint === undefined ? null : context.say(hint),
      http_status: httpStatus ?? null,
      ms: ms === undefined ? null : Math.round(ms),
    })),
  };
  const lines = checkLines(
    context,
    checks.map((check) => ({ ...check, mark: check.cause })),
  );
  context.print(printed, `${lines}\n\n${context.say(summary(checks, ok))}`);
  return ok ? 0 : 1;
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

/** The console's own words. */
function consoleWords(handshake: ProbeCheck | undefined): string {
  const unreached = handshake === undefined || handshake.httpStatus === undefined;
  return unreached ? '请求URL超时' : 'token验证失败';
}
