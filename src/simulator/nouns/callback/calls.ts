/** 网络通信检测: whether the platform reaches the developer's server. */
import { appendQuery, digitsOf, signUrl } from '../../../core/callback/index.ts';
import type { Control } from '../../control/control.ts';
import { inBody, post } from '../../server/endpoint.ts';
import { exchangeWith } from '../../push/index.ts';
import { Refusal } from '../../server/refusal.ts';

const actions = ['dns', 'ping', 'all'];
/** 中国电信, 中国联通, 腾讯自建, and whichever the platform likes. */
const operators = ['CHINANET', 'UNICOM', 'CAP', 'DEFAULT'];

export const calls = [
  post('/cgi-bin/callback/check', {
    reads: inBody('action', 'check_operator'),
    async answer({ action, check_operator: given }, _platform, _call, { control }) {
      const operator = given ?? 'DEFAULT';
      if (typeof action !== 'string' || !actions.includes(action)) throw new Refusal(40202);
      if (typeof operator !== 'string' || !operators.includes(operator)) throw new Refusal(40203);
      const { url } = control.config.settings();
      if (url === undefined) throw new Refusal(40201);
      const ip = addressOf(new URL(url).hostname);
      const from = operator === 'DEFAULT' ? 'CAP' : operator;
      return {
        ...(action !== 'ping' && { dns: ip === undefined ? [] : [{ ip, real_operator: from }] }),
        ...(action !== 'dns' && { ping: ip === undefined ? [] : [await ping(control, url, ip, from)] }),
      };
    },
  }),
];

/**
 * What needs no look-up: an address, and the names of this machine. The simulator resolves no other name; nothing is
 * known of such a host then, and nothing is said about it.
 */
function addressOf(hostname: string): string | undefined {
  if (/^(?:localhost|.*\.localhost)$/i.test(hostname)) return '127.0.0.1';
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname)) return hostname;
  return /^\[([0-9a-f:.]+)\]$/i.exec(hostname)?.[1];
}

/** A handshake, which every server takes without doing anything; whatever it answers, it has been reached. */
async function ping(control: Control, url: string, ip: string, operator: string): Promise<unknown> {
  const { openFetch, clock, signal, config } = control;
  const random = control.maker().delivery;
  const timestamp = String(Math.floor(clock.now() / 1000));
  const nonce = digitsOf(random.bytes(9));
  const query = {
    signature: signUrl(config.settings().callbackToken, timestamp, nonce),
    echostr: digitsOf(random.bytes(19)),
    timestamp,
    nonce,
  };
  const fetch = await openFetch();
  const { response, ms } = await exchangeWith(
    { fetch, clock, signal },
    { method: 'GET', url: appendQuery(url, query) },
  );
  return {
    ip,
    from_operator: operator,
    package_loss: response === undefined ? '100%' : '0%',
    time: response === undefined ? '' : `${ms.toFixed(3)}ms`,
  };
}
