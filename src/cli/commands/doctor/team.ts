/** The rows about what a team shares: the relay, the service that owns the token, the store. Each only where it is set. */
import type { Relay, RelayFacts } from '../../../api/relay/relay.ts';
import { blocked, type Check, type Finding, judgeStore, spanOf } from '../../../core/doctor/index.ts';
import { PlatformError, WechatMpError } from '../../../core/errors.ts';
import type { Redis } from '../../../io/ports.ts';
import type { Context } from '../../context.ts';
import { describe } from '../../settings/account-trouble.ts';
import { openRelay } from '../../settings/platform.ts';
import type { StoreServer } from '../../shared/team-token.ts';
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
  {
    name: 'layout',
    needs: ['account', 'answer', 'store'],
    online: true,
    applies: ({ settings }) =>
      isSet(() => /^file:|[?&]layout=/.exec(settings.store?.value ?? '') ?? undefined),
    look: lookAtLayout,
  },
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

/** The store in force, where one is shared and nothing else has the token. Nothing is sent yet. */
export async function openStore(context: Context): Promise<StoreServer | undefined> {
  const { settings } = context;
  const { store, tokenUrl, via } = settings;
  if (store === undefined || tokenUrl !== undefined || via !== undefined) return undefined;
  return await (await import('../../shared/team-token.ts')).openServer(context, settings, store);
}

/** Where machines share tokens: whether it answers, and whether it will take and keep them. */
async function lookAtStore({ context, settings, session, store }: World): Promise<Finding> {
  const server = await store();
  if (server === undefined) return skip('No store is shared with other machines', '没有与其他机器共用的存储');
  const { clock } = context.io;
  // The first one connects, too.
  await session.entry();
  const startedMs = clock.monotonic();
  await session.entry();
  const tookMs = Math.round(clock.monotonic() - startedMs);
  const source = settings.store ?? { level: 'default', name: '', value: '' };
  const { shown: name, layout } = server;
  return judgeStore({
    name,
    place: describe(source),
    tookMs,
    // A folder has nothing to say of itself.
    info: source.value.startsWith('file:') ? undefined : await infoOf(await server.redis()),
    isRead: layout?.write === false,
  });
}

async function lookAtLayout({ context, session, store }: World): Promise<Finding> {
  const choice = (await store())?.layout;
  if (choice === undefined) return skip('The store has the layout of this tool', '存储使用本工具自己的布局');
  const { layout, write } = choice;
  const [way, zhWay] = write ? ['shared with its library', '与该库共用'] : ['only read', '只读'];
  if (write && (await session.entry()) === undefined) {
    return pass(
      `layout=${layout}, ${way}: no token is there yet, and this tool puts one there`,
      `layout=${layout}，${zhWay}：其中还没有 access_token，将由本工具写入`,
    );
  }
  const obtained = await session.token();
  if ('error' in obtained) {
    // What WeChat refuses is told where WeChat is asked.
    if (obtained.error instanceof PlatformError) return blocked('token');
    throw obtained.error;
  }
  const leftMs = obtained.value.expiresAtMs - context.io.clock.now();
  const end = Number.isFinite(leftMs) ? spanOf(leftMs) : undefined;
  return pass(
    `layout=${layout}, ${way}: a token is there${end === undefined ? '' : `, which expires in ${end.en}`}`,
    `layout=${layout}，${zhWay}：其中有 access_token${end === undefined ? '' : `，${end.zh}后失效`}`,
  );
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
