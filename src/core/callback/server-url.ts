/** URLs of a developer's own server. */
import { usageError } from '../errors.ts';

/** The URL, unchanged. Throws a usage error that names the flag or argument. */
export function checkServerUrl(url: string, name: string): string {
  if (URL.canParse(url) && /^https?:\/\//i.test(url)) return url;
  throw usageError(
    'url_invalid',
    {
      en: `Cannot use "${url}" for ${name}: it must begin with http:// or https://`,
      zh: `${name} 不能为 "${url}"：必须以 http:// 或 https:// 开头`,
    },
    {
      en: 'Write the whole address: http://localhost:3000/wechat',
      zh: '请写完整地址，例如 http://localhost:3000/wechat',
    },
  );
}
