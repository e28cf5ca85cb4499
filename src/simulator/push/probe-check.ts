/** One check of `handshake probe`, and what it needs. */
import {
  adviseFramework,
  type FrameworkAdvice,
  type ProbeCause,
  type ProbeFinding,
  serverWords,
} from '../../core/diagnosis/index.ts';
import type { Text } from '../../core/text/text.ts';
import type { Clock, Fetch, Random } from '../../io/ports.ts';
import type { ServerExchange } from './exchange.ts';

export interface ProbeCheck {
  /** Stable name in snake_case. */
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'warn' | 'skip';
  readonly cause: ProbeCause | undefined;
  readonly text: Text;
  readonly hint?: Text | undefined;
  readonly httpStatus?: number | undefined;
  readonly ms?: number | undefined;
  /** What the server itself says about a failure. From outside, and perhaps with secrets in it. */
  readonly serverSaid?: string | undefined;
  /** What there is to change in the framework that gave the answer. */
  readonly advice?: FrameworkAdvice | undefined;
  /** Whether an answer came that is a refusal, rather than the right one in a wrong form. */
  readonly refused?: boolean;
  readonly exchange?: ServerExchange;
}

export interface ProbeOptions {
  /** The URL as it stands in the console（服务器配置）. */
  readonly url: string;
  readonly callbackToken: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
}

/** Refusals whose page has more to say than its status. */
const worded: ReadonlySet<string> = new Set(
  'forbidden csrf status html body_parser body_limit upstream_unreachable upstream_timeout'.split(' '),
);

export function failed(
  name: string,
  finding: ProbeFinding,
  exchange: ServerExchange,
  consumed = false,
): ProbeCheck {
  const { response, ms, url } = exchange;
  const common = { name, status: 'fail', ...finding, httpStatus: response?.status, ms, exchange } as const;
  if (response === undefined) return common;
  const { cause } = finding;
  // What stands in the way of a message does not matter to a GET.
  const isAdvised = name.startsWith('post_') || cause.startsWith('upstream_');
  const serverSaid = worded.has(cause) ? serverWords(response.body) : '';
  return {
    ...common,
    serverSaid: serverSaid === '' ? undefined : serverSaid,
    advice: isAdvised ? adviseFramework(response, { cause, url, consumed }) : undefined,
  };
}
