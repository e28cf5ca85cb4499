/** A contact sheet: every picture of a batch with its name and scene, for checking and for printing. */
import type { Language, Text } from '../../../../core/text/text.ts';
import type { QrEntry } from './manifest.ts';

/** A browser prints only the pictures that it has loaded. More than these are for looking at, and loaded as they come. */
const maxPrinted = 2000;

/** One page of HTML that needs nothing but the pictures beside it, links them relatively and runs no script. */
export function formatQrSheet(
  codes: readonly QrEntry[],
  { missing, unknown }: { readonly missing: number; readonly unknown: number },
  language: Language,
): string {
  const say = (text: Text): string => escapeHtml(text[language]);
  const title = say(words.title);
  const count = say({ en: `${codes.length} codes`, zh: `共 ${codes.length} 个` });
  const loading = codes.length > maxPrinted ? ' loading="lazy"' : '';
  const lack =
    missing === 0
      ? ''
      : `\n<p class="missing">${say({
          en: `${missing} missing${unknown === 0 ? '' : `, ${unknown} of them may exist on the platform`}`,
          zh: `缺少 ${missing} 个${unknown === 0 ? '' : `，其中 ${unknown} 个可能已在平台上创建`}`,
        })}</p>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p>${count}</p>${lack}
<main>
${codes.map((code) => formatFigure(code, language, loading)).join('\n')}
</main>
</body>
</html>
`;
}

const words = {
  title: { en: 'QR codes', zh: '二维码' },
  scene: { en: 'Scene', zh: '场景值' },
  permanent: { en: 'Permanent', zh: '永久有效' },
  until: { en: 'Until', zh: '有效期至' },
};

function formatFigure(
  { name, scene, file, expiresAtMs }: QrEntry,
  language: Language,
  loading: string,
): string {
  const life =
    expiresAtMs === undefined
      ? words.permanent[language]
      : `${words.until[language]} <time>${day(expiresAtMs)}</time>`;
  // "./" keeps a name such as "javascript:x" a name.
  const source = escapeHtml(`./${encodeURIComponent(file)}`);
  return [
    `<figure><a href="${source}"><img src="${source}" alt="${escapeHtml(name)}" width="430" height="430"${loading}></a>`,
    `<figcaption><b>${escapeHtml(name)}</b>`,
    `<span>${words.scene[language]} ${escapeHtml(String(scene.scene))}</span>`,
    `<span>${life}</span></figcaption></figure>`,
  ].join('');
}

/** The last moment in Beijing, where the account and its platform are: `2026-02-14 12:00`. */
function day(timeMs: number): string {
  return new Date(timeMs + beijingMs).toISOString().slice(0, 16).replace('T', ' ');
}
const beijingMs = 8 * 3_600_000;

/** For text and for attributes in double quotes; what turns text round is taken out. */
function escapeHtml(text: string): string {
  return text
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
body{font:14px/1.4 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:24px;color:#111;background:#fff}
h1{font-size:20px;margin:0}
p{margin:4px 0 16px}
.missing{color:#b00020}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:16px}
figure{margin:0;padding:8px;border:1px solid #ddd;border-radius:4px;text-align:center;break-inside:avoid}
img{width:100%;height:auto;display:block}
figcaption b,figcaption span{display:block;overflow-wrap:anywhere;unicode-bidi:plaintext}
figcaption span{color:#555;font-size:12px}
time{white-space:nowrap}
@page{margin:10mm}
@media print{body{margin:0}main{grid-template-columns:repeat(4,1fr);gap:4mm}figure{border-color:#bbb}figcaption span{color:#000}}
`;
