/** QR codes with a scene（带参数二维码）. */
import {
  anyOf,
  flag,
  integer,
  line,
  lines,
  list,
  number,
  object,
  orNull,
  type Schema,
  text,
  time,
  words,
} from './schema.ts';

const scene = { scene_id: integer, scene_str: text };
const row = { line: integer, name: text };
const code = {
  ...row,
  permanent: flag,
  expire_seconds: orNull(integer),
  ticket: text,
  url: text,
  created_at: time,
  expires_at: orNull(time),
  file: text,
  bytes: orNull(integer),
  sha256: orNull(text),
};
const unknown = { ...row, permanent: flag, asked_at: time, reason: text };

export const qrOutputs: Readonly<Record<string, Schema>> = {
  'qr create': anyOf(
    object(
      {
        ticket: text,
        url: text,
        permanent: flag,
        expires_at: orNull(time),
        file: orNull(text),
        bytes: orNull(integer),
      },
      scene,
    ),
    object({ dry_run: { const: true }, permanent: flag }, scene),
  ),
  'qr batch': lines(
    line('ready', { rows: integer, to_make: integer, valid: integer, out_dir: text }),
    line('code', code, scene),
    line('unknown', unknown, scene),
    line('failure', { ...row, error: text, message: text }, { ...scene, errcode: integer }),
    line('unknown', { ...row, error: text, message: text }, { ...scene, errcode: integer }),
    line('plan', { action: words('create', 'image'), ...row, permanent: flag, file: text }, scene),
    line('plan', { action: { const: 'unknown' }, ...unknown }, scene),
    line(
      'plan',
      { action: { const: 'left_over' }, ...row, permanent: flag, file: text },
      { ...code, ...scene },
    ),
    line('summary', {
      dry_run: { const: true },
      rows: integer,
      create: integer,
      image: integer,
      valid: integer,
      unknown: integer,
      left_over: integer,
    }),
    line('summary', {
      rows: integer,
      made: integer,
      valid: integer,
      failed: integer,
      unknown: integer,
      not_reached: integer,
      left_over: integer,
      seconds: number,
      codes_per_second: orNull(number),
      manifest: text,
      sheet: orNull(text),
      missing: list(object({ ...row, reason: text }, scene)),
    }),
  ),
  'qr show': object({
    ticket: orNull(text),
    url: orNull(text),
    created_at: orNull(time),
    expires_at: orNull(time),
    expired: orNull(flag),
    known: orNull(flag),
    file: orNull(text),
    bytes: orNull(integer),
  }),
};
