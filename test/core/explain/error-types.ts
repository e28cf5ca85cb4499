/** Every error type that the sources can make, found in their syntax trees: a new one that nobody explains must not pass. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';

const source = path.resolve(import.meta.dirname, '../../../src');

export interface FoundTypes {
  /** Each type, with the files that make it. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  /** Places where the type is not written out: `file: how`. */
  readonly hidden: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [name: string]: unknown;
}

interface FunctionScope {
  readonly name: string;
  readonly parameters: readonly string[];
}

/** A function that takes the type of an error, and at which place. */
type Makers = Map<string, number>;

const firstMakers = ['inputError', 'usageError', 'negativeError', 'accountError', 'localError'];

export function findErrorTypes(): FoundTypes {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith(path.join('simulator', 'page')))
    .map((name) => ({
      name: name.replaceAll(path.sep, '/'),
      tree: parseAst(readFileSync(path.join(source, name), 'utf8'), { lang: 'ts' }) as unknown as Node,
    }));
  const makers: Makers = new Map(firstMakers.map((name) => [name, 0]));
  // A function that hands a type on is a maker as well; they are found until no new one is.
  for (let count = -1; count !== makers.size;) {
    count = makers.size;
    for (const { name, tree } of files)
      walk(tree, undefined, (node, scope) => addMaker(node, scope, makers, name));
  }
  const types = new Map<string, string[]>();
  const hidden = new Set<string>();
  for (const { name, tree } of files) {
    walk(tree, undefined, (node, scope) => {
      const typeNode = typeIn(node, makers, name);
      if (typeNode === undefined) return;
      const found = literalsOf(typeNode, tree);
      if (found === undefined && !isParameter(typeNode, scope)) hidden.add(name);
      for (const type of found ?? []) types.set(type, [...(types.get(type) ?? []), name]);
    });
  }
  return { types, hidden: [...hidden].toSorted() };
}

/** The node that says the type: an argument of a maker, or `type` of an object that also has a `text` or a `family`. */
function typeIn(node: Node, makers: Makers, file: string): Node | undefined {
  if (node.type === 'CallExpression') {
    const { callee, arguments: given } = node as unknown as { callee: Node; arguments: readonly Node[] };
    const place = callee.type === 'Identifier' ? makers.get(String(callee['name'])) : undefined;
    return place === undefined ? undefined : given[place];
  }
  if (node.type !== 'ObjectExpression') return undefined;
  const properties = (node['properties'] as readonly Node[]).filter(({ type }) => type === 'Property');
  const valueOf = (name: string): Node | undefined =>
    properties.find(({ key }) => (key as Node)['name'] === name)?.['value'] as Node | undefined;
  // What the simulator shows of a message has a type and a text as well, but no family.
  const isShown = /^(?:simulator|library)\//.test(file);
  const isError = valueOf('family') !== undefined || (valueOf('text') !== undefined && !isShown);
  return isError ? valueOf('type') : undefined;
}

function addMaker(node: Node, scope: FunctionScope | undefined, makers: Makers, file: string): void {
  const typeNode = typeIn(node, makers, file);
  if (typeNode === undefined || scope === undefined || typeNode.type !== 'Identifier') return;
  const place = scope.parameters.indexOf(String(typeNode['name']));
  if (place >= 0 && scope.name !== '') makers.set(scope.name, place);
}

function isParameter(node: Node, scope: FunctionScope | undefined): boolean {
  return node.type === 'Identifier' && (scope?.parameters.includes(String(node['name'])) ?? false);
}

/** The texts that a value can be, or `undefined` where they are not written in this file. */
function literalsOf(node: Node, tree: Node): readonly string[] | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return [node['value']];
  if (node.type === 'Identifier') return constantIn(tree, String(node['name']));
  if (node.type !== 'ConditionalExpression') return undefined;
  const branches = [node['consequent'], node['alternate']].map((branch) => literalsOf(branch as Node, tree));
  const there = branches.flatMap((branch) => branch ?? []);
  return there.length === 0 ? undefined : there;
}

/** `const denied = access === 'read' ? 'file_not_readable' : 'file_not_writable'` of the same file. */
function constantIn(tree: Node, name: string): readonly string[] | undefined {
  let found: readonly string[] | undefined;
  walk(tree, undefined, (each) => {
    const { id, init } = each as unknown as { id?: Node | null; init?: Node | null };
    if (each.type === 'VariableDeclarator' && id?.['name'] === name && init?.type === 'ConditionalExpression')
      found = literalsOf(init, tree);
  });
  return found;
}

function walk(
  node: Node,
  scope: FunctionScope | undefined,
  visit: (node: Node, scope: FunctionScope | undefined) => void,
): void {
  const inner = node.type === 'FunctionDeclaration' ? scopeOf(node) : scope;
  visit(node, inner);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, inner, visit);
  }
}

function scopeOf(node: Node): FunctionScope {
  const parameters = (node['params'] as readonly Node[]).map((parameter) => {
    const left = parameter.type === 'AssignmentPattern' ? (parameter['left'] as Node) : parameter;
    return String(left['name'] ?? '');
  });
  return { name: String((node['id'] as Node | null)?.['name'] ?? ''), parameters };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}
