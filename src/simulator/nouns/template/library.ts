/** What 模板消息 has in its library: industries（行业代码）, and templates of which an account chooses its own. */

export interface Industry {
  readonly first_class: string;
  readonly second_class: string;
}

const classes: readonly (readonly [first: string, ...second: readonly string[]])[] = [
  ['IT科技', '互联网|电子商务', 'IT软件与服务', 'IT硬件与设备', '电子技术', '通信与运营商', '网络游戏'],
  ['金融业', '银行', '基金|理财|信托', '保险'],
  ['餐饮', '餐饮'],
  ['酒店旅游', '酒店', '旅游'],
  ['运输与仓储', '快递', '物流', '仓储'],
  ['教育', '培训', '院校'],
  ['政府与公共事业', '学术科研', '交警', '博物馆', '公共事业|非盈利机构'],
  ['医药护理', '医药医疗', '护理美容', '保健与卫生'],
  ['交通工具', '汽车相关', '摩托车相关', '火车相关', '飞机相关'],
  ['房地产', '建筑', '物业'],
  ['消费品', '消费品'],
  ['商业服务', '法律', '会展', '中介服务', '认证', '审计'],
  ['文体娱乐', '传媒', '体育', '娱乐休闲'],
  ['印刷', '印刷'],
  ['其它', '其它'],
];

/** The first one has the code 1. */
const industries: readonly Industry[] = classes.flatMap(([first_class, ...second]) =>
  second.map((second_class) => ({ first_class, second_class })),
);

/** `undefined` for a code that no industry has. Quirk: codes are written as text. */
export function findIndustry(code: unknown): Industry | undefined {
  const digits = typeof code === 'number' ? String(code) : code;
  return typeof digits === 'string' && /^[1-9]\d?$/.test(digits) ? industries[Number(digits) - 1] : undefined;
}

export interface LibraryTemplate {
  /** 模板编号, the template_id_short of api_add_template. */
  readonly shortId: string;
  readonly title: string;
  readonly keywords: readonly {
    readonly name: string;
    /** Kind and number, as it will stand in the content. */
    readonly code: string;
    readonly example: string;
  }[];
}

/** 类目模板库. The real one is larger and differs by the categories of an account. */
const library: readonly LibraryTemplate[] = [
  {
    shortId: '43216',
    title: '订单支付成功通知',
    keywords: [
      { name: '订单编号', code: 'character_string1', example: '2026011500001' },
      { name: '商品名称', code: 'thing2', example: '巧克力' },
      { name: '支付金额', code: 'amount3', example: '39.8元' },
      { name: '支付时间', code: 'time4', example: '2026年1月15日 12:00' },
    ],
  },
  {
    shortId: '42984',
    title: '订单发货通知',
    keywords: [
      { name: '订单编号', code: 'character_string1', example: '2026011500001' },
      { name: '快递公司', code: 'thing2', example: '顺丰速运' },
      { name: '快递单号', code: 'character_string3', example: 'SF1234567890' },
      { name: '收货人', code: 'name4', example: '张三' },
    ],
  },
  {
    shortId: '47203',
    title: '预约成功提醒',
    keywords: [
      { name: '预约项目', code: 'thing1', example: '口腔检查' },
      { name: '预约时间', code: 'time2', example: '2026年1月15日 12:00' },
      { name: '联系电话', code: 'phone_number3', example: '020-12345678' },
      { name: '预约地点', code: 'thing4', example: '广州市海珠区' },
    ],
  },
  {
    shortId: '48271',
    title: '账户余额变动提醒',
    keywords: [
      { name: '变动类型', code: 'phrase1', example: '充值' },
      { name: '变动金额', code: 'amount2', example: '￥100.00' },
      { name: '变动时间', code: 'time3', example: '2026年1月15日 12:00' },
      { name: '账户余额', code: 'amount4', example: '￥268.50' },
    ],
  },
];

export function findLibraryTemplate(shortId: string): LibraryTemplate | undefined {
  return library.find((template) => template.shortId === shortId);
}

/** A template that the account has chosen, as get_all_private_template tells it. */
export interface OwnTemplate {
  readonly template_id: string;
  readonly title: string;
  readonly primary_industry: string;
  readonly deputy_industry: string;
  readonly content: string;
  readonly example: string;
}

/** What every account begins with, so that it can send at once. The first id and its keywords are those of the official example. */
export const firstTemplates: readonly OwnTemplate[] = [
  {
    template_id: 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
    title: '购买成功通知',
    primary_industry: 'IT科技',
    deputy_industry: '互联网|电子商务',
    content: '商品名称：{{keyword1.DATA}}\n消费金额：{{keyword2.DATA}}\n购买时间：{{keyword3.DATA}}',
    example: '商品名称：巧克力\n消费金额：39.8元\n购买时间：2014年9月22日',
  },
  {
    template_id: 'iPk5sOIt5X_flOVKn5GrTFpncEYTojx6ddbt8WYoV5s',
    title: '领取奖金提醒',
    primary_industry: 'IT科技',
    deputy_industry: '互联网|电子商务',
    content:
      '{{result.DATA}}\n\n领奖金额:{{withdrawMoney.DATA}}\n领奖时间:{{withdrawTime.DATA}}\n银行信息:{{cardInfo.DATA}}\n到账时间:{{arrivedTime.DATA}}\n{{remark.DATA}}',
    example:
      '您已提交领奖申请\n\n领奖金额：100元\n领奖时间：2013-10-10 12:22:22\n银行信息：招商银行(尾号1234)\n到账时间：预计次日\n\n预计将于次日到达您的银行卡',
  },
  {
    template_id: 'Doclyl5uP7Aciu-qZ7mJNPtWkbkYnWBWVja26EGbNyk',
    title: '预约成功提醒',
    primary_industry: '',
    deputy_industry: '',
    content: '预约项目：{{thing1.DATA}}\n预约时间：{{time2.DATA}}\n预约地点：{{thing4.DATA}}',
    example: '预约项目：口腔检查\n预约时间：2026年1月15日 12:00\n预约地点：广州市海珠区',
  },
];
