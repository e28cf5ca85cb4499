/** The way to the platform, step by step, out of one request that carries no secret. */
import { readAnswer, readOutcome, unexpectedAnswer } from '../../../api/answer.ts';
import { MAX_ANSWER_BYTES } from '../../../api/client.ts';
import { relayMark } from '../../../api/relay/relay.ts';
import { notARelay } from '../../../api/relay/texts.ts';
import { isLoopbackBase } from '../../../core/account/index.ts';
import { type Check, type Finding, judgeClock } from '../../../core/doctor/index.ts';
import { WechatMpError } from '../../../core/errors.ts';
import { findProxy, proxyVariable } from '../../../io/net/proxy-settings.ts';
import type { ConnectionWay } from '../../../io/ports.ts';
import type { Context } from '../../context.ts';
import { describe } from '../../settings/account-trouble.ts';
import { openFetch, openPlatformFetch } from '../../settings/platform.ts';
import type { Settings } from '../../settings/settings.ts';
import { sourced } from '../../settings/sourced.ts';
import { parseRelayUrl } from '../../shared/relay-client.ts';
import { pass, skip, type World } from './world.ts';

/** How far a request came: what answered, or the step at which it ended. */
export type Reach =
  | {
      readonly failed?: undefined;
      readonly way: ConnectionWay | undefined;
      readonly tookMs: number;
      readonly who: 'platform' | 'simulator' | 'relay';
      /** The clock here and there at the answer; the other one where the answer names it. */
      readonly nowMs: number;
      readonly serverTimeMs: number | undefined;
    }
  | { readonly failed: Step; readonly error: WechatMpError };

type Step = 'proxy' | 'dns' | 'connection' | 'tls' | 'answer';

/** A call that every account may make. Without a token the platform answers 41001, which is answer enough. */
const harmlessPath = '/cgi-bin/get_api_domain_ip';

export async function reachPlatform(context: Context): Promise<Reach> {
  const { io, settings } = context;
  const startedMs = io.clock.monotonic();
  try {
    const base = addressOf(settings);
    const isRelay = settings.via !== undefined;
    const { host } = new URL(base);
    const fetch = isRelay ? await openFetch(context, settings, '--via') : await openPlatformFetch(context);
    const response = await fetch({
      method: 'GET',
      url: base + (isRelay ? '/healthz' : harmlessPath),
      headers: { 'user-agent': 'wechat-mp-cli' },
      timeoutMs: (await settings.timeoutMs()).value,
      maxBytes: MAX_ANSWER_BYTES,
      signal: io.interruption(),
      tellWay: true,
    });
    const tookMs = io.clock.monotonic() - startedMs;
    const { way } = response;
    const nowMs = io.clock.now();
    if (isRelay) {
      if (response.headers[relayMark] === undefined) throw notARelay(base, response.status);
      return { way, tookMs, who: 'relay', nowMs, serverTimeMs: undefined };
    }
    const answer = readAnswer(response, { host, secrets: [] });
    if (readOutcome(answer, { host, secrets: [] }).errcode === 0)
      throw unexpectedAnswer(host, { en: 'the "errcode" of WeChat', zh: '微信的“errcode”' });
    const who = answer.headers['server'] === 'wechat-mp-simulator' ? 'simulator' : 'platform';
    return { way, tookMs, who, nowMs, serverTimeMs: answer.serverTimeMs };
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    return { failed: stepOf(error), error };
  }
}

/** Where everything goes: the API base, or the relay. */
function addressOf({ via, apiBase }: Settings): string {
  return via === undefined ? apiBase.value : parseRelayUrl(via);
}

function stepOf({ type, facts }: WechatMpError): Step {
  if (type === 'proxy' || type === 'proxy_invalid') return 'proxy';
  if (type === 'dns' || type === 'tls') return type;
  const phase = type === 'timeout' ? facts['phase'] : undefined;
  if (phase === 'dns' || phase === 'tls') return phase;
  return phase === 'connect' || facts['request_sent'] === false ? 'connection' : 'answer';
}

/** A row for each step: that at which the request ended has failed, those before are well. */
export const networkChecks: readonly Check<World>[] = [
  step('proxy', ['settings'], describeProxy),
  step('dns', ['proxy'], (world, way) => {
    const { hostname } = new URL(addressOf(world.settings));
    if (proxyOf(world) !== undefined) return skip('The proxy looks up the name', '由代理解析域名');
    if (way !== undefined && way.lookUpMs === undefined)
      return skip(`${hostname} needs no look-up`, `${hostname} 无需解析`);
    if (way?.lookUpMs === undefined) return pass(`${hostname} is known`, `${hostname} 可以解析`);
    return pass(
      `${hostname} is ${way.address} (${inMs(way.lookUpMs)})`,
      `${hostname} 解析为 ${way.address}（${inMs(way.lookUpMs)}）`,
    );
  }),
  step('connection', ['dns'], (_world, way) =>
    way === undefined
      ? pass('The connection stands', '已建立连接')
      : pass(
          `Connected to ${way.address} in ${inMs(way.connectMs)}`,
          `已连接 ${way.address}，用时 ${inMs(way.connectMs)}`,
        ),
  ),
  step('tls', ['connection'], ({ settings }, way) => {
    if (addressOf(settings).startsWith('http:'))
      return skip('Plain http, which stays on this machine', '本机 http，无需 TLS');
    const took = way?.tlsMs === undefined ? '' : ` (${inMs(way.tlsMs)})`;
    return pass(`The certificate is trusted${took}`, `证书可信${took}`);
  }),
  step('answer', ['tls'], async ({ reach }) => {
    const found = await reach();
    if (found.failed !== undefined) throw found.error;
    const [who, whoZh] = answering[found.who];
    return pass(`${who} answers in ${inMs(found.tookMs)}`, `${whoZh}在 ${inMs(found.tookMs)} 内应答`);
  }),
  {
    name: 'clock',
    needs: ['answer'],
    online: true,
    async look({ reach }) {
      const found = await reach();
      if (found.failed !== undefined) throw found.error;
      if (found.who === 'relay') return skip("The relay's clock is not WeChat's", '中继的时间不是微信的时间');
      if (found.serverTimeMs === undefined)
        return skip('The answer has no Date header to compare with', '应答中没有可供比较的 Date 头');
      return judgeClock(found.nowMs, found.serverTimeMs);
    },
  },
];

const answering = {
  platform: ['WeChat', '微信'],
  simulator: ['A simulator', '模拟器'],
  relay: ['The relay', '中继'],
} as const;

function step(
  name: Step,
  needs: readonly string[],
  well: (world: World, way: ConnectionWay | undefined) => Finding | Promise<Finding>,
): Check<World> {
  return {
    name,
    needs,
    online: true,
    async look(world) {
      const reached = await world.reach();
      if (reached.failed === name) throw reached.error;
      return await well(world, reached.failed === undefined ? reached.way : undefined);
    },
  };
}

function proxyOf({ context, settings }: World): string | undefined {
  const base = addressOf(settings);
  if (isLoopbackBase(base)) return undefined;
  return findProxy({ proxy: settings.proxy?.value, environment: context.environment }, new URL(base));
}

function describeProxy(world: World): Finding {
  const { context, settings } = world;
  if (isLoopbackBase(addressOf(settings)))
    return skip('This machine is asked without a proxy', '访问本机不经过代理');
  const address = proxyOf(world);
  if (address === undefined) return pass('No proxy is in force', '没有使用代理');
  const variable = proxyVariable(context.environment) ?? '';
  const source = settings.proxy ?? sourced(address, 'environment', variable);
  const place = source === undefined ? { en: '', zh: '' } : describe(source);
  const name = address.replace(/^([a-z0-9+.-]+:\/\/)?.*@/is, '$1');
  return pass(`Through ${name}, from ${place.en}`, `经过代理 ${name}，来自${place.zh}`);
}

function inMs(milliseconds: number): string {
  return `${Math.round(milliseconds)} ms`;
}
