/** The rows about what a team shares: the relay, the service that owns the token, the store. Each only where it is set. */
import type { Relay, RelayFacts } from '../../../api/relay/relay.ts';
import { type Check, type Finding, judgeStore } from '../../../core/doctor/index.ts';
import { WechatMpError } from '../../../core/errors.ts';
import { parseStoreUrl } from '../../../core/token/index.ts';
import type { Redis } from '../../../io/ports.ts';
import { describe } from '../../settings/account-trouble.ts';
import { openRelay } from '../../settings/platform.ts';
import { pass, skip, type World } from './world.ts';

export const teamChecks: readonly Check<World>[] = [
  {
    name: 'relay',
    needs: ['account', 'answer'],
    online: true,
    applies: (world) => isSet(() => world.settings.via),
    async look({ context }) {
      const relay = await openRelay(context);
      return relay === undefined ? skip('No relay', '未使用中继') : await lookAtRelay(relay);
    },
  },
  {
    name: 'token_service',
    needs: ['account'],
    online: true,
    applies: ({ settings }) => isSet(() => (settings.via === undefined ? settings.tokenUrl : undefined)),
    async look({ session }) {
      const obtained = await session.token();
      if ('error' in obtained) throw obtained.error;
      return pass('It answers with a token', '已返回 access_token');
    },
  },
  { name: 'store', needs: ['account'], online: true, look: lookAtStore },
];

/** Settings that cannot be read have a row of their own. */
function isSet(read: () => unknown): boolean {
  try {
    return read() !== undefined;
  } catch {
    return false;
  }
}

/** That it answers stands above; here it says what the key may do. */
async function lookAtRelay(relay: Relay): Promise<Finding> {
  const facts = await relay.facts();
  const appId = await relay.appId();
  const { client = '?', readOnly } = facts;
  const [calls, zhCalls] = callsOf(facts);
  const [only, zhOnly] = readOnly ? ['; it is read-only', '；只读模式'] : ['', ''];
  return pass(
    `It takes the key "${client}" for ${appId}, with ${calls}${only}`,
    `接受密钥“${client}”，公众号 ${appId}，可用：${zhCalls}${zhOnly}`,
  );
}

function callsOf({ prefixes }: RelayFacts): readonly [en: string, zh: string] {
  if (prefixes === undefined)
    return ['all calls; /token and /ticket are not named', '全部接口；未列出 /token 和 /ticket'];
  return [`the right to ${prefixes.join(', ')}`, prefixes.join('、')];
}

/** Where machines share tokens: whether it answers, and whether it will take and keep them. */
async function lookAtStore({ context, settings, session }: World): Promise<Finding> {
  const { store } = settings;
  if (store === undefined || settings.tokenUrl !== undefined || settings.via !== undefined)
    return skip('No store is shared with other machines', '没有与其他机器共用的存储');
  const address = parseStoreUrl(store.value, store.name);
  if (address === undefined)
    return skip('No store is shared with other machines', '没有与其他机器共用的存储');
  const { io } = context;
  // The first one connects, too.
  await session.entry();
  const startedMs = io.clock.monotonic();
  await session.entry();
  const tookMs = Math.round(io.clock.monotonic() - startedMs);
  const info = await infoOf(await io.redis(address, (await settings.timeoutMs()).value));
  return judgeStore({ name: address.shown, place: describe(store), tookMs, info, isRead: false });
}

/** Users with few rights, and proxies, may not ask; that the store can be used is seen by then. */
async function infoOf(redis: Redis): Promise<string | undefined> {
  try {
    const told = await redis.send('', ['INFO']);
    return typeof told === 'string' ? told : undefined;
  } catch (error) {
    if (error instanceof WechatMpError && error.type === 'store_refused') return undefined;
    throw error;
  }
}
