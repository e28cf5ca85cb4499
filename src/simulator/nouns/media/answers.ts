/** Media on the wire: their content with its headers, and the addresses under which it can be seen. */
import type { Medium } from './state.ts';

/** A download（获取临时素材）. */
export function downloadAnswer(medium: Medium): Response {
  return contentAnswer(medium, {
    // Quirk: the name is the media id, not that of the upload.
    'content-disposition': `attachment; filename="${downloadName(medium)}"`,
  });
}

/** Somebody looks at it: nothing in it may act as a page. */
export function contentAnswer(
  { bytes, contentType }: Medium,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(bytes, {
    headers: {
      'content-type': contentType,
      'content-length': String(bytes.length),
      'cache-control': 'no-cache',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  });
}

function downloadName({ mediaId, fileName }: Medium): string {
  const ending = /\.[a-z0-9]{2,5}$/i.exec(fileName)?.[0] ?? '';
  return `${mediaId.replaceAll(/[^\w.-]/g, '_')}${ending}`;
}

/** Where everybody can see a picture; the beginning of the path is that of the platform's own addresses. */
export function pictureAddress(origin: string, { key }: Pick<Medium, 'key'>): string {
  return `${origin}/mmbiz/${key}/0`;
}

export function videoAddress(origin: string, { key }: Medium): string {
  return `${origin}/mpvideo/${key}`;
}

/** Where the simulator's page shows it. */
export function mediaPath({ mediaId }: Medium): string {
  return `/_ctl/media/${encodeURIComponent(mediaId)}`;
}
