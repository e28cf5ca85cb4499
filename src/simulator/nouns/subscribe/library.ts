/** What 订阅通知 has in its library: categories（类目）, and public templates of which an account chooses keywords. */

export const categories: readonly { readonly id: number; readonly name: string }[] = [
  { id: 616, name: '公交' },
  { id: 307, name: '服装/鞋/箱包' },
  { id: 402, name: '在线教育' },
];

export interface PublicTemplate {
  readonly tid: number;
  readonly title: string;
  /** 2 one-time, 3 long-term. */
  readonly type: 2 | 3;
  readonly categoryId: string;
  readonly keywords: readonly PublicKeyword[];
}

interface PublicKeyword {
  readonly kid: number;
  readonly name: string;
  readonly example: string;
  /** Its kind: `thing`, `time` … */
  readonly rule: string;
}

/** The real library is larger. */
export const publicTemplates: readonly PublicTemplate[] = [
  {
    tid: 99,
    title: '付款成功通知',
    type: 2,
    categoryId: '616',
    keywords: [
      { kid: 1, name: '物品名称', example: '名称', rule: 'thing' },
      { kid: 2, name: '付款金额', example: '39.8元', rule: 'amount' },
      { kid: 3, name: '付款时间', example: '2026年1月15日 12:00', rule: 'time' },
      { kid: 4, name: '订单号', example: '2026011500001', rule: 'character_string' },
    ],
  },
  {
    tid: 401,
    title: '车辆到站提醒',
    type: 3,
    categoryId: '616',
    keywords: [
      { kid: 1, name: '线路', example: '102路', rule: 'thing' },
      { kid: 2, name: '到站时间', example: '12:05', rule: 'time' },
      { kid: 3, name: '车牌号', example: '粤A12345', rule: 'car_number' },
      { kid: 4, name: '剩余站数', example: '2', rule: 'number' },
    ],
  },
  {
    tid: 855,
    title: '订单发货通知',
    type: 2,
    categoryId: '307',
    keywords: [
      { kid: 1, name: '商品名称', example: '风衣', rule: 'thing' },
      { kid: 2, name: '快递单号', example: 'SF1234567890', rule: 'character_string' },
      { kid: 3, name: '收货人', example: '张三', rule: 'name' },
      { kid: 4, name: '收货电话', example: '020-12345678', rule: 'phone_number' },
      { kid: 5, name: '发货时间', example: '2026年1月15日', rule: 'date' },
      { kid: 6, name: '配送状态', example: '已发货', rule: 'phrase' },
    ],
  },
  {
    tid: 3421,
    title: '上课提醒',
    type: 2,
    categoryId: '402',
    keywords: [
      { kid: 1, name: '课程名称', example: '英语口语', rule: 'thing' },
      { kid: 2, name: '上课时间', example: '2026年1月15日 12:00', rule: 'time' },
      { kid: 3, name: '授课老师', example: '李老师', rule: 'name' },
    ],
  },
];

export const minKeywords = 2;
export const maxKeywords = 5;

/** A template that the account has chosen, as gettemplate tells it. */
export interface OwnSubscription {
  readonly priTmplId: string;
  readonly title: string;
  readonly content: string;
  readonly example: string;
  readonly keywordEnumValueList?: readonly {
    readonly enumValueList: readonly string[];
    readonly keywordCode: string;
  }[];
  readonly type: 2 | 3;
}

/** What every account begins with: the templates of the official example. */
export const firstSubscriptions: readonly OwnSubscription[] = [
  {
    priTmplId: '9Aw5ZV1j9xdWTFEkqCpZ7mIBbSC34khK55OtzUPl0rU',
    title: '报名结果通知',
    content: '会议时间:{{date2.DATA}}\n会议地点:{{thing1.DATA}}\n',
    example: '会议时间:2016年8月8日\n会议地点:TIT会议室\n',
    type: 2,
  },
  {
    priTmplId: 'cy_DfOZL7lypxHh3ja3DyAUbn1GYQRGwezuy5LBTFME',
    title: '洗衣机故障提醒',
    content: '完成时间:{{time1.DATA}}\n所在位置:{{enum_string2.DATA}}\n提示说明:{{enum_string3.DATA}}\n',
    example:
      '完成时间:2021年10月21日 12:00:00\n所在位置:客厅\n提示说明:设备发生故障，导致工作异常，请及时查看\n',
    keywordEnumValueList: [
      {
        enumValueList: ['客厅', '餐厅', '厨房', '卧室', '卫生间', '阳台', '其他房间'],
        keywordCode: 'enum_string2.DATA',
      },
      {
        enumValueList: ['设备发生故障，导致工作异常，请及时查看'],
        keywordCode: 'enum_string3.DATA',
      },
    ],
    type: 3,
  },
];
