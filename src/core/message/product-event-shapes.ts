import { list, nested } from './shape.ts';

const card = { cardId: 'CardId', userCardCode: 'UserCardCode' };
const giftCard = { pageId: 'PageId', orderId: 'OrderId' };
const audit = { auditId: 'audit_id', status: 'status' };
const product = { keyStandard: 'KeyStandard', keyStr: 'KeyStr' };
const beacon = { uuid: 'Uuid', major: 'Major', minor: 'Minor', distance: 'Distance' };

/**
 * The events of the other products（卡券, 礼品卡, 电子发票, 门店, 小店, 摇一摇周边, Wi-Fi, 扫一扫, 导购）by their names on the
 * wire, and what each has besides `EventKey` and `Ticket`.
 */
export const productEventShapes = {
  card_pass_check: { cardId: 'CardId' },
  card_not_pass_check: { cardId: 'CardId', refuseReason: 'RefuseReason' },
  user_get_card: {
    ...card,
    isGiveByFriend: 'IsGiveByFriend',
    friendUserName: 'FriendUserName',
    outerId: 'OuterId',
    oldUserCardCode: 'OldUserCardCode',
    outerStr: 'OuterStr',
    isRestoreMemberCard: 'IsRestoreMemberCard',
    isRecommendByFriend: 'IsRecommendByFriend',
    unionId: 'UnionId',
  },
  user_gifting_card: {
    ...card,
    isReturnBack: 'IsReturnBack',
    friendUserName: 'FriendUserName',
    isChatRoom: 'IsChatRoom',
  },
  user_del_card: card,
  user_consume_card: {
    ...card,
    consumeSource: 'ConsumeSource',
    locationName: 'LocationName',
    staffOpenId: 'StaffOpenId',
    verifyCode: 'VerifyCode',
    remarkAmount: 'RemarkAmount',
    outerStr: 'OuterStr',
  },
  user_pay_from_pay_cell: {
    ...card,
    transId: 'TransId',
    locationId: 'LocationId',
    fee: 'Fee',
    originalFee: 'OriginalFee',
  },
  user_view_card: { ...card, outerStr: 'OuterStr' },
  user_enter_session_from_card: card,
  update_member_card: { ...card, modifyBonus: 'ModifyBonus', modifyBalance: 'ModifyBalance' },
  card_sku_remind: { cardId: 'CardId', detail: 'Detail' },
  card_pay_order: {
    orderId: 'OrderId',
    status: 'Status',
    orderType: 'OrderType',
    createOrderTime: 'CreateOrderTime',
    payFinishTime: 'PayFinishTime',
    desc: 'Desc',
    freeCoinCount: 'FreeCoinCount',
    payCoinCount: 'PayCoinCount',
    refundFreeCoinCount: 'RefundFreeCoinCount',
    refundPayCoinCount: 'RefundPayCoinCount',
    memo: 'Memo',
    receiptInfo: 'ReceiptInfo',
  },
  submit_membercard_user_info: card,
  card_merchant_check_result: { merchantId: 'MerchantId', isPass: 'IsPass', reason: 'Reason' },
  giftcard_pay_done: giftCard,
  giftcard_send_to_friend: { ...giftCard, isChatRoom: 'IsChatRoom', isReturnBack: 'IsReturnBack' },
  giftcard_user_accept: { ...giftCard, isChatRoom: 'IsChatRoom' },
  user_authorize_invoice: {
    succOrderId: 'SuccOrderId',
    failOrderId: 'FailOrderId',
    appId: 'AppId',
    source: 'Source',
  },
  update_invoice_status: { status: 'Status', cardId: 'CardId', code: 'Code' },
  cloud_invoice_invoiceresult_event: { fpqqlsh: 'fpqqlsh', status: 'status', nsrsbh: 'nsrsbh' },
  poi_check_notify: { uniqId: 'UniqId', poiId: 'PoiId', result: 'Result', msg: 'Msg' },
  apply_merchant_audit_info: { ...audit, reason: 'reason' },
  create_map_poi_audit_info: {
    ...audit,
    mapPoiId: 'map_poi_id',
    name: 'name',
    address: 'address',
    latitude: 'latitude',
    longitude: 'longitude',
    shRemark: 'sh_remark',
  },
  add_store_audit_info: { ...audit, reason: 'reason', isUpgrade: 'is_upgrade', poiId: 'poiid' },
  modify_store_audit_info: { ...audit, reason: 'reason' },
  merchant_order: {
    orderId: 'OrderId',
    orderStatus: 'OrderStatus',
    productId: 'ProductId',
    skuInfo: 'SkuInfo',
  },
  ShakearoundUserShake: {
    chosenBeacon: nested('ChosenBeacon', beacon),
    aroundBeacons: list(beacon, 'AroundBeacons.AroundBeacon'),
  },
  WifiConnected: {
    connectTime: 'ConnectTime',
    expireTime: 'ExpireTime',
    vendorId: 'VendorId',
    placeId: 'PlaceId',
    deviceNo: 'DeviceNo',
  },
  user_scan_product: {
    ...product,
    country: 'Country',
    province: 'Province',
    city: 'City',
    sex: 'Sex',
    scene: 'Scene',
    extInfo: 'ExtInfo',
  },
  user_scan_product_enter_session: { ...product, extInfo: 'ExtInfo' },
  user_scan_product_async: { ...product, extInfo: 'ExtInfo', regionCode: 'RegionCode' },
  user_scan_product_verify_action: { ...product, result: 'Result', reasonMsg: 'ReasonMsg' },
  guide_qrcode_scan_event: {
    guideScanEvent: nested('GuideScanEvent', {
      qrcodeGuideAccount: 'qrcode_guide_account',
      qrcodeGuideOpenId: 'qrcode_guide_openid',
      openId: 'openid',
      action: 'action',
      qrcodeInfo: 'qrcode_info',
    }),
  },
} as const;
