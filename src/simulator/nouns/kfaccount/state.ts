/** Customer-service accounts（客服账号）: who answers in the name of the account, and which WeChat id is behind each. */
import type { Clock } from '../../../io/ports.ts';
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

const nobody = { picture: undefined, worker: undefined, invitation: undefined, isOnline: false };

export type ServiceAccounts = ReturnType<typeof createServiceAccounts>;

export function createServiceAccounts(clock: Clock) {
  const accounts = new Map<string, ServiceAccount>();
  let lastId = firstId - 1;
  const find = (name: unknown): ServiceAccount => {
    const account = typeof name === 'string' ? accounts.get(name) : undefined;
    if (account === undefined) throw new Refusal(65401);
    return account;
  };
  const change = (account: ServiceAccount, changed: Partial<ServiceAccount>): void =>
    void accounts.set(account.name, { ...account, ...changed });
  const invitationState = ({ isRejected, expiresAtMs }: Invitation): InvitationState => {
    if (isRejected) return 'rejected';
    return clock.now() < expiresAtMs ? 'waiting' : 'expired';
  };
  const waiting = ({ invitation }: ServiceAccount): Invitation | undefined =>
    invitation !== undefined && invitationState(invitation) === 'waiting' ? invitation : undefined;

  return {
    save: (): SavedServiceAccounts => ({ accounts: [...accounts.values()], lastId }),
    restore(saved: SavedServiceAccounts): void {
      accounts.clear();
      for (const account of saved.accounts) accounts.set(account.name, account);
      lastId = saved.lastId;
    },
    /** Throws 65404 for the name, 65403 for the nickname, 65406 where it exists, 65405 for one too many. */
    add(name: unknown, nickname: unknown): void {
      if (typeof name !== 'string' || !nameForm.test(name)) throw new Refusal(65404);
      const checked = checkNickname(nickname);
      if (accounts.has(name)) throw new Refusal(65406);
      if (accounts.size >= maxAccounts) throw new Refusal(65405);
      accounts.set(name, { ...nobody, name, id: (lastId += 1), nickname: checked });
    },
    /** Throws 65401 for a name that nobody has. */
    find,
    rename: (name: unknown, nickname: unknown) => change(find(name), { nickname: checkNickname(nickname) }),
    setPicture: (name: unknown, key: string): void => change(find(name), { picture: key }),
    delete: (name: unknown): void => void accounts.delete(find(name).name),
    /** Asks a person to serve. Throws 65401, 65409, 65412, 65411, 65407 or 65408. */
    invite(name: unknown, weChatId: unknown): void {
      const account = find(name);
      if (typeof weChatId !== 'string' || !weChatIdForm.test(weChatId)) throw new Refusal(65409);
      if (account.worker !== undefined) throw new Refusal(65412);
      if (waiting(account) !== undefined) throw new Refusal(65411);
      // Nobody serves twice, and nobody is asked twice at once.
      const all = [...accounts.values()];
      if (all.some(({ worker }) => worker === weChatId)) throw new Refusal(65407);
      if (all.some((each) => waiting(each)?.weChatId === weChatId)) throw new Refusal(65408);
      const expiresAtMs = clock.now() + invitationMs;
      change(account, { invitation: { weChatId, expiresAtMs, isRejected: false } });
    },
    /** What the person says to the invitation; `false` where none waits. */
    answerInvitation(name: unknown, accepts: boolean): boolean {
      const account = find(name);
      const invitation = waiting(account);
      if (invitation === undefined) return false;
      if (accepts) change(account, { worker: invitation.weChatId, invitation: undefined });
      else change(account, { invitation: { ...invitation, isRejected: true } });
      return true;
    },
    /** Comes or goes; `false` for an account that nobody serves. */
    setOnline(name: unknown, isOnline: boolean): boolean {
      const account = find(name);
      const isServed = account.worker !== undefined;
      if (isServed) change(account, { isOnline });
      return isServed;
    },
    invitationState,
    list: (): readonly ServiceAccount[] => [...accounts.values()],
  };
}

/** 16 characters; of a Chinese one, one counts as one. */
function checkNickname(nickname: unknown): string {
  const length = typeof nickname === 'string' ? Array.from(nickname.trim()).length : 0;
  if (typeof nickname !== 'string' || length < 1 || length > maxNicknameCharacters) throw new Refusal(65403);
  return nickname;
}
