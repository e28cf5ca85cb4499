/** The message server: handshake, encryption, pushes and replies. */
import { accountTypes } from '../../core/account/index.ts';
import {
  anyOf,
  anything,
  appId,
  flag,
  integer,
  line,
  lines,
  list,
  mapOf,
  number,
  object,
  orNull,
  type Schema,
  text,
  time,
  words,
} from './schema.ts';

const mode = words('plain', 'compat', 'safe');
const format = words('xml', 'json');
const seen = words('reply', 'nothing', 'unavailable');
const problem = { rule: text, severity: words('error', 'warning'), message: text, hint: text };
const status = orNull(integer);

const signature: Schema = { type: 'string', pattern: '^[0-9a-f]{40}$' };

const envelope = { envelope: text, timestamp: text, nonce: text };

const answer = {
  request: object({ url: text, mode, format, message: text }),
  response: orNull(object({ status: integer, ms: integer, content_type: orNull(text), body: text })),
  reply: orNull(mapOf(anything)),
  encrypted: flag,
  valid: flag,
  problems: list(object({ ...problem, field: orNull(text) })),
  user_sees: seen,
  user_sees_text: orNull(text),
};
const attempt = object({ status, ms: integer, cause: orNull(text), reply: orNull(text) });

const comparedCall = { method: words('GET', 'POST'), path: text, case: orNull(text) };
const seenValue = anyOf(text, number, { type: 'null' });

const upstream = object({ status, ms: number }, { error: text });

export const serverOutputs: Readonly<Record<string, Schema>> = {
  'handshake sign': object({ signature, timestamp: text, nonce: text }, { echostr: text, url: text }),
  'handshake check': object({
    ok: flag,
    valid: flag,
    timestamp: text,
    nonce: text,
    mistakes: list(
      object({
        signature: words('signature', 'msg_signature'),
        name: orNull(text),
        message: text,
        hint: text,
      }),
    ),
  }),
  'handshake probe': object({
    ok: flag,
    checks: list(
      object({
        name: text,
        status: words('pass', 'fail', 'warn', 'skip'),
        cause: orNull(text),
        message: text,
        hint: orNull(text),
        http_status: status,
        ms: orNull(integer),
        server_said: orNull(text),
        framework: orNull(text),
        code: orNull(list(text)),
      }),
    ),
    experiments: list(
      object({
        name: text,
        method: words('GET', 'POST'),
        message: text,
        accepted: flag,
        http_status: status,
        ms: integer,
      }),
    ),
  }),
  'crypto encrypt': anyOf(
    object({ ...envelope, encrypt: orNull(text), msg_signature: orNull(signature) }),
    object({ ...envelope, encrypt: text, msg_signature: signature, query: text }, { url: text }),
  ),
  'crypto decrypt': anyOf(
    object({ message: text, appid: text, key: words('current', 'previous') }),
    object({
      ok: flag,
      steps: list(
        object({
          name: text,
          status: words('pass', 'fail', 'warn', 'skip'),
          code: integer,
          mistake: orNull(text),
          message: text,
          hint: orNull(text),
        }),
      ),
      message: orNull(text),
      appid: orNull(text),
      key: orNull(words('current', 'previous')),
    }),
  ),
  'crypto key': object({ encoding_aes_key: { type: 'string', pattern: '^[0-9A-Za-z]{43}$' } }),
  serve: lines(
    line('ready', { url: text, mode: words('auto', 'plain', 'compat', 'safe') }, { public_url: text }),
    line('handshake', { id: text, status: integer, ms: number }, { upstream, echoed: flag }),
    line(
      'message',
      { id: text, msg_type: text, from: text, encrypted: flag, format, repeated: flag, body: text },
      { event: text },
    ),
    line(
      'reply',
      {
        id: text,
        status: integer,
        ms: number,
        msg_type: orNull(text),
        timed_out: flag,
        body: orNull(text),
      },
      { upstream, user_sees: seen, problems: list(object(problem, { field: text })) },
    ),
    line(
      'refused',
      { id: text, status: integer, ms: number, method: orNull(text), reason: text },
      { omitted: integer },
    ),
  ),
  relay: lines(
    line('ready', { url: text, accounts: list(appId), clients: integer, read_only: flag }),
    line(
      'request',
      {
        at: time,
        account: orNull(appId),
        client: orNull(text),
        method: text,
        path: text,
        status: integer,
        errcode: orNull(integer),
        ms: number,
        relay: text,
        repeated: flag,
      },
      { trouble: text },
    ),
  ),
  trigger: anyOf(
    object({
      types: list(
        object({
          type: text,
          kind: words('message', 'event'),
          msg_type: text,
          event: orNull(text),
          title: text,
        }),
      ),
    }),
    object(
      { type: text, ok: flag, ...answer },
      { expected: flag, attempts: list(attempt), deduplicated: orNull(flag), deduplicated_why: text },
    ),
    object(
      {
        ok: flag,
        mode,
        total: integer,
        failed: integer,
        results: list(object({ type: text, ok: flag, ...answer })),
      },
      // Of a run that was interrupted.
      { wanted: integer },
    ),
    object(
      {
        type: text,
        ok: flag,
        total: integer,
        failed: integer,
        took_ms: integer,
        ms: object({ min: integer, p50: integer, p99: integer, max: integer }),
        causes: mapOf(integer),
      },
      // Of a run that was interrupted.
      { wanted: integer, sent: integer },
    ),
    object({
      type: text,
      ok: flag,
      tamper: words('signature', 'body', 'timestamp', 'appid'),
      refused: flag,
      control: object({ taken: flag, status }),
      response: object({ status, ms: integer }),
    }),
    object({
      request: object({
        method: { const: 'POST' },
        url: text,
        mode,
        format,
        headers: mapOf(text),
        body: text,
      }),
    }),
  ),
};

const account = { appid: appId, secret: text, callback_token: text, aes_key: text };
const both = object({ en: text, zh: text });
const fault = object({
  rule: text,
  severity: words('error', 'warning'),
  text: both,
  hint: orNull(both),
  field: orNull(text),
});

export const simulatorOutputs: Readonly<Record<string, Schema>> = {
  simulator: lines(
    line(
      'ready',
      { url: text, ...account },
      {
        accounts: list(object(account)),
        intercept: object({ proxy: text, authority: text, variables: mapOf(text) }),
      },
    ),
    line(
      'request',
      {
        id: integer,
        at: text,
        method: text,
        path: text,
        query: mapOf(text),
        status,
        errcode: orNull(integer),
        body: anything,
        response: anything,
        ms: number,
        user_agent: text,
      },
      { account: appId, host: text, note: text },
    ),
    line(
      'push',
      {
        sample: text,
        id: integer,
        at: text,
        openid: text,
        msg_type: text,
        event: orNull(text),
        event_key: orNull(text),
        state: words('sending', 'answered', 'failed', 'skipped'),
        skipped: orNull(words('no_server', 'paused', 'interrupted')),
        mode,
        format,
        plain: text,
        attempts: list(
          object({
            at: text,
            ms: number,
            url: text,
            headers: mapOf(text),
            body: text,
            signatures: list(anything),
            response: orNull(object({ status: integer, headers: mapOf(text), body: text })),
            failure: orNull(fault),
          }),
        ),
        reply_text: orNull(text),
        reply_encrypted: flag,
        reply: orNull(mapOf(anything)),
        valid: orNull(flag),
        problems: list(fault),
        user_sees: seen,
      },
      { account: appId },
    ),
  ),
  'simulator compare': object({
    ok: flag,
    account_type: words(...accountTypes),
    calls: integer,
    differences: list(
      object({
        ...comparedCall,
        kind: words('status', 'content_type', 'errcode', 'errmsg', 'missing', 'extra', 'type'),
        at: text,
        platform: seenValue,
        simulator: seenValue,
      }),
    ),
    skipped: list(
      object({
        ...comparedCall,
        reason: words('no_facts', 'not_prepared', 'of_the_moment', 'relay', 'not_asked'),
      }),
    ),
  }),
  'simulator wait': object({ url: text, appid: orNull(appId), waited_ms: integer }),
};
