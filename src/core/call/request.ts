/** A call as it will be sent, whoever put it together. */

export interface CallRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Without the access token. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: CallBody | undefined;
}

export type CallBody =
  /** Sent as it is, in UTF-8. `file`: where it came from, unless it was changed on the way. */
  | { readonly kind: 'text'; readonly text: string; readonly file: string | undefined }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly file: string | undefined }
  | { readonly kind: 'form'; readonly parts: readonly FormPart[] };

export interface FormPart {
  readonly name: string;
  readonly content: string | { readonly path: string; readonly fileName: string; readonly bytes: Uint8Array };
}

/** Stands where the AppSecret goes, so that nothing that is shown holds it. Of characters that JSON leaves as they are. */
export const secretMark = '\u{e000}AppSecret\u{e000}';
