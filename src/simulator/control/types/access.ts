/** Web authorisation and the administrator's confirmation as JSON; a part of `types/index.ts`. */
import type { Text } from '../../../core/text/text.ts';

/** `POST /_ctl/phone/:openid/browse` */
export interface BrowseAction {
  /** Any page, for example one that a menu button opens. */
  readonly url: string;
}

export interface BrowseResult {
  /** Opens the page once, within ten minutes; the browser is this person's from then on. */
  readonly url: string;
}

/** `POST /_ctl/phone/:openid/authorize`: what happens where the person opens an authorisation page（网页授权）. */
export interface AuthorizeAction {
  /** The whole address of `/connect/oauth2/authorize`, on any host. */
  readonly url: string;
  /** Whether the person allows it; true by default. */
  readonly allow?: boolean;
  /** The page is shown as a snapshot（快照页）: to an invented person, and without asking. */
  readonly snapshot?: boolean;
}

export interface AuthorizeResult {
  /** Where the browser goes with `code` and `state`; `null` where the person refused. */
  readonly redirect_url: string | null;
  readonly code: string | null;
  /** What works here and may not on a phone. */
  readonly notes: readonly Text[];
}

/** `POST /_ctl/phone/:openid/revoke`: `user_authorization_revoke` is pushed（用户撤回）. */
export interface RevokeAction {
  /** What is withdrawn: `205` nickname and picture by default, `201` address, `202` invoice … */
  readonly info?: string;
}

export interface RevokeResult {
  /** How many web tokens may do less now. */
  readonly ended: number;
}

/** `POST /_ctl/phone/:openid/profile`: `user_info_modified` is pushed（用户资料变更）. */
export interface ProfileAction {
  readonly nickname: string;
}

/** An address that is not in the whitelist, with the setting `ip_confirmation`. */
export interface IpRequestView {
  readonly address: string;
  readonly state: 'pending' | 'allowed' | 'refused';
  readonly asked_at: string;
  /** `null` unless it is refused. */
  readonly refused_until: string | null;
}

export interface IpDecision {
  readonly address: string;
  readonly allow: boolean;
}
