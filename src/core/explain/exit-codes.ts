/** What the tool's exit codes say: the one table behind `help exit-codes` and `explain`. */
import type { Text } from '../text/text.ts';

export interface ExitCode {
  readonly codes: readonly number[];
  readonly name: Text;
  /** What to do about it. */
  readonly fix: Text;
}

export const exitCodeTable: readonly ExitCode[] = [
  {
    codes: [0],
    name: { en: 'Done, the same, valid', zh: '完成、一致、有效' },
    fix: { en: 'Nothing: it worked', zh: '无需处理' },
  },
  {
    codes: [1],
    name: { en: 'The command worked and the answer is no', zh: '命令正常执行，但结论是否定的' },
    fix: {
      en: 'Read the answer on stdout: what differs, or which rule is broken',
      zh: '查看标准输出中的结果：哪里不同，或违反了哪条规则',
    },
  },
  {
    codes: [2],
    name: {
      en: 'The command line or an input cannot be understood',
      zh: '命令行或输入无法理解',
    },
    fix: {
      en: 'Mend what the message names; the flags of a command are in its --help',
      zh: '按消息修正；命令的选项见其 --help',
    },
  },
  {
    codes: [3],
    name: {
      en: 'Credentials or account set-up: a human must act',
      zh: '凭证或账号设置有问题，需要人工处理',
    },
    fix: {
      en: 'See which settings are in force (wechat-mp profile show), then do what the hint says; repeating does not help',
      zh: '查看生效的设置（wechat-mp profile show），再按提示处理；重试没有用',
    },
  },
  {
    codes: [4],
    name: { en: 'The platform refused for another reason', zh: '平台因其他原因拒绝' },
    fix: {
      en: 'Ask for the errcode that the message names: wechat-mp explain <errcode>',
      zh: '查询消息中的错误码：wechat-mp explain <错误码>',
    },
  },
  {
    codes: [5],
    name: {
      en: 'Network: DNS, TLS, timeout, proxy, HTTP 5xx, no JSON',
      zh: '网络：DNS、TLS、超时、代理、HTTP 5xx、非 JSON',
    },
    fix: {
      en: 'Check the network, the proxy and the API base; a change may or may not have happened, so look before you repeat it',
      zh: '检查网络、代理与接口地址；变更可能已生效，重试前请先查看',
    },
  },
  {
    codes: [6],
    name: { en: 'A quota or a rate limit', zh: '额度或频率限制' },
    fix: { en: 'Wait as the hint says, then go on more slowly', zh: '按提示等待，之后降低频率' },
  },
  {
    codes: [7],
    name: {
      en: 'This machine: port taken, disk full, permission, lock',
      zh: '本机：端口被占、磁盘满、权限、锁',
    },
    fix: { en: 'Mend what the message names on this machine', zh: '按消息处理本机的问题' },
  },
  {
    codes: [70],
    name: { en: 'A mistake in wechat-mp itself', zh: 'wechat-mp 自身的错误' },
    fix: {
      en: 'Report it with the lines that were printed: they hold no secret',
      zh: '请连同输出的内容一起反馈：其中不含密钥',
    },
  },
  {
    codes: [126, 127],
    name: {
      en: 'The command after -- cannot be started, is not there',
      zh: '“--”之后的命令无法启动、不存在',
    },
    fix: {
      en: 'Check the name and the permissions of the command; 127: it is not there',
      zh: '检查命令名与执行权限；127 表示不存在',
    },
  },
  {
    codes: [129, 130, 131, 143],
    name: { en: 'Hung up, interrupted, quit, terminated', zh: '被挂断、被中断、被退出、被终止' },
    fix: {
      en: '129: the terminal was closed; 130: Ctrl-C; 131: Ctrl-\\; 143: another program ended it, such as a container that was stopped',
      zh: '129：终端关闭；130：Ctrl-C；131：Ctrl-\\；143：被其他程序终止，例如容器停止',
    },
  },
];

export function findExitCode(code: number): ExitCode | undefined {
  return exitCodeTable.find(({ codes }) => codes.includes(code));
}
