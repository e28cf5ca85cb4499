/** A call of the platform before it is sent: path, fields, what is wrong with it, its pages. The door of this folder: what others import. */
export { type CallProblem, findEscape, validateCall } from './check.ts';
export { formatCurl } from './curl.ts';
export { buildBody, type Field, splitField, typedValue } from './fields.ts';
export { compactJson, indentJson } from './json-text.ts';
export { type Paging, pageCount, pagingOf, readPage } from './paging.ts';
export { parseCallPath } from './path.ts';
export { type CallBody, type CallRequest, type FormPart, secretMark } from './request.ts';
