/** What the platform itself says about the configured callback URL (网络通信检测). */
import type { CallbackReach } from '../core/callback/index.ts';
import { isObject } from '../core/text/json-value.ts';
import type { Proof } from './answer.ts';
import type { Client } from './client.ts';

/**
 * 网络通信检测: `POST /cgi-bin/callback/check`. The platform resolves and pings the URL that is saved in the console,
 * whatever URL that is. Throws `PlatformError` 40201 where none is saved.
 */
export async function checkCallback(client: Client): Promise<CallbackReach> {
  return await client.call({
    effect: 'read',
    method: 'POST',
    path: '/cgi-bin/callback/check',
    body: { action: 'all', check_operator: 'DEFAULT' },
    proof: reach,
  });
}

const reach: Proof<CallbackReach> = {
  wanted: { en: 'a "dns" or a "ping" list', zh: '“dns”或“ping”列表' },
  find: ({ fields: { dns, ping } }) => {
    if (!Array.isArray(dns) && !Array.isArray(ping)) return undefined;
    return {
      addresses: list(dns).map((entry) => word(entry, 'ip')),
      pings: list(ping).map((entry) => ({
        ip: word(entry, 'ip'),
        from: word(entry, 'from_operator'),
        loss: word(entry, 'package_loss'),
        time: word(entry, 'time'),
      })),
    };
  },
};

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function word(entry: Readonly<Record<string, unknown>>, name: string): string {
  const found = entry[name];
  return typeof found === 'string' ? found : '';
}
