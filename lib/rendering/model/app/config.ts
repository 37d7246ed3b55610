import {
  answerOf,
  constantsIn,
  envOf,
  evaluate,
  type Field,
  type Scope,
  scopeOf,
  UNKNOWN,
  type Value,
} from './constant';
import { USUAL_EXTENSIONS } from './routes';
import { type Misread, type Node, nameOf, parseModule, part, parts } from './syntax';

/** Whether a setting is there once the mode is set; `perhaps` names the variables that decide it. */
export interface Presence {
  is: 'none' | 'some' | 'perhaps';
  line: number | null;
  env: readonly string[];
}

/** What an app's `next.config` says under given variables. */
export interface AppConfig {
  file: string | null;
  misread: Misread | null;
  /** Something may be set that could not be told: a wrapper, a value from elsewhere. */
  open: boolean;
  /** `export`, `standalone`, nothing, or not known. */
  output: { value: Value; line: number | null };
  extensions: readonly string[];
  /** False where the extensions depend on something that is not known; `extensions` are the usual ones then. */
  extensionsKnown: boolean;
  rules: Readonly<Record<'headers' | 'redirects' | 'rewrites', Presence>>;
  i18n: Presence;
  /** The default image loader, which needs a server. */
  loader: Presence;
}

export const CONFIG_FILES = [
  'next.config.ts',
  'next.config.mts',
  'next.config.mjs',
  'next.config.js',
  'next.config.cjs',
];

/** `env`: variables that are known; null = known to be absent. Never throws. */
export function readConfig(file: string | null, text: string, env: Scope['env']): AppConfig {
  if (file === null) return configOf(null, null, { fields: {}, open: false });
  const { program, misread } = parseModule(file, text);
  if (!program) return configOf(file, misread, { fields: {}, open: true });
  const statements = parts(program, 'body');
  const scope = scopeOf(constantsIn(statements), env);
  return configOf(file, misread, settle(evaluate(exported(statements), scope), exported(statements), scope));
}

/** `export default x` or `module.exports = x`. */
function exported(statements: readonly Node[]): Node | null {
  for (const each of statements) {
    if (each.type === 'ExportDefaultDeclaration') return part(each, 'declaration');
    const set = each.type === 'ExpressionStatement' ? part(each, 'expression') : null;
    const left = set?.type === 'AssignmentExpression' ? part(set, 'left') : null;
    if (nameOf(part(left, 'object')) === 'module' && nameOf(part(left, 'property')) === 'exports')
      return part(set, 'right');
  }
  return null;
}

type Settled = Pick<Extract<Value, { kind: 'object' }>, 'fields' | 'open'>;

/** The object behind it: the answer of a function, or what is handed to a wrapper such as `withMDX(config)`. */
function settle(value: Value, node: Node | null, scope: Scope, depth = 0): Settled {
  if (value.kind === 'object') return value;
  const nothing = { fields: {}, open: true };
  if (depth > 8) return nothing;
  if (value.kind === 'function') {
    const answer = answerOf(value.node, scope);
    return settle(answer, part(value.node, 'body'), scope, depth + 1);
  }
  const call = node?.type === 'Identifier' ? (scope.names.get(nameOf(node)) ?? null) : node;
  if (call?.type !== 'CallExpression') return nothing;
  for (const each of parts(call, 'arguments')) {
    const inner = settle(evaluate(each, scope), each, scope, depth + 1);
    if (Object.keys(inner.fields).length > 0) return { fields: inner.fields, open: true };
  }
  return nothing;
}

function configOf(file: string | null, misread: Misread | null, { fields, open }: Settled): AppConfig {
  const extensions = listOf(fields.pageExtensions);
  const rule = (name: string) => presenceOf(fields[name]);
  return {
    ...{ file, misread, open },
    output: { value: fields.output?.value ?? (open ? UNKNOWN : ABSENT), line: fields.output?.line ?? null },
    extensions: extensions ?? USUAL_EXTENSIONS,
    extensionsKnown: extensions !== null || fields.pageExtensions === undefined,
    rules: { headers: rule('headers'), redirects: rule('redirects'), rewrites: rule('rewrites') },
    i18n: rule('i18n'),
    loader: loaderOf(fields.images),
  };
}

const ABSENT: Value = { kind: 'literal', value: undefined };

function listOf(field: Field | undefined): string[] | null {
  if (field?.value.kind !== 'list') return null;
  const items = field.value.items.map((each) => (each.kind === 'literal' ? each.value : null));
  return items.length > 0 && items.every((each) => typeof each === 'string') ? items : null;
}

function presenceOf(field: Field | undefined): Presence {
  if (!field) return { is: 'none', line: null, env: [] };
  const value = field.value.kind === 'function' ? answerOf(field.value.node, scopeOf(new Map(), {})) : field.value;
  const empty =
    (value.kind === 'literal' && (value.value ?? false) === false) ||
    (value.kind === 'list' && value.items.length === 0);
  // A function whose answer is not known is there for a reason.
  const unsure = field.value.kind === 'unknown';
  return { is: empty ? 'none' : unsure ? 'perhaps' : 'some', line: field.line, env: envOf(field.value) };
}

/** `images: { unoptimized: true }` and `images: { loader: 'custom' }` need no server. */
function loaderOf(images: Field | undefined): Presence {
  if (!images) return { is: 'some', line: null, env: [] };
  const { value, line } = images;
  if (value.kind !== 'object') return { is: 'perhaps', line, env: envOf(value) };
  const free = value.fields.unoptimized?.value;
  const loader = value.fields.loader?.value;
  if (free?.kind === 'literal' && free.value === true) return { is: 'none', line, env: [] };
  if (loader?.kind === 'literal' && loader.value !== 'default') return { is: 'none', line, env: [] };
  if (value.fields.loaderFile) return { is: 'none', line, env: [] };
  const unsure = free?.kind === 'unknown' || loader?.kind === 'unknown' || value.open;
  const env = [...(free ? envOf(free) : []), ...(loader ? envOf(loader) : [])];
  return { is: unsure ? 'perhaps' : 'some', line, env };
}
