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
export const accountEventShapes = {
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
