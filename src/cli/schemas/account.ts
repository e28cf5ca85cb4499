/** Projects, profiles and tokens. */
import { layoutNames } from '../../core/foreign/index.ts';
import {
  anyOf,
  appId,
  flag,
  integer,
  list,
  mapOf,
  object,
  orNull,
  type Schema,
  text,
  time,
  words,
} from './schema.ts';

const source = { source: words('flag', 'environment', 'profile', 'project', 'default'), name: text };
const setting = orNull(object({ value: anyOf(text, integer), ...source }, { file: text }));
const secret = anyOf(
  object({ set: { const: false } }),
  object({ set: { const: true }, characters: integer, ...source }, { file: text }),
);

const nextSteps = list(object({ command: text, why: text }));

export const accountOutputs: Readonly<Record<string, Schema>> = {
  init: object({
    profile: text,
    account: words('add', 'keep', 'simulator'),
    dry_run: flag,
    files: list(object({ path: text, action: words('create', 'replace', 'extend', 'keep') })),
    next: nextSteps,
  }),
  'profile add': object({ profile: text, appid: appId, api_base: text, verified: flag }),
  'profile list': list(
    object({
      name: text,
      appid: orNull(appId),
      api_base: text,
      via: orNull(text),
      default: flag,
      secret: words('missing', 'file', 'relay'),
    }),
  ),
  'profile use': object({ default: text }),
  'profile show': mapOf(anyOf(setting, secret)),
  'profile remove': object({ removed: text }),
  doctor: object({
    ok: flag,
    checks: list(
      object({
        name: text,
        status: words('pass', 'fail', 'warn', 'skip'),
        message: text,
        hint: orNull(text),
        next: nextSteps,
      }),
    ),
  }),
  quota: anyOf(
    object({
      calls: list(
        object(
          {
            path: text,
            daily_limit: orNull(integer),
            used: orNull(integer),
            remain: orNull(integer),
            rate_limit: orNull(object({ call_count: integer, refresh_second: integer })),
          },
          { errcode: integer, errmsg: text },
        ),
      ),
    }),
    object({ reset: flag, dry_run: flag, paths: orNull(list(text)) }),
  ),
  ip: anyOf(
    object({ ip: text, allowed: flag, source: words('errmsg', 'rid') }),
    object({ ip_list: list(text) }),
  ),
  token: anyOf(
    object({
      access_token: text,
      expires_at: orNull(time),
      expires_in: orNull(integer),
      appid: orNull(appId),
      endpoint: text,
      source: text,
    }),
    object(
      { cached: flag, appid: appId },
      {
        endpoint: text,
        obtained_at: time,
        expires_at: time,
        expires_in: integer,
        history: list(object({ at: time, endpoint: text, host: text, pid: integer, token: orNull(text) })),
      },
    ),
    object({ dry_run: { const: true }, replaced: { const: false } }),
    object({ cleared: flag, dry_run: flag, appid: appId }),
    object({
      appid: appId,
      store: text,
      found: list(
        object({
          layout: words(...layoutNames),
          library: text,
          key: text,
          query: text,
          endpoint: orNull(words('stable_token', 'token')),
          codec: orNull(words('plain', 'json', 'php')),
          token: orNull(text),
          expires_at: orNull(time),
          expires_in: orNull(integer),
          problem: orNull(text),
          alive: orNull(flag),
        }),
      ),
      skipped: list(words(...layoutNames)),
    }),
  ),
};
