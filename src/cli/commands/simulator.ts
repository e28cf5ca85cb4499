/** `simulator`: a local WeChat platform, for a person or round a command. */
import { usageError } from '../../core/errors.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { defineCommand, parsed, value } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodeOf } from '../output.ts';
import {
  announce,
  parsePort,
  untilInterrupted,
  warnUnlessLoopback,
  writeReadyFile,
} from '../long-running.ts';

/** The platform's uploads end at 10 MB. */
const maxBodyBytes = 10 * 1024 * 1024;

export const command = defineCommand({
  arguments: [
    {
      name: '[command...]',
      text: {
        en: 'After "--": run this against a fresh simulator',
        zh: '写在“--”之后：针对全新的模拟器运行此命令',
      },
    },
  ],
  options: {
    port: parsed(
      '--port <n>',
      { en: '8090 by default, 0 for a free one', zh: '默认 8090，0 表示自动选择' },
      parsePort,
    ),
    host: value('--host <address>', { en: '127.0.0.1 by default', zh: '默认 127.0.0.1' }),
    seed: parsed(
      '--seed <n>',
      { en: 'The same secrets and tokens every time', zh: '每次生成相同的密钥和令牌' },
      parseSeed,
    ),
    readyFile: value('--ready-file <file>', {
      en: 'Written when the port is open',
      zh: '端口就绪后写入此文件',
    }),
  },
  examples: [
    {
      command: 'wechat-mp simulator',
      text: { en: 'On http://127.0.0.1:8090', zh: '运行在 http://127.0.0.1:8090' },
    },
    {
      command: 'wechat-mp simulator -- npm test',
      text: { en: 'Tests against a fresh one', zh: '针对全新的模拟器运行测试' },
    },
    { command: 'wechat-mp simulator -- wechat-mp token', text: { en: 'Try a command', zh: '试用某个命令' } },
  ],
  output: {
    en: 'What to set, then one line a request; with a command only the output of the command.\nJSON lines: {"type":"ready","url","appid","secret","callback_token","aes_key"}, then {"type":"request",…}',
    zh: '先输出所需的设置，之后每个请求一行；带命令时只有该命令的输出。\nJSON 行：{"type":"ready","url","appid","secret","callback_token","aes_key"}，之后 {"type":"request",…}',
  },
  exitCodes: { 7: { en: 'The port is taken; the command cannot be run', zh: '端口被占用；命令无法运行' } },
  async run(context, { arguments: child, options }) {
    const host = options.host ?? '127.0.0.1';
    warnUnlessLoopback(context, host);
    const { clock, random } = context.io;
    // A project that pins its AppID can run its tests here too.
    const pinned = context.settings.project?.appid;
    const simulator = createSimulator({
      clock,
      random,
      seed: options.seed,
      ...(pinned === undefined ? {} : { account: { appId: pinned } }),
    });
    const listenFetch = await context.io.listenFetch();
    context.io.interruption();
    const listening = await listenFetch((request) => simulator.fetch(request), {
      host,
      port: options.port ?? (child.length > 0 ? 0 : 8090),
      maxBodyBytes,
    });
    const ready = simulator.ready(listening.url);
    if (child.length > 0) {
      try {
        writeReadyFile(context, { ...ready }, options.readyFile);
        return await runAgainst(context, ready, child);
      } finally {
        await listening.close(0);
      }
    }
    logRequests(context, simulator);
    announce(context, { ...ready }, readyWords(context, ready), options.readyFile);
    return await untilInterrupted(context, listening);
  },
});

type ReadyLine = ReturnType<Simulator['ready']>;

/** The five variables; and those that would lead the command past the simulator are emptied, which means not set. */
async function runAgainst(context: Context, ready: ReadyLine, child: readonly string[]): Promise<number> {
  const runChild = await context.io.runChild();
  context.verbose({ en: `Simulator at ${ready.url}`, zh: `模拟器地址：${ready.url}` });
  const signal = context.io.interruption();
  const environment = { ...variables(ready), WECHAT_MP_ACCESS_TOKEN: '', WECHAT_MP_PROFILE: '' };
  const code = await runChild(child, environment, signal);
  // However the command took the signal, it was not its own end.
  return signal.aborted ? exitCodeOf(signal.reason) : code;
}

function variables(ready: ReadyLine): Readonly<Record<string, string>> {
  return {
    WECHAT_MP_API_BASE: ready.url,
    WECHAT_MP_APPID: ready.appid,
    WECHAT_MP_APPSECRET: ready.secret,
    WECHAT_MP_CALLBACK_TOKEN: ready.callback_token,
    WECHAT_MP_AES_KEY: ready.aes_key,
  };
}

function readyWords(context: Context, ready: ReadyLine): string {
  const exports = Object.entries(variables(ready)).map(([name, text]) => `  export ${name}=${text}`);
  const tell = { en: 'In another terminal:', zh: '在另一个终端中：' };
  return [`listening on ${ready.url}`, context.say(tell), ...exports].join('\n');
}

function logRequests(context: Context, simulator: Simulator): void {
  simulator.subscribe((record) => {
    if (context.options.json) {
      context.event({ type: 'request', ...record });
      return;
    }
    const code = record.errcode === null ? '' : ` errcode ${record.errcode}`;
    const note = record.note === undefined ? '' : ` (${record.note})`;
    context.io.terminal.writeStdout(
      `${record.method} ${record.path} ${record.status ?? '–'}${code}${note}\n`,
    );
  });
}

function parseSeed(text: string, name: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usageError('seed_invalid', {
    en: `Cannot use "${text}" for ${name}: it must be a whole number`,
    zh: `${name} 不能为 "${text}"：应为整数`,
  });
}
