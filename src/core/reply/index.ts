/** 被动回复: what a server may answer, and to which push it has answered already. The door of this folder: what others import. */
export { type AnsweredDelivery, type DuplicateVerdict, judgeDuplicates } from './duplicate-verdict.ts';
export { parseReply } from './parse.ts';
export type { ReplyProblem } from './problem.ts';
export {
  type Article,
  type PassiveReply,
  formatReply,
  formatReplyJson,
  isComplete,
  replyTypes,
} from './reply.ts';
export { showsReply } from './rules.ts';
export {
  type ReplyVerdict,
  type UserSees,
  describeUserSees,
  judgeReply,
  unavailableText,
} from './verdict.ts';
