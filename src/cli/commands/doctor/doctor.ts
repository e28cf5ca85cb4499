/** `doctor`: looks at everything that a call needs, row by row, and names the thing that is not well. */
import { checkServerUrl } from '../../../core/callback/index.ts';
import { type Check, type Finding, type Row, runChecks, troubleOf } from '../../../core/doctor/index.ts';
import { WechatMpError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';
import { Context } from '../../context.ts';
import { defineCommand, flag, type OptionValues, value } from '../../frame/command.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { checkLines } from '../../shared/check-lines.ts';
import { accountChecks, callbackSecretsCheck } from './account.ts';
import { callbackCheck } from './callback.ts';
import { callChecks } from './calls.ts';
import { folderChecks, locksCheck, nodeCheck } from './machine.ts';
import { networkChecks, reachPlatform } from './network.ts';
import { createSession } from './session.ts';
import { teamChecks } from './team.ts';
import { once, type World } from './world.ts';

/** In the order in which they are printed; a row comes after those that it needs. */
const checks: readonly Check<World>[] = [
  nodeCheck,
  ...folderChecks,
  locksCheck,
  ...accountChecks,
  ...networkChecks,
  ...teamChecks,
  ...callChecks,
  callbackSecretsCheck,
  callbackCheck,
];

const flags = {
  offline: flag('--offline', { en: 'Send nothing', zh: '不发送任何请求' }),
  fix: flag('--fix', {
    en: 'Repair what is safe: modes of files, locks left behind',
    zh: '修复可安全处理的问题：文件权限、遗留的锁',
  }),
  url: value('--url <url>', {
    en: 'Also verify your server, as the console does',
    zh: '同时像后台一样验证你的服务器',
  }),
};

export const command = defineCommand({
  settings: ['account', 'token', 'callback'],
  options: flags,
  examples: [
    { command: 'wechat-mp doctor', text: { en: 'What is wrong here', zh: '检查哪里有问题' } },
    {
      command: 'wechat-mp doctor --url https://example.com/wechat',
      text: { en: 'And with your server', zh: '同时检查你的服务器' },
    },
    {
      command: 'wechat-mp doctor --offline --fix',
      text: { en: 'This machine only, and repair it', zh: '只检查并修复本机' },
    },
  ],
  output: {
    en: 'One line a row; a row that could tell nothing because of another one names it. No token is ever replaced: with --classic none is fetched, and stable_token proves the account. What is remembered of an outage is passed by.\nJSON: {"ok","checks":[{"name","status":"pass|fail|warn|skip","message","hint","next":[{"command","why"}]}]}',
    zh: '每项一行；因其他项未通过而无法检查的，会注明是哪一项。不会更换 access_token：使用 --classic 时不获取，改用 stable_token 验证账号。不理会此前记住的故障。\nJSON：{"ok","checks":[{"name","status":"pass|fail|warn|skip","message","hint","next":[{"command","why"}]}]}',
  },
  effect: 'local',
  exitCodes: { 1: { en: 'A row failed', zh: '有检查未通过' } },
  async run(context, { options }) {
    const { offline } = options;
    if (offline && options.url !== undefined) throw excludes('--offline', '--url');
    const world = createWorld(context, options);
    const rows = await context.wait(
      { en: 'Looking', zh: '正在检查' },
      runChecks(checks, world, { offline, tell }),
    );
    return printRows(context, rows);
  },
});

function createWorld(context: Context, { offline, fix, url }: OptionValues<typeof flags>): World {
  const odd: Text[] = [];
  const settings = context.settings.telling((text) => odd.push(text));
  const { io, language, options, environment, redactor, paint } = context;
  const own = new Context({ io, language, options, environment, settings, redactor, paint });
  return {
    context: own,
    settings,
    odd,
    offline,
    fix,
    url: url === undefined ? undefined : checkServerUrl(url, '--url'),
    reach: once(() => reachPlatform(own)),
    session: createSession(own),
  };
}

/** A mistake of the tool, and an interruption, end the whole. */
function tell(error: unknown): Finding {
  if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
  // A key for a few calls is a set-up that is well.
  return error.type === 'relay_forbidden' ? { status: 'skip', text: error.text } : troubleOf(error);
}

function printRows(context: Context, rows: readonly Row[]): number {
  const failed = rows.filter(({ status }) => status === 'fail');
  const ok = failed.length === 0;
  const clean = (text: string): string => context.redactor.redact(text);
  const profile = context.options.profile === undefined ? '' : ` --profile ${context.options.profile}`;
  const report = {
    ok,
    checks: rows.map(({ name, status, text, hint, next = [] }) => ({
      name,
      status,
      message: clean(context.say(text)),
      hint: hint === undefined || status === 'pass' ? null : context.say(hint),
      next: next.map(({ command: line, why }) => ({ command: `${line}${profile}`, why: context.say(why) })),
    })),
  };
  const lines = [checkLines(context, gathered(rows)), '', context.say(summaryOf(rows, failed))];
  context.print(report, lines.join('\n'));
  return ok ? 0 : 1;
}

/** For people, the rows that wait for the same one are one line behind the others. */
function gathered(rows: readonly Row[]): readonly Row[] {
  const waiting = rows.filter(({ because }) => because !== undefined);
  const causes = [...new Set(waiting.map(({ because }) => because))];
  const lines = causes.map((cause): Row => {
    const names = waiting.filter(({ because }) => because === cause).map(({ name }) => name);
    const text = {
      en: `Nothing can be told before "${cause}" is well: ${names.join(', ')}`,
      zh: `“${cause}”未通过，无法检查：${names.join('、')}`,
    };
    return { name: '…', status: 'skip', text };
  });
  return [...rows.filter(({ because }) => because === undefined), ...lines];
}

function summaryOf(rows: readonly Row[], failed: readonly Row[]): Text {
  if (failed.length > 0) {
    const names = failed.map(({ name }) => name);
    return { en: `Not well: ${names.join(', ')}`, zh: `未通过：${names.join('、')}` };
  }
  const odd = rows.filter(({ status }) => status === 'warn').map(({ name }) => name);
  if (odd.length > 0) {
    return { en: `Nothing failed; see ${odd.join(', ')}`, zh: `没有失败项；请留意 ${odd.join('、')}` };
  }
  return { en: 'All is well', zh: '一切正常' };
}
