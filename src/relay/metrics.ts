/** What Prometheus reads, in its text format. Labels are names out of the key file, the catalogue and the accounts alone. */
import type { Text } from '../core/text/text.ts';
import type { RelayAccount } from './account.ts';

/** One request, when its answer is complete. */
export interface RelayRecord {
  readonly atMs: number;
  readonly ms: number;
  readonly method: string;
  /** As the catalogue has it; of any other request as it came, which is a stranger's text. */
  readonly path: string;
  readonly isKnownPath: boolean;
  readonly account: string | undefined;
  readonly client: string | undefined;
  /** 0 where the client went away before its answer. */
  readonly status: number;
  /** The platform's, or what stands in its place in a refusal. */
  readonly errcode: number | undefined;
  /** `passed`, `answered`, `gone`, or the type of a refusal. */
  readonly outcome: string;
  /** What kept the relay from answering well: its store, the platform, the way there. */
  readonly trouble?: Text | undefined;
  /** Sent twice, because the platform refused the first token. */
  readonly isRepeated: boolean;
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #clients = new Map<string, number>();
  readonly #counts = buckets.map(() => 0);
  #seconds = 0;
  #total = 0;
  inFlight = 0;

  add(record: RelayRecord): void {
    const { account = '', client = '', path, isKnownPath, status, errcode, outcome, ms } = record;
    const labels = { account, path: isKnownPath ? path : '', status, errcode: errcode ?? '' };
    count(this.#requests, labels);
    count(this.#clients, { client, outcome });
    this.#total += 1;
    this.#seconds += ms / 1000;
    const at = buckets.findIndex((limit) => ms / 1000 <= limit);
    if (at !== -1) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  format(accounts: readonly RelayAccount[]): string {
    const lines: string[] = [];
    const family = (name: string, type: string, help: string, samples: readonly string[]): void => {
      lines.push(`# HELP ${prefix}${name} ${help}`, `# TYPE ${prefix}${name} ${type}`, ...samples);
    };
    const each = (name: string, map: ReadonlyMap<string, number>): string[] =>
      [...map].map(([labels, value]) => `${prefix}${name}{${labels}} ${value}`);
    const ofAccounts = (name: string, value: (account: RelayAccount) => number | undefined): string[] =>
      accounts.flatMap((account) => {
        const found = value(account);
        return found === undefined
          ? []
          : `${prefix}${name}${format({ account: account.parts.appId })} ${found}`;
      });
    family(
      'requests_total',
      'counter',
      'Requests by account, path of the catalogue, status and errcode.',
      each('requests_total', this.#requests),
    );
    family(
      'client_requests_total',
      'counter',
      'Requests by client and what became of them.',
      each('client_requests_total', this.#clients),
    );
    family('request_duration_seconds', 'histogram', 'Time until an answer was complete.', this.#histogram());
    family('in_flight_requests', 'gauge', 'Requests that are not answered yet.', [
      `${prefix}in_flight_requests ${this.inFlight}`,
    ]);
    family(
      'refused_tokens_total',
      'counter',
      'Answers of the platform that refused the access_token.',
      ofAccounts('refused_tokens_total', ({ counts }) => counts.refused),
    );
    family(
      'token_renewals_total',
      'counter',
      'Refused access_tokens that were replaced by another.',
      ofAccounts('token_renewals_total', ({ counts }) => counts.renewed),
    );
    family(
      'token_expiry_timestamp_seconds',
      'gauge',
      'When the access_token in use ends.',
      ofAccounts('token_expiry_timestamp_seconds', ({ expiresAtMs }) =>
        expiresAtMs === undefined ? undefined : Math.floor(expiresAtMs / 1000),
      ),
    );
    return `${lines.join('\n')}\n`;
  }

  #histogram(): string[] {
    const name = `${prefix}request_duration_seconds`;
    let sum = 0;
    const lines = buckets.map(
      (limit, at) => `${name}_bucket{le="${limit}"} ${(sum += this.#counts[at] ?? 0)}`,
    );
    return [
      ...lines,
      `${name}_bucket{le="+Inf"} ${this.#total}`,
      `${name}_sum ${this.#seconds}`,
      `${name}_count ${this.#total}`,
    ];
  }
}

const prefix = 'wechat_mp_relay_';

type Labels = Readonly<Record<string, string | number>>;

function count(map: Map<string, number>, labels: Labels): void {
  const key = format(labels).slice(1, -1);
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** None of the values has a character that would need escaping. */
function format(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}
