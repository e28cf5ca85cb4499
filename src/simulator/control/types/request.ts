/** The traffic log, as JSON; a part of `types/index.ts`. */

/** Why an answer is not the platform's ordinary one. */
export type RequestNote =
  'not_simulated' | 'example' | 'unknown_path' | 'chunked' | 'fault' | 'dropped' | 'failed';

/** One exchange, as `GET /_ctl/requests` and the log show it. */
export interface RequestRecord {
  /** Grows with the time of arrival. */
  readonly id: number;
  /** The AppID, where the simulator has several accounts. */
  readonly account?: string;
  /** Time of arrival by the simulated clock, ISO 8601 UTC. */
  readonly at: string;
  readonly method: string;
  /** The platform's host, where the call was made to a real address: `api.weixin.qq.com`. */
  readonly host?: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** `null` when the connection was dropped without an answer. */
  readonly status: number | null;
  /** `null` when the answer has none. */
  readonly errcode: number | null;
  /** A JSON value, or text; `null` when there was none. */
  readonly body: unknown;
  readonly response: unknown;
  readonly note?: RequestNote;
  /** How long the answer took, in milliseconds, with the delay of a fault. */
  readonly ms: number;
  /** Who asked: the header `User-Agent`, and nothing where there is none. */
  readonly user_agent: string;
}
