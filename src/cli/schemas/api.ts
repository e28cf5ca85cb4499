/** Calls of the platform. */
import {
  about,
  anyOf,
  anything,
  flag,
  integer,
  list,
  mapOf,
  number,
  object,
  orNull,
  type Schema,
  text,
  words,
} from './schema.ts';

const method = words('GET', 'POST');
const effect = words('read', 'write', 'reaches_people', 'irreversible');
const summary = { method, path: text, name: text, title: text, title_zh: text, effect, group: text };

const parameter = object(
  {
    in: words('query', 'part', 'body'),
    name: text,
    type: words('string', 'number', 'boolean', 'object', 'array', 'file'),
    required: orNull(flag),
  },
  {
    fixed: text,
    bytes: integer,
    characters: integer,
    items: integer,
    least: integer,
    min: number,
    max: number,
    values: list(text),
    form: text,
    types: list(text),
    kinds: mapOf(object({ bytes: integer, types: list(text) })),
    sure: flag,
  },
);

const described = object({
  ...summary,
  host: text,
  token: anyOf(flag, { const: 'web' }),
  body: orNull(words('json', 'multipart', 'raw')),
  answers: words('json', 'file', 'page'),
  withdrawn: flag,
  replaced_by: orNull(text),
  callers: list(text),
  quota: orNull(object({ day: orNull(integer), test_day: orNull(integer), month: orNull(integer) })),
  parameters: list(parameter),
  body_example: anything,
  response_example: anything,
  doc: orNull(object({ html: text, md: orNull(text) })),
  command: orNull(text),
});

export const apiOutputs: Readonly<Record<string, Schema>> = {
  api: anyOf(
    about('--list', object({ calls: list(object(summary)) })),
    about('--describe', object({ calls: list(described) })),
    about(
      '--dry-run',
      object({
        dry_run: { const: true },
        method,
        url: text,
        query: mapOf(text),
        body: orNull(text),
        parts: list(text),
        effect,
        curl: text,
      }),
    ),
    about('--out', object({ file: text, bytes: integer, content_type: text })),
    about('--include', object({ status: integer, headers: mapOf(text), body: anything })),
    about('The answer as it came; with --paginate a list, with --example a body', anything),
  ),
};
