/** What the rows of `doctor` say. */
import { consolePlaces } from '../account/index.ts';
import type { CallUsage } from '../catalogue/index.ts';
import type { Text } from '../text/text.ts';
import type { FoundLock } from './machine.ts';
import { spanOf } from './span.ts';

/** What a row that is not well says, and what to do. */
interface Trouble {
  readonly text: Text;
  readonly hint: Text;
}

// Rows that were left out

export const notOffline: Text = { en: 'Not asked, because of --offline', zh: '使用了 --offline，未检查' };

export function blockedBy(name: string): Text {
  return { en: `Nothing can be told before "${name}" is well`, zh: `“${name}”未通过，无法检查` };
}

// Node.js and clock

const newerNode: Text = { en: 'Install Node.js 24, from nodejs.org', zh: '请从 nodejs.org 安装 Node.js 24' };

export function oldNode(version: string, oldest: string): Trouble {
  return {
    text: {
      en: `Node.js ${version} is too old: the tool is made for ${oldest} and newer`,
      zh: `Node.js ${version} 版本过低：本工具需要 ${oldest} 或更高版本`,
    },
    hint: newerNode,
  };
}

export function endedNode(version: string, end: string): Trouble {
  return {
    text: {
      en: `Node.js ${version} works, but gets no security fixes since ${end}`,
      zh: `Node.js ${version} 可以使用，但自 ${end} 起不再有安全更新`,
    },
    hint: newerNode,
  };
}

export const rightClock: Text = {
  en: "The clock agrees with WeChat's to the minute",
  zh: '本机时间与微信服务器相差不到一分钟',
};

export function wrongClock(skewMs: number): Trouble {
  const span = spanOf(Math.abs(skewMs));
  return {
    text: {
      en: `This machine's clock is ${span.en} ${skewMs > 0 ? 'ahead of' : 'behind'} WeChat's`,
      zh: `本机时间比微信服务器${skewMs > 0 ? '快' : '慢'} ${span.zh}`,
    },
    hint: {
      en: 'Let the system set its clock by NTP (Linux: timedatectl set-ntp true); signatures and certificates go by it',
      zh: '请开启系统的 NTP 时间同步（Linux：timedatectl set-ntp true）；签名和证书都依赖本机时间',
    },
  };
}

// Rights and quota

export const untoldRights: Trouble = {
  text: {
    en: 'WeChat tells nothing about the calls that were asked about',
    zh: '微信没有给出所查询接口的额度',
  },
  hint: {
    en: `See them at ${consolePlaces.permissions.en}`,
    zh: `请在 ${consolePlaces.permissions.zh}查看`,
  },
};

export function allOpen(count: number, unanswered: number): Text {
  const but = unanswered === 0 ? undefined : unanswered;
  return {
    en: `All ${count} calls asked about are open to this account${but === undefined ? '' : `; of ${but} WeChat tells nothing`}`,
    zh: `所查询的 ${count} 个接口均可使用${but === undefined ? '' : `；另有 ${but} 个微信未给出额度`}`,
  };
}

export function closedCalls(names: readonly Text[]): Trouble {
  return {
    text: {
      en: `WeChat gives this account 0 calls a day of: ${names.map(({ en }) => en).join('; ')}`,
      zh: `以下接口的每日额度为 0：${names.map(({ zh }) => zh).join('；')}`,
    },
    hint: {
      en: `Who may call what stands at ${consolePlaces.permissions.en}; an account that is not verified (未认证) or personal may call few`,
      zh: `权限见 ${consolePlaces.permissions.zh}；未认证或个人主体的账号可用接口较少`,
    },
  };
}

export const enoughLeft: Text = {
  en: 'More than a tenth of the day is left of each call',
  zh: '各接口今日剩余次数均不少于十分之一',
};

export function usedUp(usages: readonly CallUsage[]): Trouble {
  const list = usages.map(({ path, dailyLimit }) => `${path} (${dailyLimit})`);
  return {
    text: { en: `No calls are left today: ${list.join(', ')}`, zh: `今日次数已用完：${list.join('、')}` },
    hint: {
      en: 'Wait for tomorrow (Beijing time), or reset them with "wechat-mp quota --reset", ten times a month at most',
      zh: '请等到明天（北京时间），或用 wechat-mp quota --reset 重置，每月最多十次',
    },
  };
}

export function fewLeft(usages: readonly CallUsage[]): Trouble {
  const list = usages.map(({ path, dailyLimit, remain }) => `${path} (${remain}/${dailyLimit})`);
  return {
    text: {
      en: `Less than a tenth of the day is left: ${list.join(', ')}`,
      zh: `今日剩余次数不足十分之一：${list.join('、')}`,
    },
    hint: {
      en: 'Find out who calls so often before the rest is gone',
      zh: '请在用完之前找出调用频繁的程序',
    },
  };
}

export const seeNumbers: Text = { en: 'shows the numbers', zh: '查看具体数字' };

// The token and its history

/** When the token in the cache was fetched, by whom, and when it would end. */
export interface Fetched {
  readonly atMs: number;
  readonly host: string;
  readonly pid: number;
  readonly nowMs: number;
  readonly endsAtMs: number;
}

function byWhom({ atMs, host, pid, nowMs }: Fetched): Text {
  const ago = spanOf(nowMs - atMs);
  return {
    en: `fetched ${ago.en} ago by process ${pid} on "${host}"`,
    zh: `由主机“${host}”上的进程 ${pid} 于 ${ago.zh}前获取`,
  };
}

export function acceptedToken(fetched: Fetched): Text {
  const { en, zh } = byWhom(fetched);
  return { en: `WeChat accepts the token, which was ${en}`, zh: `微信接受该 access_token（${zh}）` };
}

export function uncheckedToken(fetched: Fetched): Text {
  const { en, zh } = byWhom(fetched);
  return { en: `The token in the cache was ${en}`, zh: `缓存的 access_token ${zh}` };
}

export function replacedToken(fetched: Fetched, renewed: boolean): Text {
  const { en, zh } = byWhom(fetched);
  const left = spanOf(fetched.endsAtMs - fetched.nowMs);
  return {
    en: `Somebody replaced the token that was ${en}: WeChat refuses it ${left.en} before its end, and nobody has fetched another one into this cache${renewed ? '; the cache has the current one now' : ''}`,
    zh: `有其他程序更换了 access_token（${zh}）：距到期还有 ${left.zh}，微信已不接受它，而本缓存此后没有人获取过${renewed ? '；缓存现已更新为当前的 access_token' : ''}`,
  };
}

export const shareClassic: Text = {
  en: 'Let every program use stable_token (--stable), or let one fetch for all: each fetch from cgi-bin/token ends the token of the others',
  zh: '请让所有程序改用 stable_token（--stable），或只由一个程序统一获取：每次用 cgi-bin/token 获取都会使其他程序的 access_token 失效',
};

export const findForcer: Text = {
  en: 'Find the program that sends "force_refresh": true to stable_token, and let it ask without',
  zh: '请找出向 stable_token 发送 "force_refresh": true 的程序，改为不强制刷新',
};

export const seeHistory: Text = { en: 'shows who fetched when', zh: '查看何时由谁获取' };

// Locks

export const noLocks: Text = { en: 'No lock is held', zh: '没有被占用的锁' };

function ownerOf({ holder }: FoundLock): Text {
  if (holder === undefined) return { en: 'somebody', zh: '某个进程' };
  return {
    en: `process ${holder.pid} on "${holder.host}"`,
    zh: `主机“${holder.host}”上的进程 ${holder.pid} `,
  };
}

export function heldLock(lock: FoundLock): Text {
  const [owner, age] = [ownerOf(lock), spanOf(lock.ageMs)];
  return {
    en: `A lock is held by ${owner.en} and was confirmed ${age.en} ago`,
    zh: `锁由${owner.zh}占用，${age.zh}前确认过`,
  };
}

export function staleLock(lock: FoundLock, count: number): Trouble {
  const [owner, age] = [ownerOf(lock), spanOf(Math.abs(lock.ageMs))];
  const more = count > 1 ? count - 1 : undefined;
  return {
    text: {
      en: `A lock of ${owner.en} has been silent for ${age.en}: "${lock.path}"${more === undefined ? '' : `, and ${more} more`}`,
      zh: `${owner.zh}的锁已 ${age.zh}没有动静："${lock.path}"${more === undefined ? '' : `，另有 ${more} 个`}`,
    },
    hint: {
      en: 'The next command that needs it takes it over; "wechat-mp doctor --fix" removes it now',
      zh: '下一个需要它的命令会接管；也可用 wechat-mp doctor --fix 立即清除',
    },
  };
}

export const removesIt: Text = { en: 'removes it', zh: '清除它' };

export function removedLocks({ path }: FoundLock, count: number): Text {
  const more = count > 1 ? count - 1 : undefined;
  return {
    en: `Removed a lock that was left behind: "${path}"${more === undefined ? '' : `, and ${more} more`}`,
    zh: `已清除遗留的锁："${path}"${more === undefined ? '' : `，另有 ${more} 个`}`,
  };
}

// The store that machines share

export function goodStore(store: {
  readonly name: string;
  readonly place: Text;
  readonly tookMs: number;
  readonly policy: string;
  readonly isReplica: boolean;
}): Text {
  const { name, place, tookMs, policy, isReplica } = store;
  const [role, zhRole] = isReplica ? [', a replica', '，从节点'] : ['', ''];
  const [memory, zhMemory] = policy === '' ? ['', ''] : [`, memory policy ${policy}`, `，内存策略 ${policy}`];
  return {
    en: `${name} answers in ${tookMs} ms${role}${memory}, from ${place.en}`,
    zh: `${name} 在 ${tookMs} ms 内应答${zhRole}${zhMemory}，来自${place.zh}`,
  };
}

export function replicaStore(name: string): Trouble {
  return {
    text: {
      en: `${name} is a replica that takes no writes: no token can be shared there`,
      zh: `${name} 是只读的从节点：无法在其中共用 access_token`,
    },
    hint: {
      en: 'Name the primary, or the sentinels, who know it: redis+sentinel://host:26379/name',
      zh: '请填写主节点，或填写哨兵，由其给出主节点：redis+sentinel://主机:26379/名称',
    },
  };
}

export function fullStore(name: string): Trouble {
  return {
    text: {
      en: `${name} is full and takes no writes (maxmemory, noeviction)`,
      zh: `${name} 内存已满，不再接受写入（maxmemory，noeviction）`,
    },
    hint: moreMemory,
  };
}

export function nearlyFullStore(name: string, part: number, policy: string): Trouble {
  const percent = Math.floor(part * 100);
  return {
    text:
      policy === 'noeviction'
        ? {
            en: `${name} is ${percent} % full, and then takes no more writes`,
            zh: `${name} 内存已用 ${percent}%，用满后不再接受写入`,
          }
        : {
            en: `${name} is ${percent} % full and forgets keys (${policy}): a token may go before its end`,
            zh: `${name} 内存已用 ${percent}%，会淘汰键（${policy}）：access_token 可能提前丢失`,
          },
    hint: moreMemory,
  };
}

const moreMemory: Text = {
  en: 'Give it more memory (maxmemory), or keep tokens in a Redis of their own',
  zh: '请增加内存（maxmemory），或把 access_token 放在单独的 Redis 中',
};
