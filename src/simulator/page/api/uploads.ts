/** What the calls that upload a file send besides it. */
import type { Text } from '../../../core/text/text.ts';

interface Upload {
  /** The part with the file. */
  readonly part: string;
  readonly accept: string;
  /** A part with JSON beside it. */
  readonly text?: { readonly part: string; readonly example: unknown; readonly hint: Text };
}

const media: Upload = { part: 'media', accept: 'image/*,audio/*,video/*,.amr' };

const uploads: Readonly<Record<string, Upload>> = {
  '/cgi-bin/media/uploadimg': { part: 'media', accept: 'image/png,image/jpeg' },
  '/cgi-bin/material/add_material': {
    ...media,
    text: {
      part: 'description',
      example: { title: 'VIDEO_TITLE', introduction: 'INTRODUCTION' },
      hint: { en: 'Only with type=video', zh: '仅 type=video 时需要' },
    },
  },
  '/customservice/kfaccount/uploadheadimg': { part: 'media', accept: 'image/jpeg,image/png' },
  '/card/invoice/platform/setpdf': { part: 'pdf', accept: 'application/pdf' },
};

/** The parts of a call; most send one file as `media`. */
export function uploadOf(path: string): Upload {
  return (Object.hasOwn(uploads, path) ? uploads[path] : undefined) ?? media;
}
