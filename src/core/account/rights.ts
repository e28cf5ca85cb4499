/**
 * Who may call what（接口权限）: the platform's table, by kind of account. One table for everything that has to know:
 * what the simulator refuses with 48001, and what is said about a 48001.
 */
import type { Text } from '../text/text.ts';

/** Kinds of account, by subject and verification（认证）. The platform calls a 订阅号 a 公众号 today. */
export const accountTypes = [
  'personal',
  'unverified_subscription',
  'verified_subscription',
  'unverified_service',
  'verified_service',
  'test',
] as const;

export type AccountType = (typeof accountTypes)[number];

export const accountTypeNames: Readonly<Record<AccountType, Text>> = {
  personal: { en: 'personal account', zh: '个人主体公众号' },
  unverified_subscription: { en: 'unverified subscription account', zh: '未认证的订阅号' },
  verified_subscription: { en: 'verified subscription account', zh: '已认证的订阅号' },
  unverified_service: { en: 'unverified service account', zh: '未认证的服务号' },
  verified_service: { en: 'verified service account', zh: '已认证的服务号' },
  test: { en: 'test account', zh: '接口测试号' },
};

/** A line of the table: the columns that say yes, and the calls that it is about. */
export interface AccountRight {
  readonly name: Text;
  readonly columns: readonly Column[];
  /** A path, or the beginning of paths where it ends in a slash. */
  readonly paths: readonly string[];
}

type Column = 'unverified_subscription' | 'verified_subscription' | 'unverified_service' | 'verified_service';

/** Personal accounts cannot be verified; test accounts have nearly everything. */
const columnOf: Readonly<Record<AccountType, Column>> = {
  personal: 'unverified_subscription',
  unverified_subscription: 'unverified_subscription',
  verified_subscription: 'verified_subscription',
  unverified_service: 'unverified_service',
  verified_service: 'verified_service',
  test: 'verified_service',
};

const verified: readonly Column[] = ['verified_subscription', 'verified_service'];

/** Calls that stand in no line are allowed: a refusal that is only guessed would be a false alarm. */
const rights: readonly AccountRight[] = [
  {
    name: { en: 'custom menus', zh: '自定义菜单' },
    columns: ['verified_subscription', 'unverified_service', 'verified_service'],
    // Quirk: get_current_selfmenu_info, which reads them, is open to every account.
    paths: ['/cgi-bin/menu/'],
  },
  {
    name: { en: 'customer messages', zh: '客服消息' },
    columns: verified,
    paths: ['/cgi-bin/message/custom/'],
  },
  {
    name: { en: 'mass messages', zh: '群发' },
    columns: verified,
    paths: ['/cgi-bin/message/mass/', '/cgi-bin/media/uploadnews', '/cgi-bin/media/uploadvideo'],
  },
  {
    name: { en: 'material', zh: '素材管理' },
    columns: verified,
    paths: ['/cgi-bin/media/upload', '/cgi-bin/media/get', '/cgi-bin/media/uploadimg', '/cgi-bin/material/'],
  },
  {
    name: { en: 'users, tags and remarks', zh: '用户、标签与备注名' },
    columns: verified,
    paths: ['/cgi-bin/user/', '/cgi-bin/tags/', '/cgi-bin/groups/'],
  },
  {
    name: { en: 'one-time subscription messages', zh: '一次性订阅消息' },
    columns: verified,
    paths: ['/cgi-bin/message/template/subscribe'],
  },
  {
    // Since July 2025; before, every account could publish.
    name: { en: 'publishing', zh: '发布能力' },
    columns: verified,
    paths: ['/cgi-bin/freepublish/'],
  },
  {
    // For verified accounts on application, which nobody can see from here.
    name: { en: 'cards', zh: '卡券' },
    columns: verified,
    paths: ['/card/'],
  },
  {
    name: { en: 'template messages', zh: '模板消息' },
    columns: ['verified_service'],
    paths: ['/cgi-bin/template/', '/cgi-bin/message/template/send'],
  },
  {
    name: { en: 'web authorisation', zh: '网页授权' },
    columns: ['verified_service'],
    paths: ['/connect/oauth2/authorize', '/sns/'],
  },
  {
    name: { en: 'QR codes with a scene', zh: '带参数的二维码' },
    columns: ['verified_service'],
    paths: ['/cgi-bin/qrcode/create'],
  },
  {
    name: { en: 'semantic understanding', zh: '语义理解' },
    columns: ['verified_service'],
    paths: ['/semantic/'],
  },
  {
    name: { en: 'customer-service accounts', zh: '多客服' },
    columns: ['verified_service'],
    paths: ['/customservice/', '/cgi-bin/customservice/'],
  },
  {
    name: { en: 'shops and devices', zh: '微信小店与设备功能' },
    columns: ['verified_service'],
    paths: ['/merchant/', '/device/'],
  },
];

/** The line of the table that a path stands in; `undefined` for a call that is in none. */
export function findRight(path: string): AccountRight | undefined {
  return rights.find(({ paths }) =>
    paths.some((each) => (each.endsWith('/') ? path.startsWith(each) : path === each)),
  );
}

/** Whether the table lets this kind of account make a call. */
export function mayCall(type: AccountType, path: string): boolean {
  return findRight(path)?.columns.includes(columnOf[type]) ?? true;
}

/** The kinds of account that the table lets make a call; all of them for a call in no line. */
export function callersOf(path: string): readonly AccountType[] {
  return accountTypes.filter((type) => mayCall(type, path));
}

/** `Custom menus are open to verified subscription accounts and service accounts`; `undefined` for a call in no line. */
export function describeRight(path: string): Text | undefined {
  const right = findRight(path);
  if (right === undefined) return undefined;
  const { en, zh } = wordsFor(right.columns);
  return { en: `Only ${en} may use ${right.name.en}`, zh: `仅${zh}可使用${right.name.zh}` };
}

/** The same for people, whichever call it is. */
export function whoMayCall(path: string): Text {
  return (
    describeRight(path) ?? {
      en: 'Every kind of account, as far as is known',
      zh: '据目前所知，所有类型的账号',
    }
  );
}

function wordsFor(columns: readonly Column[]): Text {
  if (columns.includes('unverified_service'))
    return { en: 'verified subscription accounts and service accounts', zh: '已认证的订阅号和服务号' };
  if (columns.includes('verified_subscription')) return { en: 'verified accounts', zh: '已认证的账号' };
  return { en: 'verified service accounts', zh: '已认证的服务号' };
}
