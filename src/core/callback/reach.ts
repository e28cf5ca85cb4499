/** What the platform says about the way to the callback URL that is saved in the console（网络通信检测）. */
import type { Text } from '../text/text.ts';

export interface CallbackReach {
  /** Addresses that the platform's resolvers found. */
  readonly addresses: readonly string[];
  /** One entry for each address and network that was tried. */
  readonly pings: readonly {
    readonly ip: string;
    /** The network, as the platform names it: `CHINANET`, `UNICOM`, `CAP`. */
    readonly from: string;
    /** Percent, as written by the platform: `0%`. */
    readonly loss: string;
    /** As written by the platform: `23.079ms`. */
    readonly time: string;
  }[];
}

interface ReachVerdict {
  readonly status: 'pass' | 'warn' | 'fail';
  readonly text: Text;
  readonly hint?: Text;
}

export function judgeReach({ addresses, pings }: CallbackReach): ReachVerdict {
  const lost = pings.filter(({ loss }) => loss === '100%');
  const shown = addresses.join(', ');
  if (addresses.length === 0) {
    return {
      status: 'fail',
      text: {
        en: 'WeChat cannot resolve the host of the URL in the console',
        zh: '微信无法解析后台所填 URL 的域名',
      },
      hint: { en: 'Check the DNS records of the host', zh: '请检查域名的 DNS 记录' },
    };
  }
  if (lost.length > 0 && lost.length === pings.length) {
    return {
      // Many hosts answer no pings, and are reached all the same.
      status: 'warn',
      text: {
        en: `WeChat resolves the host in the console to ${shown}, but no ping comes back`,
        zh: `微信将后台所填域名解析为 ${shown}，但 ping 不通`,
      },
      hint: {
        en: 'If pings are not blocked on purpose, check firewall and security group',
        zh: '若未有意禁止 ping，请检查防火墙和安全组',
      },
    };
  }
  const times = pings.map(({ from, time }) => `${from} ${time}`).join(', ');
  return {
    status: 'pass',
    text: {
      en: `WeChat reaches the host in the console: ${shown}${times === '' ? '' : ` (${times})`}`,
      zh: `微信可以访问后台所填的主机：${shown}${times === '' ? '' : `（${times}）`}`,
    },
  };
}
