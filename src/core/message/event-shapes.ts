import { firstOf, list, nested, texts } from './shape.ts';

const scanCode = {
  scanCodeInfo: nested('ScanCodeInfo', { scanType: 'ScanType', scanResult: 'ScanResult' }),
};
const sentPictures = {
  sendPicsInfo: nested('SendPicsInfo', {
    count: 'Count',
    picList: list({ picMd5Sum: 'PicMd5Sum' }, 'PicList.item'),
  }),
};
const expired = { expiredTime: 'ExpiredTime' };
const failed = { failTime: 'FailTime', failReason: 'FailReason' };
// Quirk: some of these pushes spell the names in small letters.
const person = {
  openId: firstOf('OpenID', 'openid'),
  unionId: firstOf('UnionID', 'unionid'),
  appId: firstOf('AppID', 'appid'),
};

/**
 * The events of an account itself（接收事件推送, 自定义菜单事件, 模板消息, 群发, 发布, 订阅通知, 授权用户资料变更, 微信认证）by
 * their names on the wire, and what each has besides `EventKey` and `Ticket`.
 */
const accountEventShapes = {
  subscribe: {},
  unsubscribe: {},
  SCAN: {},
  LOCATION: { latitude: 'Latitude', longitude: 'Longitude', precision: 'Precision' },
  CLICK: {},
  VIEW: { menuId: 'MenuId' },
  view_miniprogram: { menuId: 'MenuId' },
  scancode_push: scanCode,
  scancode_waitmsg: scanCode,
  pic_sysphoto: sentPictures,
  pic_photo_or_album: sentPictures,
  pic_weixin: sentPictures,
  location_select: {
    sendLocationInfo: nested('SendLocationInfo', {
      latitude: 'Location_X',
      longitude: 'Location_Y',
      scale: 'Scale',
      label: 'Label',
      // Quirk: the small n is the platform's.
      poiName: 'Poiname',
    }),
  },
  // Quirk: `MsgID` of the two job events is the id of what was sent; events have no id of their own.
  TEMPLATESENDJOBFINISH: { sentMsgId: 'MsgID', status: 'Status' },
  MASSSENDJOBFINISH: {
    sentMsgId: 'MsgID',
    status: 'Status',
    totalCount: 'TotalCount',
    filterCount: 'FilterCount',
    sentCount: 'SentCount',
    errorCount: 'ErrorCount',
    copyrightCheckResult: nested('CopyrightCheckResult', {
      count: 'Count',
      checkState: 'CheckState',
      resultList: list(
        {
          articleIdx: 'ArticleIdx',
          userDeclareState: 'UserDeclareState',
          auditState: 'AuditState',
          originalArticleUrl: 'OriginalArticleUrl',
          originalArticleType: 'OriginalArticleType',
          canReprint: 'CanReprint',
          needReplaceContent: 'NeedReplaceContent',
          needShowReprintSource: 'NeedShowReprintSource',
        },
        'ResultList.item',
      ),
    }),
    articleUrlResult: nested('ArticleUrlResult', {
      count: 'Count',
      resultList: list({ articleIdx: 'ArticleIdx', articleUrl: 'ArticleUrl' }, 'ResultList.item'),
    }),
  },
  PUBLISHJOBFINISH: {
    publishEventInfo: nested('PublishEventInfo', {
      publishId: 'publish_id',
      publishStatus: 'publish_status',
      articleId: 'article_id',
      articleDetail: list({ idx: 'idx', articleUrl: 'article_url' }, 'article_detail.item'),
      failIdx: texts('fail_idx'),
    }),
  },
  // Quirk: in JSON the list stands at the top, and one entry alone may stand without its array.
  subscribe_msg_popup_event: {
    list: list(
      {
        templateId: 'TemplateId',
        subscribeStatusString: 'SubscribeStatusString',
        popupScene: 'PopupScene',
      },
      'SubscribeMsgPopupEvent.List',
      'List',
    ),
  },
  subscribe_msg_change_event: {
    list: list(
      { templateId: 'TemplateId', subscribeStatusString: 'SubscribeStatusString' },
      'SubscribeMsgChangeEvent.List',
      'List',
    ),
  },
  subscribe_msg_sent_event: {
    list: list(
      { templateId: 'TemplateId', msgId: 'MsgID', errorCode: 'ErrorCode', errorStatus: 'ErrorStatus' },
      'SubscribeMsgSentEvent.List',
      'List',
    ),
  },
  user_info_modified: person,
  user_authorization_revoke: { ...person, revokeInfo: 'RevokeInfo' },
  user_authorization_cancellation: person,
  qualification_verify_success: expired,
  qualification_verify_fail: failed,
  naming_verify_success: expired,
  naming_verify_fail: failed,
  annual_renew: expired,
  verify_expired: expired,
  kf_create_session: { kfAccount: 'KfAccount' },
  kf_close_session: { kfAccount: 'KfAccount', closeType: 'CloseType' },
  kf_switch_session: { fromKfAccount: 'FromKfAccount', toKfAccount: 'ToKfAccount' },
  user_enter_tempsession: { sessionFrom: 'SessionFrom' },
  debug_demo: { debugStr: 'debug_str' },
} as const;

const card = { cardId: 'CardId', userCardCode: 'UserCardCode' };
const giftCard = { pageId: 'PageId', orderId: 'OrderId' };
const audit = { auditId: 'audit_id', status: 'status' };
const product = { keyStandard: 'KeyStandard', keyStr: 'KeyStr' };
const beacon = { uuid: 'Uuid', major: 'Major', minor: 'Minor', distance: 'Distance' };

/**
 * The events of the other products（卡券, 礼品卡, 电子发票, 门店, 小店, 摇一摇周边, Wi-Fi, 扫一扫, 导购）by their names on the
 * wire, and what each has besides `EventKey` and `Ticket`.
 */
const productEventShapes = {
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

export const eventShapes = { ...accountEventShapes, ...productEventShapes } as const;
