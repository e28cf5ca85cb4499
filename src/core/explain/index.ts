/** What is known about every trouble that people meet, and reading which one it is. The door of this folder: what others import. */
export { exitCodeTable } from './exit-codes.ts';
export { type Explanation, explain } from './explain.ts';
export { type Pasted, readPasted } from './pasted.ts';
export { type NextStep, describeStep, explainStep, stepsOf } from './steps.ts';
