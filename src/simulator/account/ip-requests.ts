/** Addresses that are not in the whitelist and wait for the administrator's word（管理员确认）. */
import type { Clock } from '../../io/ports.ts';
import type { IpRequestView } from '../control/types/index.ts';
import { Refusal } from '../server/refusal.ts';

const hourMs = 3_600_000;
/** After the first refusal, and after every further one. */
const refusedMs = { once: hourMs, again: 24 * hourMs };
/** A simulator that runs for weeks forgets the oldest. */
const keptRequests = 1000;

interface IpRequest {
  readonly address: string;
  readonly askedAtMs: number;
  readonly state: 'pending' | 'allowed' | 'refused';
  readonly refusals: number;
  readonly untilMs: number;
}

export type IpRequests = ReturnType<typeof createIpRequests>;

export function createIpRequests(clock: Clock) {
  const requests = new Map<string, IpRequest>();
  const isRefused = ({ state, untilMs }: IpRequest): boolean => state === 'refused' && clock.now() < untilMs;
  return {
    /** Throws 89503 for the first call, 89501 while it waits, 89507 or 89506 while it is refused. */
    check(address: string): void {
      const known = requests.get(address);
      if (known?.state === 'allowed') return;
      if (known?.state === 'pending') throw new Refusal(89501);
      if (known !== undefined && isRefused(known)) throw new Refusal(known.refusals > 1 ? 89506 : 89507);
      const { refusals = 0 } = known ?? {};
      requests.delete(address);
      requests.set(address, { address, askedAtMs: clock.now(), state: 'pending', refusals, untilMs: 0 });
      const [oldest] = requests.keys();
      if (requests.size > keptRequests && oldest !== undefined) requests.delete(oldest);
      throw new Refusal(89503);
    },
    /** The administrator's word; `undefined` for an address that has not asked. */
    decide(address: string, allow: boolean): IpRequestView | undefined {
      const known = requests.get(address);
      if (known === undefined) return undefined;
      const refusals = allow ? 0 : known.refusals + 1;
      const untilMs = allow ? 0 : clock.now() + (refusals > 1 ? refusedMs.again : refusedMs.once);
      const decided: IpRequest = { ...known, state: allow ? 'allowed' : 'refused', refusals, untilMs };
      requests.set(address, decided);
      return format(decided);
    },
    list: (): readonly IpRequestView[] => [...requests.values()].map(format),
    save: (): readonly IpRequest[] => [...requests.values()],
    restore(saved: readonly IpRequest[]): void {
      requests.clear();
      for (const request of saved) requests.set(request.address, request);
    },
  };
}

function format({ address, askedAtMs, state, untilMs }: IpRequest): IpRequestView {
  return {
    address,
    state,
    asked_at: new Date(askedAtMs).toISOString(),
    refused_until: state === 'refused' ? new Date(untilMs).toISOString() : null,
  };
}
