/** What a fault is, and how `POST /_ctl/faults` writes it. */
import { inputError } from '../../../core/errors.ts';
import { durationRefusal, readPositiveDuration } from '../../../core/text/duration.ts';
import { isObject } from '../../../core/text/json-value.ts';
import type { Text } from '../../../core/text/text.ts';
import { optionalFlag, quoteAll } from '../../control/input.ts';
import { mustBeText } from '../../control/texts.ts';
import {
  base64Form,
  chanceRange,
  countRange,
  errcodeForm,
  errmsgAlone,
  headersAlone,
  headersForm,
  mustBeEmpty,
  nothingToDo,
  oneAnswer,
  pathForm,
  statusRange,
  unknownField,
} from './texts.ts';

export interface Fault {
  readonly path: string;
  /** How many calls of the path pass unharmed first. */
  readonly skip: number;
  readonly times: number;
  /** Does the work and then loses or bends the answer. */
  readonly after: boolean;
  readonly delayMs: number;
  /** How likely each call is to be met, above 0 and up to 1. */
  readonly chance: number;
  /** Resets the connection instead of answering. */
  readonly drop: boolean;
  /** Ends the connection after so many bytes of the answer, of which the headers promise more. */
  readonly partialBytes: number | undefined;
  /** Answers with so many MiB, which are a thousandth of that on the wire (a compression bomb). */
  readonly bombMiB: number | undefined;
  readonly errcode: number | undefined;
  readonly errmsg: string | undefined;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** Whether the fault puts another answer in the place of the true one. A delay alone does not. */
export function replacesAnswer(fault: Fault): boolean {
  return answerKeys.some((key) => fault[key] !== undefined) || fault.drop;
}

const answerKeys = ['errcode', 'status', 'body', 'bombMiB'] as const;

const keys = [
  'path',
  'errcode',
  'errmsg',
  'status',
  'headers',
  'body',
  'body_base64',
  'delay',
  'drop',
  'partial',
  'bomb',
  'after',
  'skip',
  'times',
  'chance',
];
const longestDelay = '10m';
const maxBombMiB = 1024;

/** Wire to fault. Throws an input error that names the field. */
export function parseFault(value: Readonly<Record<string, unknown>>): Fault {
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const known = quoteAll(keys);
    refuse(unknownField(known, unknown));
  }
  const { body, body_base64: base64 } = value;
  if (body !== undefined && base64 !== undefined) refuse(oneAnswer);
  const fault: Fault = {
    path: parsePath(value['path']),
    skip: parseCount('skip', value['skip'] ?? 0, 0),
    times: parseCount('times', value['times'] ?? 1, 1),
    chance: parseChance(value['chance']),
    after: optionalFlag(value, 'after', 'invalid_fault') ?? false,
    delayMs: parseDelay(value['delay']),
    drop: optionalFlag(value, 'drop', 'invalid_fault') ?? false,
    partialBytes: value['partial'] === undefined ? undefined : parseCount('partial', value['partial'], 0),
    bombMiB: value['bomb'] === undefined ? undefined : parseCount('bomb', value['bomb'], 1, maxBombMiB),
    errcode: parseErrcode(value['errcode']),
    errmsg: parseText('errmsg', value['errmsg']),
    status: parseStatus(value['status']),
    headers: parseHeaders(value['headers']),
    body: base64 === undefined ? parseText('body', body) : parseBase64(base64),
  };
  checkCombination(fault);
  return fault;
}

/** The same on the way out, without the fields that do nothing. */
export function formatFault(fault: Fault): Record<string, unknown> {
  const { path, skip, times, chance, after, delayMs, drop, errcode, errmsg, status, headers, body } = fault;
  const { partialBytes: partial, bombMiB: bomb } = fault;
  return {
    path,
    times,
    ...(skip > 0 && { skip }),
    ...(chance < 1 && { chance }),
    ...(after && { after }),
    ...(delayMs > 0 && { delay: `${delayMs}ms` }),
    ...(drop && { drop }),
    ...(partial !== undefined && { partial }),
    ...(bomb !== undefined && { bomb }),
    ...(errcode !== undefined && { errcode }),
    ...(errmsg !== undefined && { errmsg }),
    ...(status !== undefined && { status }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(typeof body === 'string' && { body }),
    ...(body instanceof Uint8Array && { body_base64: Buffer.from(body).toString('base64') }),
  };
}

function checkCombination(fault: Fault): void {
  const { drop, errcode, status, body, bombMiB, partialBytes } = fault;
  if (!replacesAnswer(fault) && fault.delayMs === 0 && partialBytes === undefined) refuse(nothingToDo);
  if (drop && (errcode ?? status ?? body ?? bombMiB ?? partialBytes) !== undefined) refuse(oneAnswer);
  if ([errcode, body, bombMiB].filter((answer) => answer !== undefined).length > 1) refuse(oneAnswer);
  if (bombMiB !== undefined && partialBytes !== undefined) refuse(oneAnswer);
  if (fault.errmsg !== undefined && errcode === undefined) refuse(errmsgAlone);
  if (Object.keys(fault.headers).length > 0 && (drop || !replacesAnswer(fault))) refuse(headersAlone);
  const hasBody = (body !== undefined && body.length > 0) || (bombMiB ?? partialBytes) !== undefined;
  if (hasBody && bodiless(status)) refuse(mustBeEmpty(status));
}

/** Statuses whose answer ends with the headers. */
export function bodiless(status: number | undefined): boolean {
  return status === 204 || status === 205 || status === 304;
}

function parsePath(value: unknown): string {
  if (typeof value === 'string' && /^\/[^?#\s]*$/.test(value) && !/^\/_ctl(\/|$)/.test(value)) return value;
  return refuse(pathForm);
}

function parseCount(key: string, value: unknown, least: number, most = 1_000_000): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  return refuse(countRange(key, least, most));
}

function parseChance(value: unknown): number {
  if (value === undefined) return 1;
  if (typeof value === 'number' && value > 0 && value <= 1) return value;
  return refuse(chanceRange);
}

function parseDelay(value: unknown): number {
  if (value === undefined) return 0;
  const { ms, refused } = readPositiveDuration(value, longestDelay);
  return ms ?? refuse(durationRefusal(value, '"delay"', refused));
}

function parseErrcode(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  // Zero would be a false success.
  if (typeof value === 'number' && Number.isSafeInteger(value) && value !== 0) return value;
  return refuse(errcodeForm);
}

function parseStatus(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599) return Number(value);
  return refuse(statusRange);
}

function parseText(key: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return refuse(mustBeText(key));
}

function parseBase64(value: unknown): Uint8Array {
  if (
    typeof value === 'string' &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)
  ) {
    return new Uint8Array(Buffer.from(value, 'base64'));
  }
  return refuse(base64Form);
}

function parseHeaders(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(isObject(value) ? value : { '': undefined })) {
    if (
      !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ||
      typeof text !== 'string' ||
      !/^[\t\x20-\x7e]*$/.test(text)
    ) {
      return refuse(headersForm);
    }
    headers[name] = text;
  }
  return headers;
}

function refuse(text: Text): never {
  throw inputError('invalid_fault', text);
}
