/** What people read about a token that another library keeps. The AppSecret in a key's name is masked before. */
import { type ForeignKey, libraryOf, type Obstacle, writingOf } from '../../core/foreign/index.ts';
import { accountError, usageError, WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';

function factsOf({ layout, shown }: ForeignKey, store: string): Readonly<Record<string, unknown>> {
  return { layout, key: shown, store };
}

export function absentToken(keys: readonly [ForeignKey, ...ForeignKey[]], store: string): WechatMpError {
  const library = libraryOf(keys[0].layout);
  const names = keys.map(({ shown }) => shown);
  const fills = {
    en: `${library} puts it there when it next calls WeChat: start or use that program`,
    zh: `${library} 下次调用微信接口时会写入：请启动或使用该程序`,
  };
  const mayWrite = !('refused' in writingOf(keys[0].layout));
  return accountError(
    'foreign_token_missing',
    {
      en: `There is no access_token under ${names.join(' or ')} in ${store}`,
      zh: `${store} 的 ${names.join(' 或 ')} 中没有 access_token`,
    },
    mayWrite
      ? {
          en: `${fills.en}; or add &write=1 to the address, so that this tool fetches one and puts it there`,
          zh: `${fills.zh}；或在地址后加 &write=1，由本工具获取并写入`,
        }
      : fills,
    factsOf(keys[0], store),
  );
}

export function endingToken(key: ForeignKey, store: string, secondsLeft: number): WechatMpError {
  const library = libraryOf(key.layout);
  return new WechatMpError({
    family: 'account',
    type: 'foreign_token_ending',
    text: {
      en: `The access_token under ${key.shown} in ${store} ends in ${secondsLeft} s, and ${library} has to renew it`,
      zh: `${store} 的 ${key.shown} 中的 access_token 将在 ${secondsLeft} 秒后失效，需由 ${library} 更新`,
    },
    hint: {
      en: `${library} renews it when it next calls WeChat after that; then run the command again`,
      zh: `${library} 会在到期后下次调用微信接口时更新；之后请重试`,
    },
    retryable: true,
    facts: { ...factsOf(key, store), expires_in: secondsLeft },
  });
}

const obstacles: Readonly<Record<Obstacle, readonly [Text, Text]>> = {
  redisson: [
    {
      en: 'it is in the binary form of a Redisson codec',
      zh: '它采用 Redisson 编解码器的二进制格式',
    },
    {
      en: 'Give that Redisson client the plain codec: config.setCodec(StringCodec.INSTANCE)',
      zh: '请为该 Redisson 客户端设置纯文本编解码器：config.setCodec(StringCodec.INSTANCE)',
    },
  ],
  igbinary: [
    { en: 'it is in igbinary, a binary form of PHP', zh: '它采用 PHP 的 igbinary 二进制格式' },
    {
      en: 'Give that cache the serializer of PHP itself: new DefaultMarshaller(false) in Symfony',
      zh: '请让该缓存使用 PHP 自身的序列化：在 Symfony 中为 new DefaultMarshaller(false)',
    },
  ],
  java: [
    { en: "it is in Java's own serialization", zh: '它采用 Java 自身的序列化格式' },
    {
      en: 'Let that program use StringRedisTemplate, which writes plain text',
      zh: '请让该程序使用写入纯文本的 StringRedisTemplate',
    },
  ],
  binary: [
    { en: 'it is binary', zh: '它是二进制数据' },
    { en: 'Let that program write it as text', zh: '请让该程序以文本写入' },
  ],
  php: [
    { en: 'it is serialized by PHP, but not as a token', zh: '它是 PHP 序列化数据，但不是 access_token' },
    { en: 'Look at it with redis-cli GET', zh: '请用 redis-cli GET 查看' },
  ],
  json: [
    { en: 'it is JSON, but not that of a token', zh: '它是 JSON，但不含 access_token' },
    { en: 'Look at it with redis-cli GET', zh: '请用 redis-cli GET 查看' },
  ],
  text: [
    { en: 'it is text, but no token', zh: '它是文本，但不是 access_token' },
    { en: 'Look at it with redis-cli GET', zh: '请用 redis-cli GET 查看' },
  ],
};

/** Why it cannot be read, to stand behind a colon. */
export function obstacleText(obstacle: Obstacle | { readonly type: string }): readonly [Text, Text] {
  if (typeof obstacle === 'string') return obstacles[obstacle];
  return [
    { en: `it is a ${obstacle.type}, and must be a string`, zh: `它的类型是 ${obstacle.type}，应为 string` },
    { en: 'Look at it with redis-cli TYPE', zh: '请用 redis-cli TYPE 查看' },
  ];
}

export function unreadableToken(
  key: ForeignKey,
  store: string,
  obstacle: Obstacle | { readonly type: string },
): WechatMpError {
  const [why, hint] = obstacleText(obstacle);
  return accountError(
    'foreign_token_unreadable',
    {
      en: `Cannot read the access_token under ${key.shown} in ${store}: ${why.en}`,
      zh: `无法读取 ${store} 的 ${key.shown} 中的 access_token：${why.zh}`,
    },
    hint,
    { ...factsOf(key, store), codec: typeof obstacle === 'string' ? obstacle : obstacle.type },
  );
}

/** A value that can be read, but in another form than the one that would be written over it. */
export function otherCodec(key: ForeignKey, store: string, codec: string): WechatMpError {
  const library = libraryOf(key.layout);
  return accountError(
    'foreign_token_unreadable',
    {
      en: `Cannot renew the access_token under ${key.shown} in ${store}: it is written as ${codec}, not as ${library} does by default`,
      zh: `无法更新 ${store} 的 ${key.shown} 中的 access_token：它以 ${codec} 格式写入，与 ${library} 的默认格式不同`,
    },
    {
      en: 'Read it without write=1, and leave renewing it to that program',
      zh: '请去掉 write=1 只读取，由该程序自行更新',
    },
    { ...factsOf(key, store), codec },
  );
}

/** Where the user of the server may not look: what to allow, for reading alone. */
export function withRights(error: unknown, { shown }: ForeignKey): unknown {
  if (!(error instanceof WechatMpError) || !String(error.facts['store_answer']).startsWith('NOPERM'))
    return error;
  const hint = {
    en: `Allow the user TYPE, PTTL, GET and HGET on ${shown}; with write=1 SET and EVAL, too, also on the lock`,
    zh: `请允许该用户对 ${shown} 使用 TYPE、PTTL、GET 和 HGET；使用 write=1 时还需 SET 和 EVAL，包括锁的键`,
  };
  return error.with({ hint });
}

export function deadToken(key: ForeignKey, store: string): WechatMpError {
  const library = libraryOf(key.layout);
  return accountError(
    'foreign_token_dead',
    {
      en: `WeChat refuses the access_token that ${library} keeps under ${key.shown} in ${store}`,
      zh: `微信拒绝了 ${library} 存放在 ${store} 的 ${key.shown} 中的 access_token`,
    },
    {
      en: `Have ${library} fetch a new one; nothing was deleted there. Something else may fetch with cgi-bin/token, which ends the tokens of others: wechat-mp token --find --verify`,
      zh: `请让 ${library} 重新获取；此处未删除任何内容。可能有其他程序用 cgi-bin/token 获取，使其失效：wechat-mp token --find --verify`,
    },
    factsOf(key, store),
  );
}

export function libraryDecides(key: ForeignKey, store: string): WechatMpError {
  const library = libraryOf(key.layout);
  return usageError(
    'foreign_store_decides',
    {
      en: `Cannot replace or forget the token: it belongs to ${library}, under ${key.shown} in ${store}`,
      zh: `不能更换或清除该 access_token：它属于 ${library}，存放在 ${store} 的 ${key.shown}`,
    },
    { en: `Do that in ${library}, or use another --store`, zh: `请在 ${library} 中操作，或换用其他 --store` },
  );
}

export function twoTokens(used: ForeignKey, other: ForeignKey): Text {
  return {
    en: `Two tokens are there: using ${used.shown}, not ${other.shown}; --stable or --classic chooses`,
    zh: `存在两个 access_token：使用 ${used.shown}，未使用 ${other.shown}；可用 --stable 或 --classic 指定`,
  };
}

/** Two endpoints end or ignore each other's tokens, and nothing certain tells which one the other program asks. */
export function endpointUnsaid(layout: ForeignKey['layout'], store: string): WechatMpError {
  const library = libraryOf(layout);
  return accountError(
    'foreign_endpoint_unsaid',
    {
      en: `With write=1 this tool must ask the endpoint that ${library} asks, and nobody says which`,
      zh: `使用 write=1 时，本工具必须与 ${library} 使用同一个获取接口，但没有指明是哪一个`,
    },
    {
      en: 'Say --stable where that program is set to stable_token, else --classic; or set WECHAT_MP_TOKEN_ENDPOINT',
      zh: '若该程序设置为 stable_token，请加 --stable，否则加 --classic；也可设置 WECHAT_MP_TOKEN_ENDPOINT',
    },
    { layout, store },
  );
}

/** The person names the endpoint that the library never asks; `name` is where. */
export function endpointOther(
  layout: ForeignKey['layout'],
  only: 'stable' | 'classic',
  name: string,
): WechatMpError {
  const library = libraryOf(layout);
  return usageError(
    'flags_conflict',
    {
      en: `Cannot use ${name} with layout=${layout}&write=1: ${library} only asks the ${only} endpoint, and this tool must ask the same`,
      zh: `layout=${layout}&write=1 不能与 ${name} 同时使用：${library} 只使用${only === 'classic' ? '经典' : '稳定版'}接口，本工具必须与其一致`,
    },
    { en: `Say --${only}, or leave out write=1 to only read`, zh: `请改用 --${only}，或去掉 write=1 只读取` },
  );
}
