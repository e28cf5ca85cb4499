/** `serve`: a message server for trying things out; it verifies, opens and answers (接收普通消息, 被动回复用户消息). */
import { isEncodingAESKey } from '../../../core/account/index.ts';
import { type EncryptionMode, modeNames, modesByName } from '../../../core/callback/index.ts';
import { usageError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Listening } from '../../../io/ports.ts';
import { checkSecrets, maxCallbackBytes } from '../../../server/callback-setup.ts';
import type { Context } from '../../context.ts';
import { choice, defineCommand, type OptionValues, parsed, value } from '../../frame/command.ts';
import { parseWait } from '../../frame/duration.ts';
import { requireCallbackToken, usualMode } from '../../settings/callback-secrets.ts';
import {
  announce,
  checkReadyFile,
  isLoopback,
  listeningOn,
  parsePort,
  untilInterrupted,
  warnUnlessLoopback,
} from '../../shared/long-running.ts';
import { openLater } from './open-later.ts';
import type { Recorder } from './recorder.ts';
import type { Requests } from './requests.ts';
import { choosePlace, chooseReply, parseHttpUrl, parsePublicUrl, readRules } from './options.ts';

const modes = ['auto', 'plain', 'compat', 'safe'] as const;
/** How long a connection may be silent: as `io/listen.ts` has it, or as long as an upstream may take. */
const [idleMs, forwardIdleMs] = [10_000, 25_000];

const flags = {
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
      en: 'auto: as the running simulator pushes with --profile simulator; else safe with an EncodingAESKey, plain without',
      zh: 'auto：使用 --profile simulator 时与模拟器一致；否则有 EncodingAESKey 时为安全模式，没有则为明文',
    },
    modes,
  ),
  appid: value('--appid <appid>', { en: 'AppID inside encrypted messages', zh: '加密消息中的 AppID' }),
  reply: value(
    '--reply <what>',
    { en: 'echo (default), success, none, or a file', zh: 'echo（默认）、success、none 或文件' },
    ['echo', 'success', 'none', '<file>'],
  ),
  rules: value('--rules <file>', {
    en: 'JSON: which message gets which reply',
    zh: 'JSON：什么消息回复什么内容',
  }),
  forwardTo: value('--forward-to <url>', {
    en: 'Pass requests on, answers back unchanged',
    zh: '转发请求，原样返回其回复',
  }),
  record: value('--record <folder>', {
    en: 'Keep each request and answer as a file',
    zh: '将每个请求及其回复存为文件',
  }),
  delay: parsed('--delay <duration>', { en: 'Answer so much later: 6s', zh: '推迟回复：6s' }, parseWait),
  publicUrl: value('--public-url <url>', {
    en: 'Address of the tunnel, for the console',
    zh: '隧道的公网地址，用于后台配置',
  }),
  readyFile: value('--ready-file <file>', {
    en: 'Written when the port is open',
    zh: '端口就绪后写入此文件',
  }),
};

type Flags = OptionValues<typeof flags>;

export const command = defineCommand({
  settings: ['callback'],
  options: flags,
  examples: [
    {
      command: 'wechat-mp serve --port 8080',
      text: { en: 'http://127.0.0.1:8080/wechat', zh: 'http://127.0.0.1:8080/wechat' },
    },
    {
      command: 'wechat-mp serve --rules rules.json',
      text: { en: 'Answers of your own', zh: '自定义回复' },
    },
    {
      command: 'wechat-mp serve --forward-to http://localhost:3000/wechat --record pushes',
      text: { en: 'Watch your own server', zh: '观察自己的服务器' },
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
  exitCodes: {
    2: {
      en: 'A rules or reply file with a mistake, or an EncodingAESKey of the wrong form',
      zh: '规则文件或回复文件有误，或 EncodingAESKey 格式不正确',
    },
    7: { en: 'The port is taken or forbidden', zh: '端口被占用或无权使用' },
  },
  effect: 'local',
  async run(context, { options }) {
    const { port, path } = choosePlace(context, options);
    checkConflicts(options);
    await checkReadyFile(context, options.readyFile);
    const publicUrl =
      options.publicUrl === undefined ? undefined : parsePublicUrl(options.publicUrl, '--public-url', path);
    const answers = await chooseAnswers(context, options);
    const callbackToken = await requireCallbackToken(context);
    const encodingAESKey = (await context.settings.encodingAESKey())?.value;
    const mode = await chooseMode(context, options.mode ?? 'auto');
    if (mode !== 'plain' && encodingAESKey !== undefined) await checkKey(encodingAESKey);
    const appId = options.appid ?? (await context.settings.appId())?.value;
    const service = {
      path,
      mode,
      callbackToken,
      appId,
      encodingAESKey,
      ...answers,
      delayMs: options.delay,
    };
    const listeners = await openListeners(context, options);
    checkSecrets(service);
    const requests = openLater(context, async () => {
      const { openRequests } = await import('./requests.ts');
      return openRequests(context, service, listeners);
    });
    const host = options.host ?? '127.0.0.1';
    warnUnlessLoopback(context, host);
    if (mode === 'plain' && (publicUrl !== undefined || !isLoopback(host))) warnOfPlainMode(context);
    const listen = await context.io.listen();
    // From here on a signal closes the port instead of killing the process.
    context.io.interruption();
    const listening = await listen(requests.handler, {
      host,
      port,
      maxBodyBytes: maxCallbackBytes,
      onRefused: requests.onRefused,
      idleMs: (answers.forward === undefined ? idleMs : forwardIdleMs) + (options.delay ?? 0),
    });
    const url = `${listening.url}${path}`;
    const withdraw = await announce(
      context,
      {
        type: 'ready',
        url,
        mode: modeNames[mode],
        ...defined({ public_url: publicUrl }),
      },
      readyWords(context, url, mode),
      options.readyFile,
    );
    if (publicUrl !== undefined) await tellConsole(context, publicUrl, mode);
    return await untilInterrupted(context, { ...listening, close: closeWith(listening, requests) }, withdraw);
  },
});

const modeTexts = {
  plain: { en: 'plain mode', zh: '明文模式' },
  compatible: { en: 'compatible mode', zh: '兼容模式' },
  safe: { en: 'safe mode', zh: '安全模式' },
} as const;

function checkConflicts({ forwardTo, reply, rules }: Flags): void {
  if (forwardTo === undefined || (reply === undefined && rules === undefined)) return;
  const other = reply === undefined ? '--rules' : '--reply';
  throw usageError('flags_conflict', {
    en: `Flags --forward-to and ${other} exclude each other: only one server can answer`,
    zh: `--forward-to 与 ${other} 不能同时使用：只能由一方回复`,
  });
}

/** Who answers. Answers that somebody wrote down are judged, those of the echo are known to be right. */
async function chooseAnswers(context: Context, { reply, rules, forwardTo }: Flags) {
  const chosen = await chooseReply(context, reply ?? 'echo');
  const answer = rules === undefined ? chosen : await readRules(context, rules, chosen);
  if (forwardTo === undefined) return { reply: answer, judge: rules !== undefined || reply !== undefined };
  const { href: url } = parseHttpUrl(forwardTo, '--forward-to');
  const [{ openDeveloperFetch }, { createForward }] = await Promise.all([
    import('../../shared/developer-server.ts'),
    import('../../../server/forward.ts'),
  ]);
  const fetch = await openDeveloperFetch(context, '--forward-to');
  return { reply: answer, forward: createForward({ url, fetch, clock: context.io.clock }) };
}

/** Who hears of each request besides the log. */
async function openListeners(context: Context, { record }: Flags): Promise<readonly Recorder[]> {
  const recorder =
    record === undefined ? [] : [(await import('./recorder.ts')).createRecorder(context, record)];
  if (!context.options.debug) return recorder;
  const { tellExchange } = await import('../../shared/explain/debug-fetch.ts');
  return [(_record, exchange) => tellExchange(context, exchange), ...recorder];
}

/** The configuration decides, never a request: a message in the clear is no message in safe mode. */
async function chooseMode(context: Context, mode: (typeof modes)[number]): Promise<EncryptionMode> {
  return mode === 'auto' ? await usualMode(context) : modesByName[mode];
}

/** Throws an input error for a key of the wrong form; what words it is loaded only then. */
async function checkKey(text: string): Promise<void> {
  if (isEncodingAESKey(text)) return;
  (await import('../../../core/account/account.ts')).parseEncodingAESKey(text);
}

function warnOfPlainMode(context: Context): void {
  context.warn({
    en: 'In plain mode the signature does not cover the message: whoever sees one request can forge others for minutes',
    zh: '明文模式的签名不覆盖消息内容：看到一次请求的人，几分钟内可以伪造其他消息',
  });
}

async function tellConsole(context: Context, publicUrl: string, mode: EncryptionMode): Promise<void> {
  const { consolePlaces } = await import('../../../core/account/console-places.ts');
  context.note({
    en: `Enter at ${consolePlaces.messagePush.en}: URL ${publicUrl}, ${modeTexts[mode].zh}`,
    zh: `请在 ${consolePlaces.messagePush.zh}中填写：URL ${publicUrl}，${modeTexts[mode].zh}`,
  });
}

function readyWords(context: Context, url: string, mode: EncryptionMode): string {
  return `${listeningOn(context, url)} (${context.say(modeTexts[mode])})`;
}

function closeWith(listening: Listening, { flush }: Requests) {
  return async (graceMs?: number): Promise<void> => {
    await listening.close(graceMs);
    flush();
  };
}
