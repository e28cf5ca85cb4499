/** QR codes with a scene (带参数二维码). */
import { formatQrTicket, parseQrRequest, type QrScene } from '../../../core/qrcode/index.ts';
import type { Clock, Random } from '../../../io/ports.ts';
import { createForgetting } from '../../account/forgetting.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';

/** Quirk: permanent codes can never be deleted, and an account has this many in its whole life. */
const permanentCodes = 100_000;
/** The platform has no limit for temporary codes; a simulator that runs for weeks forgets the oldest. */
const temporaryCodes = 200_000;
/** How many of the newest codes `/_ctl/state` lists. */
const listedCodes = 100;

export interface QrCode {
  readonly scene: QrScene;
  readonly ticket: string;
  readonly url: string;
  readonly createdAtMs: number;
  /** Missing for permanent codes. */
  readonly expireSeconds: number | undefined;
}

export type SavedQrCodes = readonly QrCode[];

export function createQrCodes(clock: Clock, random: Random) {
  const permanent = new Map<string, QrCode>();
  const byTicket = new Map<string, QrCode>();
  /** Tickets of temporary codes, the oldest first. */
  const temporary = new Set<string>();
  const forget = createForgetting(temporary, temporaryCodes, (ticket) => byTicket.delete(ticket));
  const head = random.bytes(2);

  const make = (scene: QrScene): QrCode => {
    const createdAtMs = clock.now();
    const expireSeconds = scene.permanent ? undefined : scene.expireSeconds;
    const url = `http://weixin.qq.com/q/02${randomBase64Url(random, 20)}`;
    const createdAtSeconds = Math.floor(createdAtMs / 1000);
    const ticket = formatQrTicket({ head, url, createdAtSeconds, expireSeconds });
    const code = { scene, ticket, url, createdAtMs, expireSeconds };
    byTicket.set(ticket, code);
    return code;
  };

  return {
    owns: (id: string): boolean => byTicket.has(id),
    // No code ever changes: whoever has the list can keep it.
    save: (): SavedQrCodes =>
      Object.freeze([...byTicket.values()].filter((code) => clock.now() < expiresAtMs(code))),
    restore(saved: SavedQrCodes): void {
      for (const known of [permanent, byTicket, temporary]) known.clear();
      for (const code of saved) {
        byTicket.set(code.ticket, code);
        if (code.scene.permanent) permanent.set(keyOf(code.scene), code);
        else temporary.add(code.ticket);
      }
    },
    /** Makes a code, or finds the permanent one of the same scene. Throws 40052 or 40053. */
    create(body: unknown): QrCode {
      const { scene, errcode } = parseQrRequest(body);
      if (scene === undefined) throw new Refusal(errcode);
      if (scene.permanent) {
        const key = keyOf(scene);
        const known = permanent.get(key);
        if (known !== undefined) return known;
        if (permanent.size >= permanentCodes) throw new Refusal(40053);
        const code = make(scene);
        permanent.set(key, code);
        return code;
      }
      const code = make(scene);
      temporary.add(code.ticket);
      forget();
      return code;
    },
    /** Finds an expired code, too. */
    find: (ticket: string): QrCode | undefined => byTicket.get(ticket),
    /** Finds a code by what it contains, as a phone does. */
    findByUrl: (url: string): QrCode | undefined => [...byTicket.values()].find((code) => code.url === url),
    isExpired: (code: QrCode): boolean => clock.now() >= expiresAtMs(code),
    snapshot: (): Record<string, unknown> => ({
      permanent: permanent.size,
      temporary: temporary.size,
      newest: [...byTicket.values()].slice(-listedCodes).map((code) => describe(code, clock.now())),
    }),
  };
}

function keyOf({ scene }: QrScene): string {
  return `${typeof scene} ${scene}`;
}

/** Infinite for a permanent code. */
function expiresAtMs({ createdAtMs, expireSeconds }: QrCode): number {
  return expireSeconds === undefined ? Number.POSITIVE_INFINITY : createdAtMs + expireSeconds * 1000;
}

function describe(code: QrCode, nowMs: number): unknown {
  const { scene, ticket, url } = code;
  return {
    ...(typeof scene.scene === 'number' ? { scene_id: scene.scene } : { scene_str: scene.scene }),
    permanent: scene.permanent,
    ticket,
    url,
    expires_at: scene.permanent ? null : new Date(expiresAtMs(code)).toISOString(),
    expired: nowMs >= expiresAtMs(code),
  };
}
