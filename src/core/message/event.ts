import { defined } from '../text/defined.ts';
import { listField, nestedFields, textField, type Fields } from './fields.ts';

/** What every push has. */
export interface PushCommon {
  /** The account's original id（原始 ID）, `gh_…`. */
  readonly toUserName: string;
  /** The person's openid. */
  readonly fromUserName: string;
  /** Unix seconds; 0 where the push names none. */
  readonly createTime: number;
  /** Everything that came, under the names on the wire. */
  readonly fields: Fields;
}

/** An event（接收事件推送）. What each has besides stands in `fields`. */
export interface EventMessage extends PushCommon {
  readonly msgType: 'event';
  /** The name on the wire, capitals included. */
  readonly event: string;
  /** The button's key, the url, or the scene（`qrscene_…` only in `subscribe`）. */
  readonly eventKey?: string;
  /** The QR code's ticket. */
  readonly ticket?: string;
}

/**
 * The documented events as on the wire: of the account itself（关注, 扫码, 菜单, 群发, 发布, 订阅通知, 授权用户资料变更, 认证, 客服）,
 * then of the other products（卡券, 礼品卡, 电子发票, 门店, 小店, 摇一摇周边, Wi-Fi, 扫一扫, 导购）.
 */
export const eventNames: readonly string[] = `
  subscribe unsubscribe SCAN LOCATION CLICK VIEW view_miniprogram scancode_push scancode_waitmsg pic_sysphoto
  pic_photo_or_album pic_weixin location_select TEMPLATESENDJOBFINISH MASSSENDJOBFINISH PUBLISHJOBFINISH
  subscribe_msg_popup_event subscribe_msg_change_event subscribe_msg_sent_event user_info_modified
  user_authorization_revoke user_authorization_cancellation qualification_verify_success qualification_verify_fail
  naming_verify_success naming_verify_fail annual_renew verify_expired kf_create_session kf_close_session
  kf_switch_session user_enter_tempsession debug_demo

  card_pass_check card_not_pass_check user_get_card user_gifting_card user_del_card user_consume_card
  user_pay_from_pay_cell user_view_card user_enter_session_from_card update_member_card card_sku_remind
  card_pay_order submit_membercard_user_info card_merchant_check_result giftcard_pay_done giftcard_send_to_friend
  giftcard_user_accept user_authorize_invoice update_invoice_status cloud_invoice_invoiceresult_event
  poi_check_notify apply_merchant_audit_info create_map_poi_audit_info add_store_audit_info
  modify_store_audit_info merchant_order ShakearoundUserShake WifiConnected user_scan_product
  user_scan_product_enter_session user_scan_product_async user_scan_product_verify_action guide_qrcode_scan_event`
  .trim()
  .split(/\s+/);

const documented = new Set([...eventNames, 'FREEPUBLISHJOBFINISH']);

/** Whether the documentation has this name, or had it: PUBLISHJOBFINISH was called otherwise. */
export function isDocumentedEvent(name: string): boolean {
  return documented.has(name);
}

/** Reads the fields of an event. Throws `VerificationError` (`xml`) where its name is no text. */
export function readEvent(common: Omit<PushCommon, 'fields'>, fields: Fields): EventMessage {
  const event = textField(fields, 'Event')?.trim() ?? '';
  const [eventKey, ticket] = [keyOf(fields), textField(fields, 'Ticket')];
  return { msgType: 'event', event, fields, ...common, ...defined({ eventKey, ticket }) };
}

/** Some events of other products nest the key or repeat it; it is then left to `fields`. */
function keyOf(fields: Fields): string | undefined {
  if (nestedFields(fields, 'EventKey') !== undefined || listField(fields, 'EventKey').length > 1)
    return undefined;
  return textField(fields, 'EventKey');
}
