/** What two platforms answer to the same calls: the calls, where the answers differ, and answers without what is personal. */
export { type ComparedCall, type Facts, fillCall, readCalls, writeCalls } from './calls.ts';
export { compareAnswers, type Difference, errcodeOf, type Seen } from './difference.ts';
export { maskAnswer } from './mask.ts';
