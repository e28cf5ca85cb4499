/** Calls of the control side, the only thing that the page talks to. */
import type { Text } from '../../core/text/text.ts';
import type { ControlError } from '../control/types/index.ts';

/** A refusal, or a simulator that does not answer. */
export class ControlFailure extends Error {
  override readonly name = 'ControlFailure';
  readonly text: Text;
  readonly status: number;
  readonly body: unknown;

  constructor(text: Text, status: number, body: unknown) {
    super(text.en);
    this.text = text;
    this.status = status;
    this.body = body;
  }
}

const accountKey = 'wechat-mp.account';

/** The AppID of the account that this page shows; `null` is the simulator's first one. */
export const chosenAccount: string | null = sessionStorage.getItem(accountKey);

/** Shows another account: everything is read anew. */
export function chooseAccount(appid: string | null): void {
  if (appid === null) sessionStorage.removeItem(accountKey);
  else sessionStorage.setItem(accountKey, appid);
  location.reload();
}

/** Where the control side of the chosen account has this path. */
export function controlAddress(path: string): string {
  const address = `/_ctl/${path}`;
  if (chosenAccount === null) return address;
  return `${address}${path.includes('?') ? '&' : '?'}account=${encodeURIComponent(chosenAccount)}`;
}

export async function readControl<T>(path: string): Promise<T> {
  return await ask<T>(path, {});
}

export async function postControl<T>(path: string, body: unknown = {}): Promise<T> {
  return await ask<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function deleteControl<T>(path: string): Promise<T> {
  return await ask<T>(path, { method: 'DELETE' });
}

export interface AccountSummary {
  readonly appid: string;
  /** Empty where it has none. */
  readonly name: string;
}

/** Which accounts there are, whichever is chosen. */
export async function readAccounts(): Promise<readonly AccountSummary[]> {
  const response = await fetch('/_ctl/accounts').catch(() => undefined);
  if (response?.ok !== true) throw new ControlFailure(notRunning, 0, undefined);
  return (await response.json()) as readonly AccountSummary[];
}

/** The same with parts of a form, for what uploads a file. */
export async function postForm<T>(path: string, body: FormData): Promise<T> {
  return await ask<T>(path, { method: 'POST', body });
}

export function failureText(error: unknown): Text {
  if (error instanceof ControlFailure) return error.text;
  return { en: `The page ran into an error: ${String(error)}`, zh: `页面出错：${String(error)}` };
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(controlAddress(path), init);
  } catch {
    throw new ControlFailure(notRunning, 0, undefined);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok || body === undefined) throw refusal(response.status, body);
  return body as T;
}

function refusal(status: number, body: unknown): ControlFailure {
  const error = (body as Partial<ControlError> | undefined)?.error;
  const text =
    error === undefined
      ? { en: `The simulator responded with status ${status}`, zh: `模拟器返回状态码 ${status}` }
      : { en: error.message, zh: error.message_zh };
  return new ControlFailure(text, status, body);
}

const notRunning: Text = {
  en: 'The simulator is not responding: start it again with "wechat-mp simulator"',
  zh: '模拟器没有响应：请重新运行“wechat-mp simulator”',
};
