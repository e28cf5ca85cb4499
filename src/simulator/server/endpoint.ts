/**
 * One endpoint, one record. What the platform's documentation says of it (title, quota, example) stands in
 * `core/catalogue` under the same method and path; the record says what the simulator does. From both come the route,
 * the count of the day, the form of the page and what a page has to read again.
 */
import type { Context } from 'hono';
import type { Hono } from 'hono/tiny';
import { own } from '../../core/text/json-value.ts';
import { checkCaller } from '../account/credentials.ts';
import type { AccountsControl } from '../account/new-account.ts';
import type { Platform } from '../account/platform.ts';
import type { Control } from '../control/control.ts';
import type { ControlEvents, FormFill, FormUpload, RequestNote } from '../control/types/index.ts';
import { jsonAnswer } from './answers.ts';
import { Call } from './call.ts';
import type { Eventual } from './traffic.ts';
import type { Part } from './multipart.ts';
import { Refusal } from './refusal.ts';
import type { Requests } from './requests.ts';

/** What is answered where there is nothing to tell. */
export const ok = { errcode: 0, errmsg: 'ok' };

/** What a good call may leave different for a page, by the event that tells it. */
export type Change = keyof Pick<ControlEvents, 'menu' | 'followers' | 'templates' | 'typing'>;

/** What few calls need besides the account's state: the log, the other accounts, the push side. */
export interface World {
  readonly platform: Platform;
  readonly requests: Requests;
  readonly accounts: Pick<AccountsControl, 'logs'>;
  readonly control: Control;
}

/** Something that a call reads: where it stands, and how it is taken from there. */
interface Field<Value = unknown> {
  readonly from: 'query' | 'body' | 'file';
  /** Its name, after those of the objects that it stands in; none for the whole body. */
  readonly at: readonly string[];
  readonly upload?: FormUpload;
  readonly read: (call: Call) => Value;
}

type Reads = Readonly<Record<string, Field>>;
type Values<Fields extends Reads> = { readonly [Name in keyof Fields]: ReturnType<Fields[Name]['read']> };

interface Facts {
  readonly method: 'GET' | 'POST' | 'any';
  readonly path: string;
  /** `own`: the endpoint checks AppSecret, code or web token itself, and counts the call when it has. */
  readonly credential?: 'own';
  /** How the page's form fills a field of this name, where the name alone does not say it. */
  readonly fills?: Readonly<Record<string, FormFill>>;
  readonly changes?: readonly Change[];
}

interface Given<Fields extends Reads> extends Omit<Facts, 'method' | 'path'> {
  /** What the body must be an object for, and what is taken from it and from the query. */
  readonly reads?: Fields;
  /**
   * The answer on the wire: a value for JSON, nothing for `ok`, or a `Response` for anything else. It is synchronous, so
   * that nothing comes between a check and the change it allows: a hundred calls at once keep every counter exact. What
   * only reads may be a promise, and so may work on many people that has been allowed by then.
   */
  readonly answer: (fields: Values<Fields>, platform: Platform, call: Call, world: World) => unknown;
}

export interface Endpoint extends Facts {
  readonly fields: readonly Field[];
  readonly answer: (call: Call, world: World) => unknown;
}

const endpointOf =
  (method: Facts['method']) =>
  <const Fields extends Reads>(path: string, { reads, answer, ...facts }: Given<Fields>): Endpoint => {
    const entries = Object.entries<Field>(reads ?? {});
    return {
      method,
      path,
      ...facts,
      fields: entries.map(([, field]) => field),
      answer(call, world) {
        const values: Record<string, unknown> = {};
        for (const [name, { read }] of entries) values[name] = read(call);
        return answer(values as Values<Fields>, world.platform, call, world);
      },
    };
  };

export const get = endpointOf('GET');
export const post = endpointOf('POST');
/** The platform takes both. */
export const getOrPost = endpointOf('any');

type Named<Name extends string, Value> = Readonly<Record<Name, Field<Value>>>;

function named<Name extends string, Value>(
  names: readonly Name[],
  fieldOf: (name: Name) => Field<Value>,
): Named<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, fieldOf(name)])) as Named<Name, Value>;
}

export function inQuery<Name extends string>(...names: readonly Name[]): Named<Name, string | undefined> {
  return named(names, (name) => ({ from: 'query', at: [name], read: (call) => call.query(name) }));
}

/** Members of the body. Throws what `call.json` throws; what each of them must be is the noun's to say. */
export function inBody<Name extends string>(...names: readonly Name[]): Named<Name, unknown> {
  return named(names, (name) => ({ from: 'body', at: [name], read: (call) => own(call.json(), name) }));
}

export function within<Name extends string>(object: string, ...names: readonly Name[]): Named<Name, unknown> {
  return named(names, (name) => ({
    from: 'body',
    at: [object, name],
    read: (call) => own(own(call.json(), object), name),
  }));
}

/** A member of the body, or of the query where it is there; then there need not be a body. */
export function unlessInQuery<Name extends string>(name: Name): Named<Name, unknown> {
  return named([name], () => ({
    from: 'body',
    at: [name],
    read: (call) => call.query(name) ?? own(call.json(), name),
  }));
}

/** The body as a whole, where the noun reads it. */
export const wholeBody = {
  body: { from: 'body', at: [], read: (call: Call) => call.json() },
} as const satisfies Reads;

/** No page names a limit for messages but that of their texts; a thousand chats of long ones would fill the memory. */
const maxMessageCharacters = 32 * 1024;

/** The body of a call that puts a message into a chat. Throws `tooLong`, and what `call.json` throws. */
export function messageBody(tooLong: number): typeof wholeBody {
  const read = (call: Call): Readonly<Record<string, unknown>> => {
    if (call.text().length > maxMessageCharacters) throw new Refusal(tooLong);
    return call.json();
  };
  return { body: { from: 'body', at: [], read } };
}

/** The file of an upload; it is taken when the answer asks for it, behind other checks. */
export function upload<Name extends string>(
  name: Name,
  form: Omit<FormUpload, 'part'>,
): Named<Name, () => Part> {
  const shown = { part: name, ...form };
  return named([name], () => ({
    from: 'file',
    at: [name],
    upload: shown,
    read: (call) => () => call.file(name),
  }));
}

/** What the platform takes and the simulator has no use for; the form shows it all the same. */
export function unused<Fields extends Reads>(fields: Fields): Named<keyof Fields & string, undefined> {
  const names = Object.keys(fields) as (keyof Fields & string)[];
  return named(names, (name) => ({ from: 'query', at: [name], ...fields[name], read: () => undefined }));
}

/** What a route tells the log about its answer. */
export interface ApiEnv {
  Variables: { note?: RequestNote };
}

export type ApiApp = Hono<ApiEnv>;

/** What a call gets: the checks that all have in common, in the platform's order, then its answer. */
export function answerCall(
  world: World,
  { method, path, credential, answer }: Endpoint,
  request: Request,
  body: Uint8Array<ArrayBuffer>,
): Eventual<Response> {
  const { platform } = world;
  checkMethod(method, request.method);
  const call = new Call(request, body);
  if (credential !== 'own') {
    platform.tokens.check(call.query('access_token'));
    checkCaller(path, call.address, platform);
    platform.quota.count(path);
  }
  const answered = answer(call, world);
  return answered instanceof Promise ? answered.then(answerOf) : answerOf(answered);
}

function answerOf(answered: unknown): Response {
  return answered instanceof Response ? answered : jsonAnswer(answered ?? ok);
}

/** Throws 43002 or 43001. */
function checkMethod(wanted: Endpoint['method'], used: string): void {
  if (wanted === 'any' ? used !== 'GET' && used !== 'POST' : used !== wanted)
    throw new Refusal(wanted === 'GET' ? 43001 : 43002);
}

/** A page that a browser opens, without the checks of calls. */
export interface BrowserPage {
  readonly method: 'GET' | 'POST';
  /** With parameters as the router has them: `/s/:page`. */
  readonly path: string;
  readonly answer: (context: Context<ApiEnv, string>, platform: Platform) => Response | Promise<Response>;
}

export function addPage(app: ApiApp, platform: Platform, { method, path, answer }: BrowserPage): void {
  app.on(method, path, (context) => answer(context, platform));
}
