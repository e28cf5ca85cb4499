/** The custom menu（自定义菜单）. What a menu itself holds is in `menus/menu.schema.json`. */
import {
  about,
  anything,
  anyOf,
  appId,
  flag,
  integer,
  line,
  lines,
  list,
  mapOf,
  object,
  orNull,
  pointer,
  type Schema,
  text,
  words,
} from './schema.ts';

const change = object({
  op: words('add', 'remove', 'change', 'move'),
  path: pointer,
  from: anything,
  to: anything,
});
const changes = list(change);
const matchRule = mapOf(text);
const conditional = list(
  object({
    op: words('add', 'remove', 'change', 'move', 'keep'),
    path: orNull(pointer),
    menuid: orNull(text),
    matchrule: matchRule,
    changes,
  }),
);
const hash: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const buttons = list(about('A button, as in menus/menu.schema.json', object({})));
const step = object(
  {
    step: words('backup', 'create', 'look', 'add_conditional', 'delete_conditional', 'delete', 'verify'),
    status: words('not_done', 'done', 'failed', 'unknown'),
  },
  { matchrule: matchRule, menuid: text },
);

export const menuOutputs: Readonly<Record<string, Schema>> = {
  'menu lint': lines(
    object({
      file: text,
      ok: flag,
      errors: integer,
      warnings: integer,
      problems: list(
        object({
          rule: text,
          severity: words('error', 'warning', 'notice'),
          path: pointer,
          line: integer,
          column: integer,
          errcode: orNull(integer),
          message: text,
        }),
      ),
    }),
    object({
      file: text,
      ok: { const: false },
      error: object({ code: integer, type: text, message: text }, { hint: text }),
    }),
    line('summary', {
      ok: flag,
      files: integer,
      errors: integer,
      warnings: integer,
      unreadable: integer,
      skipped: about('JSON files of folders that hold no menu', integer),
    }),
  ),
  'menu diff': object({ ok: flag, equal: flag, remote_hash: hash, changes, conditional }),
  'menu push': object(
    {
      changed: flag,
      dry_run: flag,
      appid: orNull(appId),
      buttons: integer,
      remote_hash: about('What was live before', hash),
      changes,
      conditional,
      backup: orNull(text),
      verified: flag,
      steps: list(step),
    },
    { remote_hash_after: about('What is live now, where it was read', hash) },
  ),
  'menu pull': anyOf(
    object({ button: buttons }, { conditional: list(object({ button: buttons, matchrule: matchRule })) }),
    object({ file: text, buttons: integer, conditional: integer }),
  ),
  'menu delete': object({
    deleted: flag,
    dry_run: flag,
    appid: appId,
    menuid: orNull(text),
    buttons: integer,
    conditional: integer,
    backup: orNull(text),
  }),
  'menu try': object({
    user_id: text,
    button: buttons,
    matches: list(object({ menuid: orNull(text), matchrule: orNull(matchRule) })),
  }),
};
