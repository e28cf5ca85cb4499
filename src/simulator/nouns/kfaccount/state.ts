/** Customer-service accounts（客服账号）: who answers in the name of the account, and which WeChat id is behind each. */
import type { Clock } from '../../../io/ports.ts';
import type { Persistent } from '../../account/persistent.ts';
import { Refusal } from '../../server/refusal.ts';

const maxAccounts = 100;
const maxNicknameCharacters = 16;
/** 账号前缀@公众号微信号. What the account's own WeChat id is, the simulator does not know: any will do. */
const nameForm = /^\w{1,10}@[A-Za-z0-9_-]{1,30}$/;
const weChatIdForm = /^[A-Za-z0-9_-]{1,32}$/;
/** How long an invitation is good. The platform does not say; a day was seen. */
const invitationMs = 86_400_000;
const firstId = 1001;

interface Invitation {
  readonly weChatId: string;
  readonly expiresAtMs: number;
  readonly isRejected: boolean;
}

export interface ServiceAccount {
  /** The whole name, for example `test1@test`. */
  readonly name: string;
  readonly id: number;
  readonly nickname: string;
  /** The key of its picture, if one has been uploaded. */
  readonly picture: string | undefined;
  /** The WeChat id of the person who serves. */
  readonly worker: string | undefined;
  readonly invitation: Invitation | undefined;
  readonly isOnline: boolean;
}

export type InvitationState = 'waiting' | 'rejected' | 'expired';

export interface SavedServiceAccounts {
  readonly accounts: readonly ServiceAccount[];
  readonly lastId: number;
}

export interface ServiceAccounts extends Persistent<SavedServiceAccounts> {
  /** Throws 65404 for the name, 65403 for the nickname, 65406 where it exists, 65405 for one too many. */
  add(name: unknown, nickname: unknown): void;
  /** Throws 65401 for a name that nobody has. */
  find(name: unknown): ServiceAccount;
  rename(name: unknown, nickname: unknown): void;
  setPicture(name: unknown, key: string): void;
  delete(name: unknown): void;
  /** Asks a person to serve. Throws 65401, 65409, 65412, 65411, 65407 or 65408. */
  invite(name: unknown, weChatId: unknown): void;
  /** What the person says to the invitation; `false` where none waits. */
  answerInvitation(name: unknown, accepts: boolean): boolean;
  /** Comes or goes; `false` for an account that nobody serves. */
  setOnline(name: unknown, isOnline: boolean): boolean;
  invitationState(invitation: Invitation): InvitationState;
  /** Oldest first. */
  list(): readonly ServiceAccount[];
}

const nobody = { picture: undefined, worker: undefined, invitation: undefined, isOnline: false };

export function createServiceAccounts(clock: Clock): ServiceAccounts {
  const accounts = new Map<string, ServiceAccount>();
  let lastId = firstId - 1;
  const find: ServiceAccounts['find'] = (name) => {
    const account = typeof name === 'string' ? accounts.get(name) : undefined;
    if (account === undefined) throw new Refusal(65401);
    return account;
  };
  const change = (account: ServiceAccount, changed: Partial<ServiceAccount>): void => {
    accounts.set(account.name, { ...account, ...changed });
  };
  const invitationState: ServiceAccounts['invitationState'] = ({ isRejected, expiresAtMs }) => {
    if (isRejected) return 'rejected';
    return clock.now() < expiresAtMs ? 'waiting' : 'expired';
  };
  const waiting = ({ invitation }: ServiceAccount): Invitation | undefined =>
    invitation !== undefined && invitationState(invitation) === 'waiting' ? invitation : undefined;
  /** Nobody serves twice, and nobody is asked twice at once. */
  const checkFree = (weChatId: string): void => {
    const all = [...accounts.values()];
    if (all.some(({ worker }) => worker === weChatId)) throw new Refusal(65407);
    if (all.some((each) => waiting(each)?.weChatId === weChatId)) throw new Refusal(65408);
  };

  return {
    save: () => ({ accounts: [...accounts.values()], lastId }),
    restore(saved) {
      accounts.clear();
      for (const account of saved.accounts) accounts.set(account.name, account);
      lastId = saved.lastId;
    },
    add(name, nickname) {
      if (typeof name !== 'string' || !nameForm.test(name)) throw new Refusal(65404);
      const checked = checkNickname(nickname);
      if (accounts.has(name)) throw new Refusal(65406);
      if (accounts.size >= maxAccounts) throw new Refusal(65405);
      accounts.set(name, { ...nobody, name, id: (lastId += 1), nickname: checked });
    },
    find,
    rename: (name, nickname) => change(find(name), { nickname: checkNickname(nickname) }),
    setPicture: (name, key) => change(find(name), { picture: key }),
    delete: (name) => void accounts.delete(find(name).name),
    invite(name, weChatId) {
      const account = find(name);
      if (typeof weChatId !== 'string' || !weChatIdForm.test(weChatId)) throw new Refusal(65409);
      if (account.worker !== undefined) throw new Refusal(65412);
      if (waiting(account) !== undefined) throw new Refusal(65411);
      checkFree(weChatId);
      const expiresAtMs = clock.now() + invitationMs;
      change(account, { invitation: { weChatId, expiresAtMs, isRejected: false } });
    },
    answerInvitation(name, accepts) {
      const account = find(name);
      const invitation = waiting(account);
      if (invitation === undefined) return false;
      if (accepts) change(account, { worker: invitation.weChatId, invitation: undefined });
      else change(account, { invitation: { ...invitation, isRejected: true } });
      return true;
    },
    setOnline(name, isOnline) {
      const account = find(name);
      if (account.worker === undefined) return false;
      change(account, { isOnline });
      return true;
    },
    invitationState,
    list: () => [...accounts.values()],
  };
}

/** 16 characters; of a Chinese one, one counts as one. */
function checkNickname(nickname: unknown): string {
  const length = typeof nickname === 'string' ? Array.from(nickname.trim()).length : 0;
  if (typeof nickname !== 'string' || length < 1 || length > maxNicknameCharacters) throw new Refusal(65403);
  return nickname;
}
