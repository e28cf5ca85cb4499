/** What became of a request (查询 rid 信息): `POST /cgi-bin/openapi/rid/get`, for 7 days and one's own calls. */
import { isObject } from '../core/text/json-value.ts';
import type { Proof } from './answer.ts';
import type { Client } from './client.ts';

/** As the platform kept it; the texts may hold secrets. */
export interface KeptRequest {
  readonly atMs: number | undefined;
  readonly costMs: number | undefined;
  /** Path and query, or the query alone. */
  readonly url: string;
  readonly body: string;
  readonly response: string;
  readonly ip: string;
}

export async function fetchRequest(client: Client, rid: string): Promise<KeptRequest> {
  const path = '/cgi-bin/openapi/rid/get';
  return await client.call({ effect: 'read', method: 'POST', path, body: { rid }, proof: kept });
}

const kept: Proof<KeptRequest> = {
  wanted: { en: '"request"', zh: '“request”' },
  find: ({ fields: { request } }) => {
    if (!isObject(request)) return undefined;
    const { invoke_time: seconds, cost_in_ms: cost } = request;
    const text = (name: string): string => (typeof request[name] === 'string' ? request[name] : '');
    return {
      atMs: typeof seconds === 'number' ? seconds * 1000 : undefined,
      costMs: typeof cost === 'number' ? cost : undefined,
      url: text('request_url'),
      body: text('request_body'),
      response: text('response_body'),
      ip: text('client_ip'),
    };
  },
};
