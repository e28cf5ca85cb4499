/** What `-v` says: which account is used, where its tokens and tickets come from, and why a mode was chosen. */
import type { Credential } from '../../../api/token-source.ts';
import type { EncryptionMode } from '../../../core/callback/index.ts';
import type { Context } from '../../context.ts';
import type { Sourced } from '../../settings/sourced.ts';
import { placeOf } from '../outgoing.ts';

/** Whose credentials are asked for, and who says so. `chosen` is what has chosen the profile. */
export function tellAccount(context: Context, appId: Sourced<string>): void {
  const place = placeOf(appId);
  const chosen = appId.level === 'profile' ? context.settings.profileName?.name : undefined;
  const [by, zhBy] = chosen === undefined ? ['', ''] : [`, ${chosen}`, `，${chosen}`];
  context.verbose({
    en: `Account ${appId.value} (${place.en}${by})`,
    zh: `公众号 ${appId.value}（${place.zh.trim()}${zhBy}）`,
  });
}

export function tellCredential(context: Context, { source, endpoint, expiresAtMs, place }: Credential): void {
  if (source === 'given') {
    context.verbose({ en: 'Using the access_token that was given', zh: '使用直接提供的 access_token' });
    return;
  }
  if (source === 'service') {
    context.verbose({
      en: 'Using the access_token of the token service',
      zh: '使用中控服务器的 access_token',
    });
    return;
  }
  if (source === 'relay') {
    context.verbose({
      en: `Using the ${kindOf(endpoint)} of the relay`,
      zh: `使用中继的 ${kindOf(endpoint)}`,
    });
    return;
  }
  if (source === 'store') {
    const known = Number.isFinite(expiresAtMs);
    const end = known ? `, until ${new Date(expiresAtMs).toISOString()}` : '';
    context.verbose({
      en: `Using what another library keeps (${place ?? ''})${end}`,
      zh: `使用其他类库保存的凭据（${place ?? ''}）${known ? `，至 ${new Date(expiresAtMs).toISOString()}` : ''}`,
    });
    return;
  }
  const end = new Date(expiresAtMs).toISOString();
  const kind = kindOf(endpoint);
  context.verbose(
    source === 'cache'
      ? { en: `Using the cached ${kind}, which expires at ${end}`, zh: `使用缓存的 ${kind}，${end} 失效` }
      : { en: `Fetched a new ${kind}, which expires at ${end}`, zh: `已获取新的 ${kind}，${end} 失效` },
  );
}

function kindOf(endpoint: string): string {
  return endpoint.includes('token') ? endpoint : `${endpoint} ticket`;
}

export function tellCallbackToken(context: Context, token: Sourced<string>): void {
  const place = placeOf(token);
  context.verbose({ en: `Using the Token from ${place.en}`, zh: `使用的 Token 来自${place.zh}` });
}

const modes = {
  plain: { en: 'Plain mode', zh: '明文模式' },
  compatible: { en: 'Compatible mode', zh: '兼容模式' },
  safe: { en: 'Safe mode', zh: '安全模式' },
} as const;

/** A mode that nobody has named: as the simulator has it, or by the EncodingAESKey. */
export function tellMode(
  context: Context,
  mode: EncryptionMode,
  reason: EncryptionMode | Sourced<string> | undefined,
): void {
  const { en, zh } = modes[mode];
  if (typeof reason === 'string') {
    context.verbose({ en: `${en}, as the simulator pushes now`, zh: `${zh}，与模拟器当前的设置一致` });
    return;
  }
  const place = reason === undefined ? undefined : placeOf(reason);
  context.verbose(
    place === undefined
      ? { en: `${en}: there is no EncodingAESKey`, zh: `${zh}：没有设置 EncodingAESKey` }
      : {
          en: `${en}: there is an EncodingAESKey from ${place.en}`,
          zh: `${zh}：EncodingAESKey 来自${place.zh}`,
        },
  );
}
