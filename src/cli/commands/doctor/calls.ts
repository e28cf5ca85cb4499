/** The rows about the account at WeChat: token, who replaced it, the way through the whitelist, rights and quota. */
import { checkCallback } from '../../../api/callback.ts';
import { judgeReach } from '../../../core/callback/index.ts';
import {
  blocked,
  type Check,
  type Finding,
  judgeHistory,
  judgeQuota,
  judgeRights,
  spanOf,
  troubleOf,
} from '../../../core/doctor/index.ts';
import { PlatformError, WechatMpError } from '../../../core/errors.ts';
import { describe } from '../../settings/account-trouble.ts';
import { isDead, type Session } from './session.ts';
import { pass, skip, type World } from './world.ts';

/** The whitelist (IP 白名单), and the administrator's confirmation of an address that is not in it. */
const addressCodes: ReadonlySet<number> = new Set([40164, 89501, 89503, 89506, 89507]);

function isAboutAddress(error: WechatMpError): boolean {
  return error instanceof PlatformError && addressCodes.has(error.errcode);
}

export const callChecks: readonly Check<World>[] = [
  {
    name: 'token',
    needs: ['account', 'answer', 'relay', 'token_service', 'store'],
    online: true,
    look: lookAtToken,
  },
  { name: 'token_history', needs: ['account', 'token'], look: lookAtHistory },
  { name: 'egress', needs: ['account', 'answer', 'token_history'], online: true, look: lookAtEgress },
  { name: 'rights', needs: ['egress'], online: true, look: lookAtRights },
  { name: 'quota', needs: ['egress', 'rights'], online: true, look: lookAtQuota },
  { name: 'callback_check', needs: ['egress'], online: true, look: lookAtConsole },
];

async function lookAtToken({ context, settings, session }: World): Promise<Finding> {
  const obtained = await session.token();
  if ('error' in obtained)
    return isAboutAddress(obtained.error) ? blocked('egress') : troubleOf(obtained.error);
  const { source, expiresAtMs } = obtained.value;
  const left = spanOf(expiresAtMs - context.io.clock.now());
  if (source === 'given') {
    const place = describe((await settings.accessToken()) ?? { level: 'default', name: '', value: '' });
    return pass(`Given by ${place.en}; none is fetched`, `由${place.zh}提供，不会另行获取`);
  }
  if (source === 'relay') return await lookAtTokenOfRelay(session);
  if (source === 'service') return pass('Given by the service', '由服务提供');
  if (source === 'proof') {
    return pass(
      'None is cached, and none was fetched from cgi-bin/token, which would end that of others; stable_token proves AppID and AppSecret',
      '没有缓存；未用 cgi-bin/token 获取（会使他人的 access_token 失效），已用 stable_token 验证 AppID 和 AppSecret',
    );
  }
  return source === 'cache'
    ? pass(`From the cache, expires in ${left.en}`, `来自缓存，${left.zh}后失效`)
    : pass(`Fetched, expires in ${left.en}`, `已获取，${left.zh}后失效`);
}

/** What only the call for a token is answered with: of AppID and AppSecret. */
const credentialCodes: ReadonlySet<number> = new Set([40013, 40125, 40243, 41002, 41004]);

/** A client may not see the token of its relay; what the relay meets when it gets one comes as the answer to a call. */
async function lookAtTokenOfRelay(session: Session): Promise<Finding> {
  const first = await session.firstCall();
  if ('error' in first) {
    const { error } = first;
    const { errcode, path, relay_type: met } = error.facts;
    if (isAboutAddress(error)) return blocked('egress');
    const isOfStore = typeof met === 'string' && met.startsWith('store_');
    if (path === '/cgi-bin/token' || credentialCodes.has(errcode ?? 0) || isOfStore) return troubleOf(error);
  }
  return pass('The relay puts it in', '由中继加入');
}

async function lookAtHistory({ context, settings, session, offline }: World): Promise<Finding> {
  const entry = await session.entry();
  const nowMs = context.io.clock.now();
  if (offline) {
    if (entry === undefined) return skip('No token is cached', '没有缓存的 access_token');
    return judgeHistory({ entry, nowMs, word: 'unasked' });
  }
  const first = await session.firstCall();
  if ('error' in first && first.error.type === 'relay_forbidden') throw first.error;
  if ('error' in first && !isDead(first.error)) return blocked('egress');
  if (settings.via === undefined && (await settings.accessToken()) !== undefined) {
    if ('error' in first) throw first.error;
    return pass('WeChat accepts the token that was given', '微信接受所提供的 access_token');
  }
  if (entry === undefined) {
    if ('error' in first && 'error' in (await session.call())) throw first.error;
    if (settings.via !== undefined) return skip('The relay keeps the token', 'access_token 由中继保存');
    return skip('No token is cached', '没有缓存的 access_token');
  }
  if ('value' in first) return judgeHistory({ entry, nowMs, word: 'accepted' });
  return judgeHistory({ entry, nowMs, word: 'value' in (await session.call()) ? 'renewed' : 'refused' });
}

async function lookAtEgress({ session }: World): Promise<Finding> {
  const token = await session.token();
  if ('error' in token) return troubleOfAddress(token.error);
  const called = await session.call();
  if ('error' in called) {
    const { type, text, hint } = called.error;
    // A key for a few calls is a set-up that is well; what would tell more is said.
    if (type === 'relay_forbidden') return { status: 'skip', text, hint };
    return troubleOfAddress(called.error);
  }
  const address = await orNothing(session.address());
  return address === undefined
    ? pass(
        'Calls pass the whitelist; WeChat does not tell which address it sees',
        '调用可以通过 IP 白名单；微信未告知所见的 IP',
      )
    : pass(
        `Calls pass the whitelist; WeChat sees ${address}`,
        `调用可以通过 IP 白名单；微信看到的 IP 为 ${address}`,
      );
}

/** Names the address, where WeChat has named it. */
function troubleOfAddress(error: WechatMpError): Finding {
  const finding = troubleOf(error);
  const { ip } = error.facts;
  if (typeof ip !== 'string') return finding;
  const { en, zh } = error.text;
  return { ...finding, text: { en: `${en}; it sees ${ip}`, zh: `${zh}；微信看到的 IP 为 ${ip}` } };
}

async function lookAtRights({ session }: World): Promise<Finding> {
  return await orWarn(async () => {
    const { known, untold } = await session.usages();
    return judgeRights(known, untold);
  });
}

async function lookAtQuota({ session }: World): Promise<Finding> {
  const usages = await orNothing(session.usages(), (error) => error.type !== 'relay_forbidden');
  return usages === undefined ? blocked('rights') : judgeQuota(usages.known);
}

async function lookAtConsole({ session }: World): Promise<Finding> {
  return await orWarn(async () => {
    try {
      return judgeReach(await checkCallback(await session.client()));
    } catch (error) {
      // An account that only calls the API needs none.
      if (!(error instanceof PlatformError) || error.errcode !== 40201) throw error;
      return skip('No URL is saved in the console', '后台没有填写服务器 URL');
    }
  });
}

/** What WeChat does not want to tell is no trouble of the set-up. */
async function orWarn(work: () => Promise<Finding>): Promise<Finding> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError) return troubleOf(error, 'warn');
    throw error;
  }
}

async function orNothing<T>(
  work: Promise<T>,
  isHarmless: (error: WechatMpError) => boolean = () => true,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const isExpected = error instanceof WechatMpError && error.family !== 'interrupted';
    if (isExpected && isHarmless(error)) return undefined;
    throw error;
  }
}
