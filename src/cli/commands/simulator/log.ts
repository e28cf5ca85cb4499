/** What `simulator` prints of calls and pushes: a line each, or with `--json` an object each. */
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import type { PushView, RequestNote } from '../../../simulator/control/types/index.ts';
import type { LoggedCall } from '../../../simulator/server/requests.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { Context } from '../../context.ts';

export function logTraffic(context: Context, simulator: Simulator): void {
  const print = (line: string): void => context.io.terminal.writeStdout(`${line}\n`);
  const { json } = context.options;
  simulator.subscribe((call) => {
    if (json) context.event({ type: 'request', ...call.record });
    else print(requestLine(context, call));
  });
  simulator.subscribePushes((push) => {
    // The log's own `type` comes first; that of the push is its sample.
    const { type: sample, ...rest } = push;
    if (json) context.event({ type: 'push', sample, ...rest });
    else print(pushLine(context, push));
  });
}

function requestLine(context: Context, call: LoggedCall): string {
  const { method, host = '', path, status, errcode, note } = call;
  const code = errcode === null ? '' : ` errcode ${errcode}`;
  const why = note === undefined ? '' : ` (${context.say(notes[note])})`;
  return `${method} ${host}${path} ${status ?? '–'}${code}${why}${ofAccount(call)}`;
}

function pushLine(context: Context, push: PushView): string {
  const openId = sanitiseLine(push.openid);
  const begin = context.say({ en: `push ${push.type} to ${openId}`, zh: `推送 ${push.type} 给 ${openId}` });
  const status = push.attempts.at(-1)?.response?.status ?? '–';
  const end =
    push.skipped === null
      ? `${status} ${context.say(seen[push.user_sees])}`
      : context.say(skipped[push.skipped]);
  return `${begin} ${end}${ofAccount(push)}`;
}

function ofAccount({ account }: { readonly account?: string | undefined }): string {
  return account === undefined ? '' : ` ${account}`;
}

const notes: Readonly<Record<RequestNote, Text>> = {
  example: { en: 'the example of the documentation', zh: '官方文档的示例' },
  not_simulated: { en: 'the simulator does not have it', zh: '模拟器没有此接口' },
  unknown_path: { en: 'no such path', zh: '没有此路径' },
  chunked: {
    en: 'the body came chunked, without Content-Length: WeChat refuses that',
    zh: '请求体为 chunked 传输，没有 Content-Length：微信会拒绝',
  },
  fault: { en: 'a fault that was asked for', zh: '按要求注入的故障' },
  dropped: { en: 'connection dropped', zh: '连接已断开' },
  failed: { en: 'the simulator failed', zh: '模拟器出错' },
};

const seen: Readonly<Record<PushView['user_sees'], Text>> = {
  reply: { en: 'the person sees the reply', zh: '用户看到回复' },
  nothing: { en: 'the person sees nothing', zh: '用户看不到任何内容' },
  unavailable: { en: 'the person sees that the service is down', zh: '用户看到“服务出现故障”' },
};

const skipped: Readonly<Record<NonNullable<PushView['skipped']>, Text>> = {
  no_server: { en: 'not sent: no server is configured', zh: '未发送：未配置服务器' },
  paused: { en: 'not sent: WeChat pauses for a minute', zh: '未发送：微信暂停推送一分钟' },
  interrupted: { en: 'not sent: interrupted', zh: '未发送：已中断' },
};
