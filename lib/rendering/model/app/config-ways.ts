import type { Field, Value } from './constant';
import { nameOf, part, walk } from './syntax';

/** What `next.config` says about where imports lead. */
export interface Ways {
  /** `turbopack.resolveAlias`: what an import begins with, and where that may lie. */
  aliases: readonly { name: string; places: readonly string[] }[];
  /** `transpilePackages`: sources of this repository, more often than not. */
  transpiled: readonly string[];
  /** Lines of what may lead imports elsewhere in a way that is not seen. */
  unclear: readonly number[];
}

export function waysOf(fields: Readonly<Record<string, Field>>): Ways {
  const unclear: number[] = [];
  const aliases = [fields.turbopack, within(fields.experimental, 'turbo')].flatMap((each) => {
    const found = aliasesOf(each);
    if (found === null) unclear.push(each?.line ?? 1);
    return found ?? [];
  });
  const { webpack, typescript, transpilePackages } = fields;
  if (webpack && mayAlias(webpack.value)) unclear.push(webpack.line);
  const tsconfig = within(typescript, 'tsconfigPath');
  if (tsconfig && textOf(tsconfig.value) !== 'tsconfig.json') unclear.push(tsconfig.line);
  const transpiled = transpilePackages ? textsOf(transpilePackages.value) : [];
  if (transpiled === null && transpilePackages) unclear.push(transpilePackages.line);
  return { aliases, transpiled: transpiled ?? [], unclear };
}

function within(field: Field | undefined, name: string): Field | undefined {
  return field?.value.kind === 'object' ? field.value.fields[name] : undefined;
}

/** Null: there may be some that are not seen. */
function aliasesOf(field: Field | undefined): Ways['aliases'] | null {
  if (!field) return [];
  if (field.value.kind !== 'object') return isNothing(field.value) ? [] : null;
  const { fields, open } = field.value;
  const own = fields.resolveAlias;
  if (open !== null || fields.resolveExtensions) return null;
  if (!own || isNothing(own.value)) return [];
  if (own.value.kind !== 'object' || own.value.open !== null) return null;
  const aliases = Object.entries(own.value.fields).map(([name, { value }]) => ({ name, places: placesOf(value) }));
  return aliases.every(({ places }) => places.length > 0) ? aliases : null;
}

/** One place, several, or one for each condition. */
function placesOf(value: Value): string[] {
  if (value.kind === 'object') return Object.values(value.fields).flatMap((each) => placesOf(each.value));
  return textsOf(value) ?? [textOf(value)].filter((each) => each !== null);
}

const isNothing = (value: Value) => value.kind === 'literal' && !value.value;
const textOf = (value: Value) => (value.kind === 'literal' && typeof value.value === 'string' ? value.value : null);

function textsOf(value: Value): string[] | null {
  if (value.kind !== 'list' || value.open) return null;
  const texts = value.items.map(textOf).filter((each) => each !== null);
  return texts.length === value.items.length ? texts : null;
}

/** A function that says `alias` somewhere, or one that is not seen. */
function mayAlias(value: Value): boolean {
  if (value.kind !== 'function') return !isNothing(value);
  let found = false;
  walk(value.node, (node) => {
    const said = [node, part(node, 'property'), part(node, 'key')].map(nameOf);
    found ||= said.some((each) => /alias|ModuleReplacement/i.test(each));
    return !found;
  });
  return found;
}
