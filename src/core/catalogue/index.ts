/** The calls of the platform: method, path, title, effect, quota, official page. The door of this folder: what others import. */
export {
  type CallExample,
  findKnownCalls,
  type KnownCall,
  markdownPage,
  readCallExamples,
  readCallList,
  readKnownCalls,
} from './catalogue.ts';
export { type Effect, effectOf, isGrave } from './effect.ts';
export { type Demand, type Parameter, readParameters } from './parameters.ts';
export { callQuotas } from './quotas.ts';
export { type CallUsage, isNearlyUsedUp, usualCalls } from './usage.ts';
