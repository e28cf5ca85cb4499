import { defined } from '../text/defined.ts';
import { isObject, own } from '../text/json-value.ts';
import type { Text } from '../text/text.ts';

/** What a QR code stands for（带参数二维码）: a number or a text, for some time or for ever. */
export type QrScene =
  | { readonly permanent: false; readonly scene: number | string; readonly expireSeconds: number }
  | { readonly permanent: true; readonly scene: number | string };

export const maxTemporarySceneId = 4_294_967_295;
export const maxPermanentSceneId = 100_000;
/** The platform makes this many codes a day for one account, and keeps as many permanent ones. */
export const maxCodes = 100_000;
export const maxSceneTextLength = 64;
/** 30 days. */
export const maxExpireSeconds = 2_592_000;
/** Quirk: pages of different age say 60 and 30 seconds; requests of this tool always name a time. */
export const defaultExpireSeconds = 60;

export interface SceneProblem {
  readonly field: 'scene' | 'expire';
  /** What the platform answers. */
  readonly errcode: 40053;
  readonly text: Text;
  readonly hint: Text;
}

/** Says what is wrong with a scene; nothing if it may be sent. Text lengths are counted in characters. */
export function validateScene(scene: QrScene): readonly SceneProblem[] {
  const problems: SceneProblem[] = [];
  if (typeof scene.scene === 'number') {
    const max = scene.permanent ? maxPermanentSceneId : maxTemporarySceneId;
    if (!isIntegerBetween(scene.scene, 1, max))
      problems.push(sceneNumberProblem(scene.scene, max, scene.permanent));
  } else {
    const length = Array.from(scene.scene).length;
    if (length < 1 || length > maxSceneTextLength) problems.push(sceneTextProblem(length));
  }
  if (!scene.permanent && !isIntegerBetween(scene.expireSeconds, 1, maxExpireSeconds)) {
    problems.push(expireProblem(scene.expireSeconds));
  }
  return problems;
}

function isIntegerBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function problem(field: SceneProblem['field'], reason: Text, hint: Text): SceneProblem {
  const text = { en: `Cannot create the QR code: ${reason.en}`, zh: `无法创建二维码：${reason.zh}` };
  return { field, errcode: 40053, text, hint };
}

function sceneNumberProblem(scene: number, max: number, permanent: boolean): SceneProblem {
  const [en, zh] = permanent ? ['permanent', '永久'] : ['temporary', '临时'];
  return problem(
    'scene',
    {
      en: `the scene of a ${en} code must be an integer from 1 to ${max}, got ${scene}`,
      zh: `${zh}二维码的场景值应为 1 至 ${max} 的整数，实际为 ${scene}`,
    },
    {
      en: 'Use another number, or a text: --scene-str <text>',
      zh: '请换一个数字，或使用文本：--scene-str <text>',
    },
  );
}

function sceneTextProblem(length: number): SceneProblem {
  return problem(
    'scene',
    {
      en: `the scene text must have 1 to ${maxSceneTextLength} characters, got ${length}`,
      zh: `场景文本应为 1 至 ${maxSceneTextLength} 个字符，实际为 ${length}`,
    },
    {
      en: 'Shorten it, or keep long data behind a short key (/cgi-bin/shorten/gen)',
      zh: '请缩短，或用短 key 托管长数据（/cgi-bin/shorten/gen）',
    },
  );
}

function expireProblem(seconds: number): SceneProblem {
  return problem(
    'expire',
    {
      en: `it must expire after 1 to ${maxExpireSeconds} seconds, got ${seconds}`,
      zh: `有效时间应为 1 至 ${maxExpireSeconds} 秒，实际为 ${seconds}`,
    },
    {
      en: 'Use --expire 30d at most, or --permanent',
      zh: '请使用不超过 --expire 30d 的时间，或 --permanent',
    },
  );
}

/** The four `action_name` values of `qrcode/create`（生成带参数的二维码）. */
export type QrActionName = 'QR_SCENE' | 'QR_STR_SCENE' | 'QR_LIMIT_SCENE' | 'QR_LIMIT_STR_SCENE';

export interface QrRequestBody {
  readonly expire_seconds?: number;
  readonly action_name: QrActionName;
  readonly action_info: { readonly scene: { readonly scene_id: number } | { readonly scene_str: string } };
}

/** The body of `POST /cgi-bin/qrcode/create`. */
export function qrRequestBody(scene: QrScene): QrRequestBody {
  const isNumber = typeof scene.scene === 'number';
  return {
    ...defined({ expire_seconds: scene.permanent ? undefined : scene.expireSeconds }),
    action_name: `QR_${scene.permanent ? 'LIMIT_' : ''}${isNumber ? '' : 'STR_'}SCENE`,
    action_info: {
      scene: typeof scene.scene === 'number' ? { scene_id: scene.scene } : { scene_str: scene.scene },
    },
  };
}

/** A request that was understood, or the error code the platform answers. */
export type ParsedQrRequest =
  | { readonly scene: QrScene; readonly errcode?: undefined }
  /** 47001 not an object, 40052 unknown action, 40053 scene missing or out of range. */
  | { readonly scene?: undefined; readonly errcode: 40052 | 40053 | 47001 };

/** Reads the body of `qrcode/create` as the platform does: the reverse of `qrRequestBody`. */
export function parseQrRequest(body: unknown): ParsedQrRequest {
  if (!isObject(body)) return { errcode: 47001 };
  const action = own(body, 'action_name');
  const match = typeof action === 'string' ? /^QR_(LIMIT_)?(STR_)?SCENE$/.exec(action) : null;
  if (match === null) return { errcode: 40052 };
  const info = own(own(body, 'action_info'), 'scene');
  const scene = match[2] === undefined ? integer(own(info, 'scene_id')) : own(info, 'scene_str');
  if (typeof scene !== 'number' && typeof scene !== 'string') return { errcode: 40053 };
  const parsed =
    match[1] === undefined
      ? temporary(scene, own(body, 'expire_seconds'))
      : { permanent: true as const, scene };
  if (parsed === undefined || validateScene(parsed).length > 0) return { errcode: 40053 };
  return { scene: parsed };
}

function temporary(scene: number | string, expire: unknown): QrScene | undefined {
  const expireSeconds = expire === undefined ? defaultExpireSeconds : integer(expire);
  return expireSeconds === undefined ? undefined : { permanent: false, scene, expireSeconds };
}

/** Numbers, and decimal texts, which some client libraries send. */
function integer(value: unknown): number | undefined {
  if (typeof value === 'string') return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/**
 * Address of a code's picture（通过 ticket 换取二维码）. `base` is `https://mp.weixin.qq.com` or a simulator's.
 * The ticket may contain `+`, `/` and `=` and is percent-encoded.
 */
export function showQrUrl(base: string, ticket: string): string {
  return `${base.replace(/\/+$/, '')}/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`;
}
