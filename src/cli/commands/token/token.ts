/** `token`: an access_token, shared by everything on this machine (获取接口调用凭据). */
import type { Credential, TokenSource } from '../../../api/token-source.ts';
import { negativeError, usageError, type WechatMpError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { choice, defineCommand, flag, type OptionValues, parsed, value } from '../../frame/command.ts';
import { parseDuration } from '../../frame/duration.ts';
import { excludes, needs, unsuitable } from '../../frame/flag-errors.ts';
import { resolveAccount } from '../../settings/account.ts';

const formats = ['plain', 'json', 'shell', 'fish', 'powershell', 'cmd', 'dotenv', 'github'] as const;

const flags = {
  force: flag('--force', {
    en: 'Make a new token, which ends the one in use',
    zh: '强制生成新 access_token，正在使用的 access_token 会失效',
  }),
  minTtl: parsed(
    '--min-ttl <duration>',
    { en: 'It must live at least this long', zh: '至少还要有效这么久' },
    parseDuration,
  ),
  status: flag('--status', {
    en: 'What the cache holds, never the token',
    zh: '缓存状态，不显示 access_token',
  }),
  offline: flag('--offline', { en: 'Only from the cache', zh: '只用缓存' }),
  clear: flag('--clear', { en: 'Forget the cached token', zh: '清除缓存的 access_token' }),
  find: flag('--find', {
    en: 'Which libraries keep a token in the Redis of --store',
    zh: '列出 --store 的 Redis 中其他类库保存的 access_token',
  }),
  scan: flag('--scan', {
    en: 'With --find: under unusual prefixes, too',
    zh: '配合 --find：也查找非默认前缀',
  }),
  verify: flag('--verify', {
    en: 'With --find: ask WeChat whether each is good',
    zh: '配合 --find：逐个向微信验证',
  }),
  format: choice('--format <name>', { en: 'Shape of the output', zh: '输出格式' }, formats),
  name: value('--name <VAR>', {
    en: 'Variable, WECHAT_MP_ACCESS_TOKEN by default',
    zh: '变量名，默认 WECHAT_MP_ACCESS_TOKEN',
  }),
  dryRun: flag('--dry-run', {
    en: 'With --force or --clear: say what would happen',
    zh: '配合 --force 或 --clear：只说明会做什么',
  }),
};

type Flags = OptionValues<typeof flags>;

export const command = defineCommand({
  settings: ['account', 'token'],
  options: flags,
  examples: [
    { command: 'wechat-mp token', text: { en: 'The token and a newline', zh: '输出 access_token 和换行' } },
    {
      command:
        'curl -G https://api.weixin.qq.com/cgi-bin/menu/get \\\n  -d "access_token=$(wechat-mp token)"',
      text: { en: 'Use it', zh: '直接使用' },
    },
    {
      command: 'wechat-mp token --status',
      text: { en: 'How long does it live, who fetched it', zh: '还能用多久，是谁获取的' },
    },
    {
      command: 'wechat-mp token --find --store redis://cache.example.com:6379/0',
      text: { en: 'Whose token is in that Redis', zh: '该 Redis 中有哪些类库的 access_token' },
    },
  ],
  output: {
    en: 'The token.\nJSON: {"access_token","expires_at","expires_in","appid","endpoint","source"}\nwith --status: {"cached","expires_at","expires_in","appid","endpoint","obtained_at","history"}\nwith --find: {"appid","store","found","skipped"}',
    zh: 'access_token。\nJSON：{"access_token","expires_at","expires_in","appid","endpoint","source"}\n带 --status：{"cached","expires_at","expires_in","appid","endpoint","obtained_at","history"}\n带 --find：{"appid","store","found","skipped"}',
  },
  exitCodes: {
    1: {
      en: 'Nothing is cached (--offline, --status) or found (--find), or less life is left than --min-ttl',
      zh: '没有缓存（--offline、--status），没有找到（--find），或剩余时间少于 --min-ttl',
    },
  },
  effect: 'remote',
  confirmation: {
    option: '--yes',
    when: {
      en: 'With --force, which ends the token in use',
      zh: '带 --force 时，正在使用的 access_token 会失效',
    },
  },
  async run(context, { options }) {
    checkFlags(options, context.options.json);
    if (options.name !== undefined) await checkVariable(options.name);
    const { settings } = context;
    if (options.find) {
      if (settings.via !== undefined)
        throw (await import('../../shared/relay-client.ts')).excludesRelay('--find', settings.via);
      const { findTokens } = await import('./find.ts');
      return await findTokens(context, { verify: options.verify, scan: options.scan });
    }
    const given = settings.via ?? (await settings.accessToken()) ?? settings.tokenUrl;
    if (settings.via !== undefined && (options.status || options.clear)) {
      const named = options.status ? '--status' : '--clear';
      const { excludesRelay } = await import('../../shared/relay-client.ts');
      throw excludesRelay(named, settings.via).with({ type: 'token_given' });
    }
    if (given !== undefined && (options.status || options.clear)) {
      throw usageError('token_given', {
        en: `There is no cache to look at: the token comes from ${given.name}`,
        zh: `没有缓存可查看：access_token 来自 ${given.name}`,
      });
    }
    if (options.status) return await showStatus(context);
    if (options.clear) return await clear(context, options.dryRun);
    const format = options.format ?? (context.options.json ? 'json' : 'plain');
    const credential = await obtain(context, options);
    if (credential === undefined) return 0;
    if (format === 'plain' && context.environment['GITHUB_ACTIONS'] !== 'true') {
      context.io.terminal.writeStdout(`${credential.value}\n`);
      return 0;
    }
    const { printToken } = await import('./output.ts');
    const appId =
      given === undefined
        ? (await resolveAccount(settings)).appId.value
        : (credential.appId ?? (await settings.appId())?.value);
    const variable = options.name ?? 'WECHAT_MP_ACCESS_TOKEN';
    await printToken(context, credential, { format, variable, appId });
    return 0;
  },
});

function checkFlags(options: Flags, json: boolean): void {
  const modes = (['force', 'status', 'offline', 'clear', 'find'] as const).filter((name) => options[name]);
  if (modes.length > 1) throw excludes(...modes.map((name) => `--${name}`));
  if (json && options.format !== undefined && options.format !== 'json')
    throw excludes('--json', `--format ${options.format}`);
  if (options.dryRun && !options.force && !options.clear) throw needs('--dry-run', '--force', '--clear');
  for (const name of ['scan', 'verify'] as const)
    if (options[name] && !options.find) throw needs(`--${name}`, '--find');
  if (options.find && options.format !== undefined) throw excludes('--find', '--format');
  if (options.name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(options.name)) {
    throw unsuitable('variable_name_invalid', options.name, '--name', {
      en: 'it must be letters, digits and "_"',
      zh: '只能用字母、数字和“_”',
    });
  }
}

/** A variable that programs obey must not hold what came over the network. */
async function checkVariable(name: string): Promise<void> {
  const { variableRisk } = await import('../../shared/variable-line.ts');
  const risk = variableRisk(name);
  if (risk === undefined) return;
  throw unsuitable('variable_name_reserved', name, '--name', risk, {
    en: 'Choose a name of your own, for example WECHAT_TOKEN',
    zh: '请另取一个名称，例如 WECHAT_TOKEN',
  });
}

/** The source of tokens; help and mistakes in the command line need none. */
async function open(context: Context): Promise<TokenSource> {
  const { openTokens } = await import('../../settings/platform.ts');
  return await openTokens(context);
}

/** The token, or nothing where a dry run has said what would happen. */
async function obtain(context: Context, options: Flags): Promise<Credential | undefined> {
  const tokens = await open(context);
  if (options.offline) {
    const { readCached } = await import('./output.ts');
    return await readCached(context, tokens, options.minTtl);
  }
  if (options.force) {
    const question = {
      en: 'Replace the access_token? Everybody who uses the current one has to fetch it again.',
      zh: '要更换 access_token 吗？正在使用当前 access_token 的程序都需要重新获取。',
    };
    if (options.dryRun) {
      context.note({
        en: 'Would replace the token; nothing was sent',
        zh: '将会更换 access_token；未发送任何请求',
      });
      // Without --json stdout stays empty: it is the place of a token.
      context.print({ dry_run: true, replaced: false }, '');
      return undefined;
    }
    await context.confirm(question);
  }
  const credential = await context.wait(
    { en: 'Fetching an access_token', zh: '正在获取 access_token' },
    tokens.get({ force: options.force, minTtlMs: options.minTtl ?? 0 }),
  );
  const leftMs = credential.expiresAtMs - context.io.clock.now();
  if (options.minTtl !== undefined && leftMs < options.minTtl) throw tooShort(leftMs, options.minTtl);
  return credential;
}

function tooShort(leftMs: number, wantedMs: number): WechatMpError {
  const [left, wanted] = [Math.floor(leftMs / 1000), Math.ceil(wantedMs / 1000)];
  return negativeError(
    'token_too_short',
    {
      en: `The token expires in ${left} s, --min-ttl wants ${wanted} s, and the platform renews it only in the last 5 minutes`,
      zh: `access_token 将在 ${left} 秒后失效，--min-ttl 要求 ${wanted} 秒，而平台只在最后 5 分钟更新`,
    },
    {
      en: 'Ask for less, or replace it with --force, which ends the one in use',
      zh: '请降低要求，或用 --force 更换（会使当前 access_token 失效）',
    },
    { expires_in: left },
  );
}

async function showStatus(context: Context): Promise<number> {
  if (context.settings.store?.value.includes('layout=')) {
    const { findTokens } = await import('./find.ts');
    return await findTokens(context, { verify: false, scan: false, chosen: true });
  }
  const { printStatus } = await import('./output.ts');
  const account = await resolveAccount(context.settings);
  return printStatus(context, await (await open(context)).peek(), account.appId.value);
}

async function clear(context: Context, dryRun: boolean): Promise<number> {
  const account = await resolveAccount(context.settings);
  const tokens = await open(context);
  const cleared = dryRun ? (await tokens.peek()) !== undefined : await tokens.clear();
  const result = { cleared: cleared && !dryRun, dry_run: dryRun, appid: account.appId.value };
  if (!cleared) context.print(result, { en: 'Nothing was cached', zh: '没有缓存' });
  else if (dryRun)
    context.print(result, { en: 'Would forget the cached token', zh: '将会清除缓存的 access_token' });
  else {
    context.print(result, {
      en: 'Forgot the cached token; the platform keeps it until its end',
      zh: '已清除缓存的 access_token；它在平台上仍有效至到期',
    });
  }
  return 0;
}
