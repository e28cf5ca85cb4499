/** Publications, as JSON; a part of `types/index.ts`. */

/** `GET /_ctl/publications`, oldest first: what freepublish/submit has begun, with what became of it. */
export interface PublicationView {
  readonly publish_id: string;
  /** When it was submitted, and then when it changed last. */
  readonly at: string;
  /**
   * `publish_status` in words. One that is `publishing` waits for `POST /_ctl/publications/:publish_id` with
   * `{"status":"success"}`, `not_original`, `failed` or `refused`, which push PUBLISHJOBFINISH; one with `success` can be
   * `banned`.
   */
  readonly status: 'success' | 'publishing' | 'not_original' | 'failed' | 'refused' | 'deleted' | 'banned';
  readonly draft_media_id: string;
  /** `null` before its articles are out. */
  readonly article_id: string | null;
  readonly articles: readonly {
    readonly title: string;
    /** Its page. */
    readonly url: string;
    readonly is_deleted: boolean;
    /** How often the page was opened. */
    readonly reads: number;
  }[];
}
