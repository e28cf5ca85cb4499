/** `handshake probe --console`: what the platform says about the URL that is saved in the console, as a check. */
import { checkCallback } from '../../../api/callback.ts';
import type { CallbackReach } from '../../../api/callback.ts';
import type { Client } from '../../../api/client.ts';
import { WechatMpError } from '../../../core/errors.ts';
import type { ProbeCheck } from '../../../simulator/push/probe-check.ts';

/** A refusal of the platform is a check that failed or could not be made; an interruption is thrown. */
export async function probeConsole(client: Client): Promise<ProbeCheck> {
  try {
    return judge(await checkCallback(client));
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    // 40201 is an answer about the URL; everything else, such as an IP that is not allowed, is about the question.
    const status = error.facts.errcode === 40201 ? 'fail' : 'warn';
    return { name: 'console', status, cause: 'other', text: error.text, hint: error.hint };
  }
}

function judge({ addresses, pings }: CallbackReach): ProbeCheck {
  const lost = pings.filter(({ loss }) => loss === '100%');
  const shown = addresses.join(', ');
  if (addresses.length === 0) {
    return {
      name: 'console',
      status: 'fail',
      cause: 'other',
      text: {
        en: 'WeChat cannot resolve the host of the URL in the console',
        zh: '微信无法解析后台所填 URL 的域名',
      },
      hint: { en: 'Check the DNS records of the host', zh: '请检查域名的 DNS 记录' },
    };
  }
  if (lost.length > 0 && lost.length === pings.length) {
    return {
      name: 'console',
      // Many hosts answer no pings, and are reached all the same.
      status: 'warn',
      cause: 'other',
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
    name: 'console',
    status: 'pass',
    cause: undefined,
    text: {
      en: `WeChat reaches the host in the console: ${shown}${times === '' ? '' : ` (${times})`}`,
      zh: `微信可以访问后台所填的主机：${shown}${times === '' ? '' : `（${times}）`}`,
    },
  };
}
