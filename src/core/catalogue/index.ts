/** The calls of the platform: method, path, title, quota, official page. The door of this folder: what others import. */
export {
  type CallExample,
  findKnownCalls,
  type KnownCall,
  readCallExamples,
  readKnownCalls,
} from './catalogue.ts';
export { callQuotas } from './quotas.ts';
