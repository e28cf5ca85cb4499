/** `serve`: a message server for trying things out; it verifies, opens and echoes (接收普通消息, 被动回复用户消息). */
import type { EncryptionMode } from '../../core/callback.ts';
import { usageError } from '../../core/errors.ts';
import { createCallbackHandler, maxCallbackBytes } from '../../server/callback-handler.ts';
import { echo } from '../../server/echo.ts';
import { requireCallbackToken } from '../callback-secrets.ts';
import { choice, defineCommand, parsed, value } from '../command.ts';
import type { Context } from '../context.ts';
import { announce, parsePort, untilInterrupted, warnUnlessLoopback } from '../long-running.ts';
import { printRecord } from '../serve-log.ts';

const modes = ['auto', 'plain', 'compat', 'safe'] as const;

export const command = defineCommand({
  settings: ['callback'],
  options: {
    port: parsed(
      '--port <n>',
      { en: '8080 by default, 0 for a free one', zh: '默认 8080，0 表示自动选择' },
      parsePort,
    ),
    host: value('--host <address>', { en: '127.0.0.1 by default', zh: '默认 127.0.0.1' }),
    path: value('--path <path>', { en: '/wechat by default', zh: '默认 /wechat' }),
    mode: choice(
      '--mode <name>',
      {
        en: 'auto: safe with an EncodingAESKey, else plain',
        zh: 'auto：有 EncodingAESKey 时为安全模式，否则为明文',
      },
      modes,
    ),
    appid: value('--appid <appid>', { en: 'AppID inside encrypted messages', zh: '加密消息中的 AppID' }),
    readyFile: value('--ready-file <file>', {
      en: 'Written when the port is open',
      zh: '端口就绪后写入此文件',
    }),
  },
  examples: [
    {
      command: 'wechat-mp serve --port 8080',
      text: { en: 'http://127.0.0.1:8080/wechat', zh: 'http://127.0.0.1:8080/wechat' },
    },
    {
      command: 'wechat-mp serve --port 0 --json',
      text: { en: 'A free port, events as JSON lines', zh: '自动选择端口，以 JSON 行输出事件' },
    },
  ],
  output: {
    en: 'One line when it listens, one line a request.\nJSON lines: {"type":"ready","url","mode"}, then {"type":"handshake"|"message"|"reply"|"refused","id",…}',
    zh: '就绪时一行，之后每个请求一行。\nJSON 行：{"type":"ready","url","mode"}，之后 {"type":"handshake"|"message"|"reply"|"refused","id",…}',
  },
  exitCodes: { 7: { en: 'The port is taken or forbidden', zh: '端口被占用或无权使用' } },
  async run(context, { options }) {
    const path = options.path ?? '/wechat';
    if (!path.startsWith('/') || /[?#\s]/.test(path)) {
      throw usageError('path_invalid', {
        en: `Cannot use "${path}" for --path: it must begin with "/" and have no query`,
        zh: `--path 不能为 "${path}"：必须以“/”开头，且不含查询参数`,
      });
    }
    const callbackToken = await requireCallbackToken(context);
    const encodingAESKey = (await context.settings.encodingAESKey())?.value;
    const mode = chooseMode(options.mode ?? 'auto', encodingAESKey);
    const appId = options.appid ?? context.settings.appId?.value;
    const { clock, random } = context.io;
    const handler = createCallbackHandler({
      path,
      mode,
      callbackToken,
      appId,
      encodingAESKey,
      clock,
      random,
      reply: (message, { format }) => echo(message, format),
      onEvent: (record) => printRecord(context, record),
    });
    const host = options.host ?? '127.0.0.1';
    warnUnlessLoopback(context, host);
    const listen = await context.io.listen();
    // From here on a signal closes the port instead of killing the process.
    context.io.interruption();
    const listening = await listen(handler, {
      host,
      port: options.port ?? 8080,
      maxBodyBytes: maxCallbackBytes,
    });
    const url = `${listening.url}${path}`;
    announce(
      context,
      { type: 'ready', url, mode: modeNames[mode] },
      readyWords(context, url, mode),
      options.readyFile,
    );
    return await untilInterrupted(context, listening);
  },
});

const modeNames: Readonly<Record<EncryptionMode, string>> = {
  plain: 'plain',
  compatible: 'compat',
  safe: 'safe',
};

/** The configuration decides, never a request: a message in the clear is no message in safe mode. */
function chooseMode(mode: (typeof modes)[number], key: string | undefined): EncryptionMode {
  if (mode === 'auto') return key === undefined ? 'plain' : 'safe';
  return mode === 'compat' ? 'compatible' : mode;
}

function readyWords(context: Context, url: string, mode: EncryptionMode): string {
  const names = {
    plain: { en: 'plain mode', zh: '明文模式' },
    compatible: { en: 'compatible mode', zh: '兼容模式' },
    safe: { en: 'safe mode', zh: '安全模式' },
  };
  return `listening on ${url} (${context.say(names[mode])})`;
}
