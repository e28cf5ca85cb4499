/** A simulator in this process as the platform of the tool: no port, no waiting. */
import type { Fetch } from '../../src/io/ports.ts';
import { ConnectionDropped } from '../../src/simulator/server/faults/faults.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { networkError } from './fake-fetch.ts';

export const simulatorBase = 'http://127.0.0.1:8090';

/** What `simulator -- command` sets. */
export function accountOf({ account }: Simulator): Record<string, string> {
  return {
    WECHAT_MP_API_BASE: simulatorBase,
    WECHAT_MP_APPID: account.appId,
    WECHAT_MP_APPSECRET: account.secret,
    WECHAT_MP_CALLBACK_TOKEN: account.callbackToken,
    WECHAT_MP_AES_KEY: account.encodingAESKey,
  };
}

/** An HTTP client whose every request goes to this simulator. */
export function throughSimulator(simulator: Simulator): Fetch {
  return async ({ method, url, headers, body }) => {
    try {
      const response = await simulator.fetch(
        new Request(url, {
          method,
          headers: { ...headers },
          ...(body === undefined ? {} : { body }),
        } as RequestInit),
      );
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      };
    } catch (error) {
      if (error instanceof ConnectionDropped) throw networkError('reset', true);
      throw error;
    }
  };
}
