/**
 * The client of the platform's API (服务端 API): one exchange after another, each decoded, retried where that is safe,
 * with the access token added and replaced once when it turned out to be dead.
 */
import { baseOfHost, isLoopbackHost } from '../core/account/index.ts';
import { BUSY_CODES, DEAD_TOKEN_CODES } from '../core/errcode/index.ts';
import { WechatMpError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import type { Clock, Fetch, HttpRequest, Random } from '../io/ports.ts';
import {
  type Outcome,
  type Proof,
  readAnswer,
  readOutcome,
  readRawAnswer,
  unexpectedAnswer,
} from './answer.ts';
import { type Effect, mayRepeat, unknownOutcome } from './repeat.ts';
import { checkTokenOrigin } from './simulator-token.ts';

interface ProvidedToken {
  readonly value: string;
  /** Where another library keeps it, for people. */
  readonly place?: string;
}

/** Where access tokens come from; `TokenSource` is one. */
export interface TokenProvider {
  get(): Promise<ProvidedToken>;
  /** Replaces the token only if the failed one is still the current one. */
  renew(failed: string): Promise<ProvidedToken>;
}

export interface ClientOptions {
  readonly fetch: Fetch;
  /** As `parseApiBase` gives it. */
  readonly apiBase: string;
  /** Milliseconds for a call with all its repetitions and pauses. The time for a token is the token source's own. */
  readonly timeoutMs: number;
  /** Missing in a client that only fetches tokens, and where a relay puts them in. */
  readonly tokens?: TokenProvider | undefined;
  /** The name of the relay that `fetch` sends through, for messages. */
  readonly relay?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  /** One line per exchange, without query and body. */
  readonly debug: (line: string) => void;
  /** Told once, when the server says that it is the simulator. */
  readonly onSimulator?: ((url: string) => void) | undefined;
  /** For error messages. */
  readonly appId?: string | undefined;
}

/**
 * One call of the platform. Whether it changes anything and what proves that it was answered, are stated here and
 * nowhere else: a change whose proof is missing is never reported as made.
 */
export type Call<T> = Effect & {
  readonly method: 'GET' | 'POST';
  /** Begins with a slash; appended to the API base. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** A value is sent as raw UTF-8 JSON; text and bytes are sent as they are. */
  readonly body?: unknown;
  /** Of text and bytes; JSON by default. */
  readonly contentType?: string;
  readonly proof: Proof<T>;
  /** Whether the access token is added to the query. `true` by default. */
  readonly token?: boolean;
  /** Bytes instead of JSON are wanted; statuses below 500 that are no redirects are the proof's to judge. */
  readonly raw?: boolean;
  /** Another host of the platform, such as that of `showqrcode`. */
  readonly host?: string;
  /** More bytes than this in the answer are an error; `MAX_ANSWER_BYTES` by default. */
  readonly maxBytes?: number;
  /** Secrets in the query or body, so that an answer that repeats them is not shown. */
  readonly secrets?: readonly string[];
  /** Ends this call only. */
  readonly signal?: AbortSignal | undefined;
};

export interface Client {
  readonly apiBase: string;
  /** Resolves with what the proof found. Throws `PlatformError` for a refusal, else family `network` or `account`. */
  call<T>(call: Call<T>): Promise<T>;
}

/** More than any answer of the platform in JSON, and than any of its QR pictures. */
export const MAX_ANSWER_BYTES = 1_048_576;
/** Two repetitions: three exchanges in all. */
const MAX_REPETITIONS = 2;
/** Full jitter between these, so that many clients do not come back at the same moment. */
const MIN_DELAY_MS = 200;
const MAX_DELAY_MS = 1000;
/** An exchange that would get less than this part of its time would only hide the true error behind a timeout. */
const MIN_TIME_SHARE = 0.25;

/** Makes the client for one API base and account. */
export function createClient(options: ClientOptions): Client {
  return new HttpClient(options);
}

/** A call on its way: the token it carries, and when its time is over on the monotonic clock. */
interface Trip<T> {
  readonly call: Call<T>;
  readonly token: string | undefined;
  readonly endsAtMs: number;
}

type Result<T> = { readonly outcome: Outcome } & (
  | { readonly ok: true; readonly value: T }
  /** What the headers say: of a simulator, and of the trouble that a relay itself has had. */
  | { readonly ok: false; readonly simulated: string | undefined; readonly met: string | undefined }
);

class HttpClient implements Client {
  readonly apiBase: string;
  readonly #options: ClientOptions;
  #simulatorSeen = false;

  constructor(options: ClientOptions) {
    this.apiBase = options.apiBase;
    this.#options = options;
  }

  async call<T>(call: Call<T>): Promise<T> {
    const { clock, timeoutMs, relay } = this.#options;
    const token =
      call.token === false || relay !== undefined ? undefined : await this.#token((tokens) => tokens.get());
    const trip: Trip<T> = { call, token, endsAtMs: clock.monotonic() + timeoutMs };
    let result = await this.#repeat(trip);
    let confirmed = false;
    if (token !== undefined && DEAD_TOKEN_CODES.has(result.outcome.errcode)) {
      // The platform checks the token before anything else, so nothing was done and a write may be repeated, too.
      const { outcome } = result;
      const askedAtMs = clock.monotonic();
      const renewed = await this.#token((tokens) => tokens.renew(token)).catch((error: unknown) => {
        throw withAnswer(error, outcome);
      });
      // Also where it is the same: one refused call proves nothing about a token that was confirmed a moment ago.
      const endsAtMs = trip.endsAtMs + clock.monotonic() - askedAtMs;
      result = await this.#repeat({ call, token: renewed, endsAtMs });
      confirmed = renewed === token && DEAD_TOKEN_CODES.has(result.outcome.errcode);
    }
    if (!result.ok) {
      const { outcome, simulated, met } = result;
      // Quirk: 40001 is said of a wrong AppSecret and of a dead token; which call has met it decides.
      const refused = met === 'invalid_appsecret' ? { ...call, path: '/cgi-bin/token' } : call;
      throw await this.#refusal(refused, outcome, { confirmed, notSimulated: simulated === 'none' });
    }
    return result.value;
  }

  async #token(ask: (tokens: TokenProvider) => Promise<ProvidedToken>): Promise<string> {
    const { tokens, apiBase } = this.#options;
    if (tokens === undefined) throw new TypeError('client.call() needs a token source for this path');
    const { value, place } = await ask(tokens);
    checkTokenOrigin(value, apiBase, place);
    return value;
  }

  /** Exchanges until there is a result, or an error that no repetition can help. */
  async #repeat<T>(trip: Trip<T>): Promise<Result<T>> {
    const { call } = trip;
    for (let repetition = 0; ; repetition += 1) {
      const mayWait = repetition < MAX_REPETITIONS;
      try {
        const result = await this.#exchange(trip);
        const isBusy = BUSY_CODES.has(result.outcome.errcode) && call.effect === 'read';
        if (!isBusy || !mayWait || !(await this.#pause(trip))) return result;
      } catch (error) {
        if (!(error instanceof WechatMpError)) throw error;
        if (mayWait && mayRepeat(error, call) && (await this.#pause(trip))) continue;
        throw unknownOutcome(error, call);
      }
    }
  }

  /** Waits before a repetition. `false` when too little time would be left. */
  async #pause<T>({ call, endsAtMs }: Trip<T>): Promise<boolean> {
    const { clock, random, timeoutMs } = this.#options;
    const [byte = 0] = random.bytes(1);
    const delayMs = MIN_DELAY_MS + (byte / 255) * (MAX_DELAY_MS - MIN_DELAY_MS);
    if (clock.monotonic() + delayMs + timeoutMs * MIN_TIME_SHARE > endsAtMs) return false;
    await clock.sleep(delayMs, this.#signal(call));
    return true;
  }

  async #exchange<T>(trip: Trip<T>): Promise<Result<T>> {
    const { fetch, clock, debug } = this.#options;
    const { call, token } = trip;
    const url = this.#url(trip);
    const request = this.#request(trip, url);
    const startedAtMs = clock.monotonic();
    const name = `${call.method} ${url.origin}${url.pathname}`;
    const response = await fetch(request).catch((error: unknown) => {
      debug(
        `${name} → ${error instanceof WechatMpError ? error.type : 'error'} after ${took(clock, startedAtMs)}`,
      );
      throw error;
    });
    debug(`${name} → ${response.status} in ${took(clock, startedAtMs)}, ${response.body.length} bytes`);
    this.#noteSimulator(response.headers['server']);
    const context = {
      host: url.host,
      secrets: [...(call.secrets ?? []), ...(token === undefined ? [] : [token])],
    };
    const answer = call.raw === true ? readRawAnswer(response, context) : readAnswer(response, context);
    const outcome = readOutcome(answer, context);
    if (outcome.errcode !== 0) {
      const { 'x-simulated': simulated, 'wechat-mp-relay': met } = answer.headers;
      return { outcome, ok: false, simulated, met };
    }
    const value = call.proof.find(answer);
    if (value === undefined) throw unexpectedAnswer(context.host, call.proof.wanted);
    return { outcome, ok: true, value };
  }

  #request<T>({ call, endsAtMs }: Trip<T>, url: URL): HttpRequest {
    const { clock } = this.#options;
    const isBare = call.body === undefined;
    const isBinary = typeof call.body === 'string' || call.body instanceof Uint8Array;
    return {
      method: call.method,
      url: url.href,
      headers: {
        'user-agent': 'wechat-mp-cli',
        ...defined({ 'content-type': isBare ? undefined : (call.contentType ?? 'application/json') }),
      },
      // Quirk: a body with \uXXXX is refused with 40033. JSON.stringify writes Chinese as it is.
      ...defined({ body: isBare || isBinary ? call.body : JSON.stringify(call.body) }),
      timeoutMs: Math.max(1, endsAtMs - clock.monotonic()),
      maxBytes: call.maxBytes ?? MAX_ANSWER_BYTES,
      signal: this.#signal(call),
    };
  }

  /** Quirk: the token goes into the query, and nowhere else; it must be escaped there. */
  #url<T>({ call, token }: Trip<T>): URL {
    // Without the slash, "@example.com" would turn the API's host into a user name.
    if (!call.path.startsWith('/')) throw new TypeError('client.call() needs a path that begins with "/"');
    const base = call.host === undefined ? this.apiBase : baseOfHost(this.apiBase, call.host);
    const url = new URL(`${base}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    if (token !== undefined) url.searchParams.set('access_token', token);
    return url;
  }

  #signal(call: Pick<Call<unknown>, 'signal'>): AbortSignal | undefined {
    const signals = [this.#options.signal, call.signal].filter((signal) => signal !== undefined);
    return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  }

  #noteSimulator(server: string | undefined): void {
    if (this.#simulatorSeen || server !== 'wechat-mp-simulator') return;
    this.#simulatorSeen = true;
    this.#options.onSimulator?.(this.apiBase);
  }

  async #refusal(
    { path, token, secrets }: Pick<Call<unknown>, 'path' | 'token' | 'secrets'>,
    outcome: Outcome,
    circumstances: { readonly confirmed: boolean; readonly notSimulated: boolean },
  ): Promise<WechatMpError> {
    const { relay } = this.#options;
    const { host, hostname } = new URL(this.apiBase);
    const { platformError } = await import('./platform-error.ts');
    return await platformError({
      ...outcome,
      ...circumstances,
      path,
      appId: this.#options.appId,
      // What a call sends in place of a token is the AppSecret.
      appSecret: token === false ? secrets?.[0] : undefined,
      relay,
      apiHost: isLoopbackHost(hostname) && relay === undefined ? host : undefined,
      simulator: this.#simulatorSeen && relay === undefined ? this.apiBase : undefined,
    });
  }
}

/** An error on the way to a new token, with what the platform said about the old one: its words are always kept. */
function withAnswer(error: unknown, { errcode, errmsg }: Outcome): unknown {
  if (!(error instanceof WechatMpError) || error.family !== 'account' || error.facts.errcode !== undefined)
    return error;
  const { family, type, text, hint, details, retryable, cause } = error;
  const facts = { errcode, errmsg, ...error.facts };
  return new WechatMpError({ family, type, text, hint, details, retryable, facts, cause });
}

function took(clock: Clock, sinceMs: number): string {
  return `${Math.round(clock.monotonic() - sinceMs)} ms`;
}
