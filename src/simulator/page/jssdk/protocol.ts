/** What the stand-in for jweixin and the simulator's page say to each other. */

/** From the developer's page: `wx.config` has been called. */
export interface ConfigCalled {
  readonly source: 'wechat-mp-jweixin';
  readonly config: Readonly<Record<string, unknown>>;
  /** `location.href` at that moment, with its fragment. */
  readonly url: string;
}

/** Back to it. */
export interface ConfigJudged {
  readonly source: 'wechat-mp-simulator';
  readonly ok: boolean;
  /** `config:ok`, `config:invalid signature` … */
  readonly errMsg: string;
}

export function isConfigCalled(data: unknown): data is ConfigCalled {
  return typeof data === 'object' && data !== null && 'source' in data && data.source === 'wechat-mp-jweixin';
}

export function isConfigJudged(data: unknown): data is ConfigJudged {
  return (
    typeof data === 'object' && data !== null && 'source' in data && data.source === 'wechat-mp-simulator'
  );
}
