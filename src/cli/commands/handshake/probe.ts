/** `handshake probe`: plays WeChat against a developer's own server and names what is wrong (接入指南). */
import { checkServerUrl, judgeCallbackAddress } from '../../../core/callback/index.ts';
import type { ProbeReport } from '../../../simulator/push/experiments.ts';
import type { ProbeCheck, ProbeOptions } from '../../../simulator/push/probe-check.ts';
import { probeHandshake } from '../../../simulator/push/probe.ts';
import { requireCallbackToken } from '../../settings/callback-secrets.ts';
import { defineCommand, flag, value } from '../../frame/command.ts';
import type { Context } from '../../context.ts';
import { openDeveloperFetch } from '../../shared/developer-server.ts';
import { printProbe } from './probe-print.ts';

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
  async run(context, { arguments: [given = ''], options }) {
    const url = checkServerUrl(given, '<url>');
    const callbackToken = await requireCallbackToken(context);
    const client = options.console ? await openConsole(context) : undefined;
    const fetch = await openDeveloperFetch(context);
    const { clock, random } = context.io;
    const signal = context.io.interruption();
    const probe = probeAll(context, { url, callbackToken, fetch, clock, random, signal }, options.post);
    const { checks, experiments } = await context.wait(
      { en: 'Asking the server', zh: '正在请求服务器' },
      probe,
    );
    const asked = client && (await (await import('./probe-console.ts')).probeConsole(client));
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
    (await context.settings.encodingAESKey()) !== undefined && context.settings.appId !== undefined;
  if (!isComplete) return undefined;
  const { requireCrypt } = await import('../../settings/callback-secrets.ts');
  return await requireCrypt(context);
}
