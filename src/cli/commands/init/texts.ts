/** What `init` says, and what it writes for a start. */
import type { Language, Text } from '../../../core/text/text.ts';
import type { ProjectAccount } from './account.ts';
import type { FileAction } from './files.ts';

/** 公众号测试号 */
export const testAccountPage = 'https://mp.weixin.qq.com/debug/cgi-bin/sandbox?t=sandbox/login';

export const actionTexts: Readonly<Record<'planned' | 'done', Readonly<Record<FileAction, Text>>>> = {
  planned: {
    create: { en: 'would be created', zh: '将创建' },
    replace: { en: 'would be replaced', zh: '将覆盖' },
    extend: { en: 'would get new lines', zh: '将追加内容' },
    keep: { en: 'stays as it is', zh: '保持不变' },
  },
  done: {
    create: { en: 'created', zh: '已创建' },
    replace: { en: 'replaced', zh: '已覆盖' },
    extend: { en: 'new lines added', zh: '已追加内容' },
    keep: { en: 'kept as it was', zh: '保持不变' },
  },
};

export const gitignoreTitle: Text = {
  en: 'wechat-mp: secrets, and messages of people',
  zh: 'wechat-mp：密钥，以及用户的消息',
};

export const tryNext: Text = { en: 'Try next:', zh: '接下来可以试试：' };

interface Step {
  readonly command: string;
  readonly why: Text;
}

const ofAccount: readonly Step[] = [
  {
    command: 'wechat-mp doctor',
    why: { en: 'is the account in order?', zh: '检查公众号是否可用' },
  },
  {
    command: 'wechat-mp menu pull --out live.json',
    why: { en: 'the menu that people see now', zh: '取回线上菜单' },
  },
  {
    command: 'wechat-mp menu push menu.json --dry-run',
    why: { en: 'what a push would change', zh: '查看发布会改变什么' },
  },
];

export const nextSteps: Readonly<Record<ProjectAccount['kind'], readonly Step[]>> = {
  add: ofAccount,
  keep: ofAccount,
  simulator: [
    {
      command: 'wechat-mp simulator --open --to http://127.0.0.1:8080/wechat',
      why: { en: 'in a terminal of its own', zh: '在单独的终端中运行' },
    },
    {
      command: 'wechat-mp serve',
      why: { en: 'answers messages, in a second one', zh: '在第二个终端中回复消息' },
    },
    {
      command: 'wechat-mp menu push menu.json',
      why: { en: 'the menu appears on the phone', zh: '菜单会出现在手机上' },
    },
  ],
};

export const starterMenu: Readonly<Record<Language, object>> = {
  en: menuOf('Hello', 'More', 'Website', 'Contact'),
  zh: menuOf('你好', '更多', '官网', '联系我们'),
};

function menuOf(hello: string, more: string, website: string, contact: string): object {
  return {
    button: [
      { type: 'click', name: hello, key: 'HELLO' },
      {
        name: more,
        sub_button: [
          { type: 'view', name: website, url: 'https://www.example.com/' },
          { type: 'click', name: contact, key: 'CONTACT' },
        ],
      },
    ],
  };
}
