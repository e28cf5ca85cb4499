/** JS-SDK and cards, in the spelling of `wx.config`. */
import {
  anyOf,
  appId,
  flag,
  integer,
  list,
  lines,
  object,
  orNull,
  type Schema,
  text,
  words,
} from './schema.ts';

const signed = {
  appId,
  timestamp: integer,
  nonceStr: text,
  signature: { type: 'string', pattern: '^[0-9a-f]{40}$' },
  jsApiList: list(text),
  url: text,
};

export const pageOutputs: Readonly<Record<string, Schema>> = {
  'sign-url': lines(
    object(signed, { openTagList: list(text), line: integer, warnings: list(text) }),
    object(
      {
        ok: flag,
        mistakes: list(object({ name: text, message: text, hint: text })),
        hint: orNull(text),
        ticket_source: object({ from: words('fetched', 'file', 'stdin') }, { appid: text, file: text }),
        signed: orNull(text),
        string1: text,
        expected: text,
      },
      { difference: orNull(object({ at: integer, part: text, given: text, right: text })) },
    ),
    object({ cardId: text, cardExt: text }),
    object({
      shopId: text,
      cardType: text,
      cardId: text,
      timestamp: anyOf(integer, text),
      nonceStr: text,
      signType: { const: 'SHA1' },
      cardSign: text,
    }),
  ),
};
