/** The row about the developer's own server: it is verified as the console does. */
import { judgeCallbackAddress } from '../../../core/callback/index.ts';
import { type Check, type Finding, troubleOf } from '../../../core/doctor/index.ts';
import { probeHandshake } from '../../../simulator/push/index.ts';
import { missingCallbackToken } from '../../settings/account-trouble.ts';
import { openDeveloperFetch } from '../../shared/developer-server.ts';
import { requireLoopback } from '../../shared/outgoing.ts';
import { pass, skip, type World } from './world.ts';

export const callbackCheck: Check<World> = {
  name: 'callback',
  needs: ['callback_secrets'],
  online: true,
  async look(world) {
    const { settings, url: given } = world;
    const { project } = settings;
    const url = given ?? project?.triggerTo;
    if (url === undefined)
      return skip(
        'The URL of your server is not known here: give it with --url',
        '未知服务器 URL：可用 --url 指定',
      );
    const token = await settings.callbackToken();
    if (token === undefined)
      return { ...troubleOf(missingCallbackToken()), status: given === undefined ? 'skip' : 'fail' };
    if (given === undefined) requireLoopback(url, '--url', project?.path ?? '');
    return await probe(world, url, token.value);
  },
};

async function probe({ context, url: given }: World, url: string, callbackToken: string): Promise<Finding> {
  const { clock, random } = context.io;
  const address = judgeCallbackAddress(url);
  if (address.kind === 'refused') return { status: 'fail', text: address.text, hint: address.hint };
  const fetch = await openDeveloperFetch(context, '--url');
  const signal = context.io.interruption();
  const checks = await probeHandshake({ url, callbackToken, fetch, clock, random, signal });
  const first =
    checks.find(({ status }) => status === 'fail') ?? checks.find(({ status }) => status === 'warn');
  if (first === undefined) {
    return pass(
      `${url} answers the verification, and nothing without a right signature`,
      `${url} 能正确应答接入验证，签名不符时不应答`,
    );
  }
  // What a project file names is a server of development, which need not run.
  if (first.cause === 'refused' && given === undefined)
    return skip(`Nothing listens at ${url}`, `${url} 无人监听`);
  const { status, text, hint } = first;
  return {
    status,
    text: { en: `${url}: ${text.en}`, zh: `${url}：${text.zh}` },
    hint,
    next: [
      { command: `wechat-mp handshake probe ${quoted(url)}`, why: { en: 'tells more', zh: '查看详情' } },
    ],
  };
}

/** As a shell takes it: a query has characters that mean something there. */
function quoted(url: string): string {
  return /^[\w:/.-]+$/.test(url) ? url : `'${url.replaceAll("'", '%27')}'`;
}
