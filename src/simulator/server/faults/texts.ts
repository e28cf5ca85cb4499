/** What is said of faults that cannot be. */
import type { Text } from '../../../core/text/text.ts';

export const unknownField = (known: Text, unknown: string): Text => ({
  en: `Fields of a fault must be ${known.en}, got "${unknown}"`,
  zh: `故障字段只能是${known.zh}，收到的是“${unknown}”`,
});

export const oneAnswer: Text = {
  en: 'A fault must have one answer: "errcode", "body", "body_base64" or "bomb", or "drop" alone; "partial" must not come with "bomb"',
  zh: '一个故障只能有一种应答：“errcode”、“body”、“body_base64”或“bomb”，或者单独使用“drop”；“partial”不能与“bomb”同时使用',
};

export const nothingToDo: Text = {
  en: 'A fault must have at least one of "errcode", "status", "body", "body_base64", "bomb", "delay", "partial" and "drop"',
  zh: '故障至少要有“errcode”、“status”、“body”、“body_base64”、“bomb”、“delay”、“partial”、“drop”中的一项',
};

export const errmsgAlone: Text = {
  en: '"errmsg" must come with "errcode"',
  zh: '“errmsg”必须与“errcode”一起使用',
};

export const headersAlone: Text = {
  en: '"headers" must come with "errcode", "status" or a body',
  zh: '“headers”必须与“errcode”、“status”或应答内容一起使用',
};

export const mustBeEmpty = (status: number | undefined): Text => ({
  en: `Status ${status} must not have a body`,
  zh: `状态码 ${status} 不能带应答内容`,
});

export const pathForm: Text = {
  en: '"path" must begin with "/", without host and query, for example "/cgi-bin/token", and must not be below "/_ctl"',
  zh: '“path”必须以“/”开头，不带域名和查询串，例如“/cgi-bin/token”，且不能在“/_ctl”之下',
};

export const countRange = (key: string, least: number, most: number): Text => ({
  en: `"${key}" must be a whole number from ${least} to ${most}`,
  zh: `“${key}”必须是 ${least} 到 ${most} 之间的整数`,
});

export const chanceRange: Text = {
  en: '"chance" must be a number above 0 and up to 1, for example 0.2 for one call in five',
  zh: '“chance”必须是大于 0 且不超过 1 的数，例如 0.2 表示平均五次调用出现一次',
};

export const errcodeForm: Text = {
  en: '"errcode" must be a whole number other than 0',
  zh: '“errcode”必须是非 0 的整数',
};

export const statusRange: Text = {
  en: '"status" must be an HTTP status from 200 to 599',
  zh: '“status”必须是 200 到 599 的 HTTP 状态码',
};

export const base64Form: Text = {
  en: '"body_base64" must be Base64 with padding',
  zh: '“body_base64”必须是带填充的 Base64',
};

export const headersForm: Text = {
  en: '"headers" must be an object of header names and ASCII values',
  zh: '“headers”必须是对象，键为响应头名称，值为 ASCII 字符串',
};

export const tooManyFaults = (maxWaiting: number): Text => ({
  en: `At most ${maxWaiting} faults may wait; POST /_ctl/reset or DELETE /_ctl/faults takes them away`,
  zh: `最多可有 ${maxWaiting} 个等待中的故障；可用 POST /_ctl/reset 或 DELETE /_ctl/faults 清除`,
});
