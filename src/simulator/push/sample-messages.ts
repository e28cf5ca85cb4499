/** One sample of every message and event that the platform pushes (接收普通消息, 接收事件推送), each in a file of its own. */
import type { Text } from '../../core/text/text.ts';
import index from '../messages/index.json' with { type: 'json' };

/** What a list of the samples shows. */
export interface SampleSummary {
  /** Name of the sample, which `trigger` takes: `text`, `menu_click`. */
  readonly id: string;
  readonly kind: 'message' | 'event';
  /** `MsgType` on the wire. */
  readonly msgType: string;
  /** `Event` on the wire, capitals included; messages have none. */
  readonly event?: string | undefined;
  readonly title: Text;
}

export interface SampleField {
  /** Place below the root: `Content`, `SendPicsInfo.PicList.item[].PicMd5Sum`. */
  readonly name: string;
  readonly type: string;
  readonly note: string;
}

export interface Sample extends SampleSummary {
  /** Who published it: the official documents, or the makers of libraries. */
  readonly source: string;
  /** The plain message as the platform writes it. */
  readonly xml: string;
  /** The same kind of message as mini programs are pushed it, where that is documented. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
  readonly fields: readonly SampleField[];
  readonly notes?: string | undefined;
}

/** All samples, in the order of the documentation. */
export const sampleSummaries: readonly SampleSummary[] = index as readonly SampleSummary[];

/** The sample with this name; `undefined` where there is none. Only this one is loaded. */
export async function loadSample(id: string): Promise<Sample | undefined> {
  const load = Object.hasOwn(loaders, id) ? loaders[id as keyof typeof loaders] : undefined;
  return load === undefined ? undefined : ((await load()).default as Sample);
}

const loaders = {
  text: () => import('../messages/text.json'),
  image: () => import('../messages/image.json'),
  voice: () => import('../messages/voice.json'),
  video: () => import('../messages/video.json'),
  shortvideo: () => import('../messages/shortvideo.json'),
  location: () => import('../messages/location.json'),
  link: () => import('../messages/link.json'),
  miniprogrampage: () => import('../messages/miniprogrampage.json'),
  subscribe: () => import('../messages/subscribe.json'),
  subscribe_qr: () => import('../messages/subscribe_qr.json'),
  unsubscribe: () => import('../messages/unsubscribe.json'),
  scan: () => import('../messages/scan.json'),
  location_report: () => import('../messages/location_report.json'),
  menu_click: () => import('../messages/menu_click.json'),
  menu_view: () => import('../messages/menu_view.json'),
  menu_view_miniprogram: () => import('../messages/menu_view_miniprogram.json'),
  menu_scancode_push: () => import('../messages/menu_scancode_push.json'),
  menu_scancode_waitmsg: () => import('../messages/menu_scancode_waitmsg.json'),
  menu_pic_sysphoto: () => import('../messages/menu_pic_sysphoto.json'),
  menu_pic_photo_or_album: () => import('../messages/menu_pic_photo_or_album.json'),
  menu_pic_weixin: () => import('../messages/menu_pic_weixin.json'),
  menu_location_select: () => import('../messages/menu_location_select.json'),
  template_finish: () => import('../messages/template_finish.json'),
  mass_finish: () => import('../messages/mass_finish.json'),
  publish_finish: () => import('../messages/publish_finish.json'),
  subscribe_msg_popup: () => import('../messages/subscribe_msg_popup.json'),
  subscribe_msg_change: () => import('../messages/subscribe_msg_change.json'),
  subscribe_msg_sent: () => import('../messages/subscribe_msg_sent.json'),
  user_info_modified: () => import('../messages/user_info_modified.json'),
  user_authorization_revoke: () => import('../messages/user_authorization_revoke.json'),
  user_authorization_cancellation: () => import('../messages/user_authorization_cancellation.json'),
  qualification_verify_success: () => import('../messages/qualification_verify_success.json'),
  qualification_verify_fail: () => import('../messages/qualification_verify_fail.json'),
  naming_verify_success: () => import('../messages/naming_verify_success.json'),
  naming_verify_fail: () => import('../messages/naming_verify_fail.json'),
  annual_renew: () => import('../messages/annual_renew.json'),
  verify_expired: () => import('../messages/verify_expired.json'),
  kf_create_session: () => import('../messages/kf_create_session.json'),
  kf_close_session: () => import('../messages/kf_close_session.json'),
  kf_switch_session: () => import('../messages/kf_switch_session.json'),
  user_enter_tempsession: () => import('../messages/user_enter_tempsession.json'),
  debug_demo: () => import('../messages/debug_demo.json'),
  card_pass_check: () => import('../messages/card_pass_check.json'),
  card_not_pass_check: () => import('../messages/card_not_pass_check.json'),
  user_get_card: () => import('../messages/user_get_card.json'),
  user_gifting_card: () => import('../messages/user_gifting_card.json'),
  user_del_card: () => import('../messages/user_del_card.json'),
  user_consume_card: () => import('../messages/user_consume_card.json'),
  user_pay_from_pay_cell: () => import('../messages/user_pay_from_pay_cell.json'),
  user_view_card: () => import('../messages/user_view_card.json'),
  user_enter_session_from_card: () => import('../messages/user_enter_session_from_card.json'),
  update_member_card: () => import('../messages/update_member_card.json'),
  card_sku_remind: () => import('../messages/card_sku_remind.json'),
  card_pay_order: () => import('../messages/card_pay_order.json'),
  submit_membercard_user_info: () => import('../messages/submit_membercard_user_info.json'),
  card_merchant_check_result: () => import('../messages/card_merchant_check_result.json'),
  giftcard_pay_done: () => import('../messages/giftcard_pay_done.json'),
  giftcard_send_to_friend: () => import('../messages/giftcard_send_to_friend.json'),
  giftcard_user_accept: () => import('../messages/giftcard_user_accept.json'),
  user_authorize_invoice: () => import('../messages/user_authorize_invoice.json'),
  update_invoice_status: () => import('../messages/update_invoice_status.json'),
  cloud_invoice_invoiceresult_event: () => import('../messages/cloud_invoice_invoiceresult_event.json'),
  poi_check_notify: () => import('../messages/poi_check_notify.json'),
  apply_merchant_audit_info: () => import('../messages/apply_merchant_audit_info.json'),
  create_map_poi_audit_info: () => import('../messages/create_map_poi_audit_info.json'),
  add_store_audit_info: () => import('../messages/add_store_audit_info.json'),
  modify_store_audit_info: () => import('../messages/modify_store_audit_info.json'),
  merchant_order: () => import('../messages/merchant_order.json'),
  ShakearoundUserShake: () => import('../messages/ShakearoundUserShake.json'),
  WifiConnected: () => import('../messages/WifiConnected.json'),
  user_scan_product: () => import('../messages/user_scan_product.json'),
  user_scan_product_enter_session: () => import('../messages/user_scan_product_enter_session.json'),
  user_scan_product_async: () => import('../messages/user_scan_product_async.json'),
  user_scan_product_verify_action: () => import('../messages/user_scan_product_verify_action.json'),
  device_text: () => import('../messages/device_text.json'),
  device_event: () => import('../messages/device_event.json'),
  guide_qrcode_scan_event: () => import('../messages/guide_qrcode_scan_event.json'),
} as const satisfies Readonly<Record<string, () => Promise<{ readonly default: unknown }>>>;
