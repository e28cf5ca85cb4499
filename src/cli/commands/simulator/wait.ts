/** `simulator wait`: done when a simulator answers; for compose files, scripts and the health of a container. */
import { usageError, WechatMpError } from '../../../core/errors.ts';
import { own, parseJson } from '../../../core/text/json-value.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../frame/command.ts';
import { parseWait } from '../../frame/duration.ts';
import { locateSimulators } from '../../shared/running-simulator.ts';

const usualUrl = 'http://127.0.0.1:8090';
const usualTimeout = '30s';
/** One that does not answer in the longest time is asked once more; the last one asked gets the least, in milliseconds. */
const answers = { leastMs: 200, longestMs: 2000 };
/** Between two rounds: soon at first, for one that is just starting. */
const pauses = { firstMs: 50, longestMs: 500, factor: 1.5 };

export const command = defineCommand({
  arguments: [
    {
      name: '[url]',
      text: {
        en: `Its address; by default the newest one of this machine, or ${usualUrl}`,
        zh: `模拟器地址；默认为本机最近启动的模拟器，或 ${usualUrl}`,
      },
    },
  ],
  examples: [
    {
      command: 'wechat-mp simulator wait http://127.0.0.1:8090',
      text: { en: 'In a script that has just started one', zh: '用于刚启动了模拟器的脚本' },
    },
    {
      command: 'wechat-mp simulator wait --timeout 1s --quiet',
      text: { en: 'As the health check of a container', zh: '作为容器的健康检查' },
    },
  ],
  output: {
    en: `Its address, as soon as it is ready; --timeout is for all of it, ${usualTimeout} by default.\nJSON: {"url","appid","waited_ms"}, with "appid" null under a name that is not loopback`,
    zh: `就绪后立即输出其地址；--timeout 为总等待时间，默认 ${usualTimeout}。\nJSON：{"url","appid","waited_ms"}，以非回环地址访问时 "appid" 为 null`,
  },
  exitCodes: { 5: { en: 'None was ready in time', zh: '超时仍未就绪' } },
  effect: 'none',
  async run(context, { arguments: [given] }) {
    const timeout = context.options.timeout ?? usualTimeout;
    const timeoutMs = parseWait(timeout, '--timeout');
    const url = given === undefined ? undefined : originOf(given);
    const { clock } = context.io;
    const startedAtMs = clock.monotonic();
    const waitedMs = (): number => clock.monotonic() - startedAtMs;
    for (let pauseMs = pauses.firstMs; ; pauseMs = Math.min(pauses.longestMs, pauseMs * pauses.factor)) {
      const found = await findReady(context, url, timeoutMs - waitedMs());
      if (found.appid !== undefined) {
        const value = { url: found.url, appid: found.appid, waited_ms: Math.round(waitedMs()) };
        context.print(value, found.url);
        return;
      }
      const leftMs = timeoutMs - waitedMs();
      if (leftMs <= 0) throw notReady(found.url, timeout, found.why);
      await clock.sleep(Math.min(pauseMs, leftMs), context.io.interruption());
    }
  },
});

/** The address alone: whoever has one of the API, or of the page, means the simulator behind it. */
function originOf(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text).origin;
  throw usageError(
    'url_invalid',
    { en: `Cannot use "${text}" as the address of a simulator`, zh: `"${text}" 不是模拟器的地址` },
    { en: `Write it whole: ${usualUrl}`, zh: `请写完整，例如 ${usualUrl}` },
  );
}

interface Looked {
  readonly url: string;
  /** `null` where a simulator answers that does not tell; `undefined` where none does. */
  readonly appid?: string | null;
  readonly why: Text;
}

/** The first one that is ready; else what is wrong with the one that was meant. */
async function findReady(context: Context, url: string | undefined, leftMs: number): Promise<Looked> {
  const { io, settings } = context;
  const urls = new Set(
    url === undefined ? [...locateSimulators(io, settings.stateDirectory), usualUrl] : [url],
  );
  const looked: Looked[] = [];
  for (const each of urls) {
    const found = await look(context, each, Math.max(answers.leastMs, Math.min(answers.longestMs, leftMs)));
    if (found.appid !== undefined) return found;
    looked.push(found);
  }
  const last = looked.at(-1);
  if (last === undefined) throw new TypeError('there is at least one address');
  return last;
}

/** Without proxies: none stands between a machine, or its containers, and a simulator. */
async function look({ io }: Context, url: string, timeoutMs: number): Promise<Looked> {
  try {
    const fetch = await io.fetch({ environment: {} });
    const { status, headers, body } = await fetch({
      method: 'GET',
      url: `${url}/_ctl/health`,
      timeoutMs,
      maxBytes: 65_536,
      signal: io.interruption(),
    });
    // Under a name of a network it drives nothing, but says who it is.
    if (headers['server'] === 'wechat-mp-simulator') {
      const appid = own(parseJson(Buffer.from(body).toString('utf8')), 'appid');
      return { url, why: ready, appid: typeof appid === 'string' ? appid : null };
    }
    return {
      url,
      why: {
        en: `what answers there, with status ${status}, is no simulator`,
        zh: `该地址有其他程序应答（状态码 ${status}），不是模拟器`,
      },
    };
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family !== 'network') throw error;
    return { url, why: error.text };
  }
}

const ready: Text = { en: 'it is ready', zh: '已就绪' };

function notReady(url: string, timeout: string, why: Text): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'simulator_not_ready',
    text: {
      en: `No simulator was ready at ${url} within ${timeout}: ${why.en}`,
      zh: `${timeout} 内 ${url} 没有就绪的模拟器：${why.zh}`,
    },
    hint: {
      en: 'Start one: wechat-mp simulator; from another machine or container with --host 0.0.0.0',
      zh: '请启动模拟器：wechat-mp simulator；供其他机器或容器访问时加 --host 0.0.0.0',
    },
    facts: { url },
  });
}
