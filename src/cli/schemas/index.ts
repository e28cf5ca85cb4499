/** What each command prints with `--json`, as JSON Schemas: for `help --json`, for editors and scripts, and for the tests. */
import { accountOutputs } from './account.ts';
import { apiOutputs } from './api.ts';
import { menuOutputs } from './menu.ts';
import { pageOutputs } from './page.ts';
import { qrOutputs } from './qr.ts';
import {
  anyOf,
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
import { serverOutputs, simulatorOutputs } from './server.ts';

const named = object(
  { flags: list(text), summary: text },
  { value: text, choices: list(text), repeatable: flag },
);

const describedCommand = object({
  path: list(text),
  summary: text,
  arguments: list(
    object(
      { name: text, summary: text, required: flag, repeatable: flag },
      { choices: list(text), after: text },
    ),
  ),
  options: list(named),
  examples: list(object({ command: text, summary: text })),
  output: object({}),
  exit_codes: mapOf(text),
  effect: words('none', 'local', 'remote'),
  confirmation: orNull(object({ option: text, when: text })),
});

const names = object({}, { type: text, en: text, zh: text, errmsg: text, official: text });
const code = anyOf(integer, text);
const explanation = {
  ok: flag,
  kind: orNull(words('errcode', 'error_type', 'exit_code', 'http', 'page', 'jssdk', 'rid')),
  code: orNull(code),
  names,
  causes: list(text),
  fixes: list(text),
  where: orNull(text),
  docs: list(text),
  exit_code: orNull(integer),
  next: list(object({ command: text, why: text })),
};

/** By the words of the command: `menu push`. Every command has one; a test fails for one that has not. */
export const outputSchemas: Readonly<Record<string, Schema>> = {
  ...accountOutputs,
  ...apiOutputs,
  ...menuOutputs,
  ...qrOutputs,
  ...pageOutputs,
  ...serverOutputs,
  ...simulatorOutputs,
  explain: anyOf(
    object(explanation, {
      ip: text,
      rid: text,
      at: time,
      request: object({
        at: orNull(time),
        cost_ms: orNull(integer),
        ip: text,
        url: text,
        body: text,
        response: text,
      }),
      path: text,
      callers: list(text),
      others: list(object(explanation)),
      nearest: list(object({ kind: text, code, names })),
    }),
    object({ ok: flag, codes: list(object({ kind: text, code, names })) }),
  ),
  completion: object({ shell: text, script: text }),
  'skill print': object({ text }),
  'skill install': object({ file: text }),
  help: anyOf(
    object({
      version: text,
      commands: list(describedCommand),
      global_options: list(named),
      exit_codes: mapOf(text),
      error_types: list(object({ type: text, exit_code: integer }, { errcodes: list(integer) })),
      variables: list(object({ name: text, summary: text })),
    }),
    object({ topic: text, text }),
  ),
};

/** The last line of stderr where something went wrong. */
export const errorSchema: Schema = object({
  error: object(
    { code: integer, type: text, message: text, retryable: flag },
    {
      errcode: integer,
      errmsg: text,
      rid: text,
      details: list(text),
      hint: text,
      next: list(object({ command: text, why: text })),
    },
  ),
});
