import { callsOf, knownNames } from './config-calls';
import { type Ways, waysOf } from './config-ways';
import {
  envOf,
  evaluate,
  type Field,
  isEmptyList,
  literal,
  type ObjectValue,
  type Scope,
  scopeOf,
  UNKNOWN,
  type Value,
} from './constant';
import { answersOf, merged, Run } from './flow';
import { EXPORTS } from './member-path';
import { USUAL_EXTENSIONS } from './routes';
import { boundBy, isNode, type Misread, parseModule, parts } from './syntax';

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
  /** The line of what may set more than is seen here: a wrapper, a value from elsewhere. Null: everything is seen. */
  open: number | null;
  /** `export`, `standalone`, nothing, or not known. */
  output: { value: Value; line: number | null };
  extensions: readonly string[];
  /** False where the extensions depend on something that is not known; `extensions` are the usual ones then. */
  extensionsKnown: boolean;
  rules: Readonly<Record<'headers' | 'redirects' | 'rewrites', Presence>>;
  i18n: Presence;
  /** `cacheComponents`, by its own name or an earlier one: pages that are half made when somebody asks. */
  cacheComponents: Presence;
  /** The default image loader, which needs a server. */
  loader: Presence;
  /** What it says about where imports lead. */
  ways: Ways;
}

export const CONFIG_FILES = [
  'next.config.ts',
  'next.config.mts',
  'next.config.mjs',
  'next.config.js',
  'next.config.cjs',
];

const NONE: ObjectValue = { kind: 'object', fields: {}, open: null };
const ALL_OPEN: ObjectValue = { ...NONE, open: 1 };

/** `env`: variables that are known; null = known to be absent. Never throws. */
export function readConfig(file: string | null, text: string, env: Scope['env']): AppConfig {
  if (file === null) return configOf(null, null, NONE, scopeOf(new Map(), env));
  const { program, misread } = parseModule(file, text);
  if (!program) return configOf(file, misread, ALL_OPEN, scopeOf(new Map(), env));
  const statements = parts(program, 'body');
  const { names, isHarmless } = knownNames(statements);
  const scope: Run['scope'] = {
    ...scopeOf(names, env),
    names,
    call: callsOf(isHarmless, (value) => settle(value, scope)),
  };
  const run = new Run(scope, statements);
  run.block(statements);
  return configOf(file, misread, settle(exportedBy(run), scope), scope);
}

/** `export default x`, `module.exports = x` and `module.exports.output = x`. */
function exportedBy({ exported, scope }: Run): Value {
  const own = scope.names.get(EXPORTS);
  if (exported) return evaluate(exported, scope);
  return own && !isNode(own) ? own : UNKNOWN;
}

/** The object behind it: a function answers one for the phase of a production build. */
function settle(value: Value, scope: Scope, depth = 0): ObjectValue {
  if (value.kind === 'object') return value;
  if (value.kind !== 'function' || depth > 4) return ALL_OPEN;
  const [phase, defaults] = parts(value.node, 'params').map(boundBy);
  const params: Record<string, Value> = {};
  for (const each of phase ?? []) params[each] = literal('phase-production-build');
  // Next's own defaults need no server.
  for (const each of defaults ?? []) params[each] = each === 'defaultConfig' ? NONE : UNKNOWN;
  const answer = merged(answersOf(value.node, scope, params).map((each) => settle(each, scope, depth + 1)));
  return answer.kind === 'object' ? answer : ALL_OPEN;
}

function configOf(
  file: string | null,
  misread: Misread | null,
  { fields, open }: ObjectValue,
  scope: Scope,
): AppConfig {
  const extensions = listOf(fields.pageExtensions);
  const rule = (name: string) => presenceOf(fields[name], scope);
  return {
    ...{ file, misread, open },
    output: {
      value: fields.output?.value ?? (open === null ? literal(undefined) : UNKNOWN),
      line: fields.output?.line ?? open,
    },
    extensions: extensions ?? USUAL_EXTENSIONS,
    extensionsKnown: extensions !== null || fields.pageExtensions === undefined,
    rules: { headers: rule('headers'), redirects: rule('redirects'), rewrites: rule('rewrites') },
    i18n: rule('i18n'),
    cacheComponents: firstOf([fields, fieldsOf(fields.experimental)].map((each) => partial(each, scope))),
    loader: loaderOf(fields.images, open),
    ways: waysOf(fields),
  };
}

const PARTIAL = ['cacheComponents', 'dynamicIO', 'ppr', 'useCache'];

function partial(fields: ObjectValue['fields'], scope: Scope): Presence {
  return firstOf(PARTIAL.map((name) => presenceOf(fields[name], scope)));
}

/** The one that is there, else one that may be. */
function firstOf(found: readonly Presence[]): Presence {
  const there = found.find(({ is }) => is === 'some') ?? found.find(({ is }) => is === 'perhaps');
  return there ?? { is: 'none', line: null, env: [] };
}

const fieldsOf = (field: Field | undefined): ObjectValue['fields'] =>
  field?.value.kind === 'object' ? field.value.fields : {};

function listOf(field: Field | undefined): string[] | null {
  if (field?.value.kind !== 'list' || field.value.open) return null;
  const items = field.value.items.map((each) => (each.kind === 'literal' ? each.value : null));
  return items.length > 0 && items.every((each) => typeof each === 'string') ? items : null;
}

const isEmpty = (value: Value) => (value.kind === 'literal' && (value.value ?? false) === false) || isEmptyList(value);
const mayBeEmpty = (value: Value) => value.kind === 'list' && value.items.length === 0 && value.open !== null;

function presenceOf(field: Field | undefined, scope: Scope): Presence {
  if (!field) return { is: 'none', line: null, env: [] };
  const { value, line } = field;
  if (value.kind === 'unknown') return { is: 'perhaps', line, env: envOf(value) };
  const answers = value.kind === 'function' ? answersOf(value.node, scope) : [value];
  const env = [...new Set(answers.flatMap(envOf))];
  const empty = answers.filter(isEmpty).length;
  // A function whose answer is not known is there for a reason; a list that may be empty says so itself.
  const isSure = empty === 0 && !answers.some(mayBeEmpty);
  const is = empty === answers.length ? 'none' : isSure ? 'some' : 'perhaps';
  return { is, line, env };
}

/** `images: { unoptimized: true }` and `images: { loader: 'custom' }` need no server. */
function loaderOf(images: Field | undefined, open: number | null): Presence {
  if (!images) return { is: open === null ? 'some' : 'perhaps', line: open, env: [] };
  const { value, line } = images;
  if (value.kind !== 'object') return { is: 'perhaps', line, env: envOf(value) };
  const free = value.fields.unoptimized?.value;
  const loader = value.fields.loader?.value;
  if (free?.kind === 'literal' && free.value === true) return { is: 'none', line, env: [] };
  if (loader?.kind === 'literal' && loader.value !== 'default') return { is: 'none', line, env: [] };
  const file = value.fields.loaderFile?.value;
  if (file?.kind === 'literal' && file.value) return { is: 'none', line, env: [] };
  const unsure = [free, loader, file].filter((each) => each?.kind === 'unknown');
  const env = unsure.flatMap((each) => (each ? envOf(each) : []));
  return { is: unsure.length > 0 || value.open !== null ? 'perhaps' : 'some', line, env };
}
