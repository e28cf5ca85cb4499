/** 自定义菜单: reading, checking and comparing menus. The door of this folder: what others import. */
export {
  type ConditionalStep,
  additions,
  changesAnything,
  deletions,
  isPast,
  isSameConditional,
  mayAddFirst,
  planConditional,
} from './conditional-plan.ts';
export { type MenuChange, diffMenus } from './diff.ts';
export {
  type ConditionalMenu,
  type LiveConditional,
  type LiveMenu,
  type MatchRule,
  hashMenus,
  readConditional,
  readLiveMenu,
  toConditionalMenu,
  toMenuFile,
} from './live-menu.ts';
export {
  type NormalButton,
  type NormalMenu,
  buttonFields,
  isButtonType,
  isPushable,
  normaliseMatchRule,
  normaliseMenu,
  sameMenu,
  toConditionalBodies,
  toMenuBody,
  unwrapMenu,
} from './menu.ts';
export { checkDomains } from './rules/domains.ts';
export { validateMenu, validateMenuFile } from './rules/menu-rules.ts';
export { type MenuProblem, type MenuRule, pointer } from './rules/problem.ts';
export * as menuTexts from './rules/texts.ts';
export { drawMenu } from './tree.ts';
