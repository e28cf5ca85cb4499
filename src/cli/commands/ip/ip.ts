/** `ip`: addresses of WeChat, and this machine's own as WeChat sees it (for IP 白名单). */
import { fetchApiAddresses, fetchPushAddresses, findOwnAddress } from '../../../api/openapi.ts';
import { consolePlaces } from '../../../core/account/index.ts';
import { negativeError, PlatformError, type WechatMpError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag } from '../../frame/command.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { openClient } from '../../settings/platform.ts';

export const command = defineCommand({
  settings: ['account', 'token'],
  options: {
    api: flag('--api', {
      en: 'Where calls go to, for a firewall of outgoing traffic',
      zh: '微信 API 服务器的 IP，用于出站防火墙',
    }),
    callback: flag('--callback', {
      en: 'Where pushes come from, for a firewall of your server',
      zh: '微信推送服务器的 IP，用于你的服务器的防火墙',
    }),
  },
  examples: [
    {
      command: 'wechat-mp ip',
      text: { en: "This machine's, as WeChat sees it", zh: '微信所见的本机 IP' },
    },
    {
      command: 'wechat-mp ip --callback',
      text: { en: 'Where pushes come from', zh: '推送来自哪些 IP' },
    },
  ],
  output: {
    en: 'The address, alone; with --api or --callback one address or block a line. WeChat tells a caller\'s address in two places: in its 40164 where the address is not in the whitelist, and in what it keeps of a call that it has refused (rid). So where calls pass, one is sent that must be refused.\nJSON: {"ip","allowed","source":"errmsg|rid"}; with --api or --callback {"ip_list"}',
    zh: '仅输出 IP；带 --api 或 --callback 时每行一个 IP 或网段。微信只在两处告知调用方的 IP：不在白名单时的 40164 报错，以及被拒绝请求的 rid 记录。因此调用能通过时，会发送一个必然被拒绝的请求。\nJSON：{"ip","allowed","source":"errmsg|rid"}；带 --api 或 --callback 为 {"ip_list"}',
  },
  effect: 'none',
  exitCodes: { 1: { en: 'WeChat does not tell the address', zh: '微信没有告知 IP' } },
  async run(context, { options }) {
    if (options.api && options.callback) throw excludes('--api', '--callback');
    if (!options.api && !options.callback) return await showOwn(context);
    const client = await openClient(context);
    const list = await (options.api ? fetchApiAddresses(client) : fetchPushAddresses(client));
    context.print({ ip_list: list }, list.join('\n'));
    return 0;
  },
});

interface Own {
  readonly ip: string;
  /** Whether the whitelist lets it pass. */
  readonly allowed: boolean;
  readonly source: 'errmsg' | 'rid';
}

async function showOwn(context: Context): Promise<number> {
  const own = await context.wait({ en: 'Asking WeChat', zh: '正在查询' }, askOwn(context));
  if (context.settings.via !== undefined)
    context.note({ en: 'It is the address of the relay', zh: '这是中继的 IP' });
  context.print(own, own.ip);
  if (!own.allowed) {
    context.warn({
      en: `It is not in the whitelist (40164): add it at ${consolePlaces.ipWhitelist.en}`,
      zh: `该 IP 不在白名单中（40164）：请在 ${consolePlaces.ipWhitelist.zh}添加`,
    });
  }
  return 0;
}

async function askOwn(context: Context): Promise<Own> {
  const { io } = context;
  try {
    const ip = await findOwnAddress(await openClient(context), io.clock, io.interruption());
    if (ip !== undefined) return { ip, allowed: true, source: 'rid' };
  } catch (error) {
    // Whichever call it was that met the whitelist: that for the token, or the one behind it.
    const ip = error instanceof PlatformError && error.errcode === 40164 ? error.facts['ip'] : undefined;
    if (typeof ip !== 'string') throw error;
    return { ip, allowed: false, source: 'errmsg' };
  }
  throw untold();
}

function untold(): WechatMpError {
  return negativeError(
    'ip_unknown',
    {
      en: 'WeChat lets calls from here pass, and does not tell which address it sees',
      zh: '微信允许本机调用，但没有告知所见的 IP',
    },
    {
      en: 'Run it again in a minute: what WeChat keeps of a refused call may not be there yet',
      zh: '请一分钟后再试：被拒绝请求的记录可能尚未生成',
    },
  );
}
