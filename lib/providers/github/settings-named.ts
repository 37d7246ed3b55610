import type { NamedSetting, SettingName } from '../port';
import type { CalledFile, Calls } from './workflow-calls';
import { environmentsOf } from './workflow-file';

const MENTION = /\b(secrets|vars)(?:\.([A-Za-z_][\w-]*)|\[\s*'([^']{1,100})'\s*\])/gi;
/** How a workflow of ours looks, in a job of no environment, whether all of them share one that each has to have for itself. */
const REFUSED_AS_SHARED = /^\s*AETHERSTACK_SHARED: \$\{\{ *vars\.([A-Za-z_]\w*)/gm;
/** Made by GitHub itself for every job. */
const OWN = /^GITHUB_/;

/** What a workflow and all that it calls name, each once; optional is what all of them do without. Null where one takes them by a name that only the run knows. */
export function settingsNamedBy({ files }: Calls): NamedSetting[] | null {
  if (files.some(({ text }) => takesUnnamed(text))) return null;
  return once(files.flatMap((file) => settingsNamedIn(file.text).filter((each) => isReal(each, file))));
}

/**
 * What a caller hands over under another name is named by the caller itself. Any other secret of a called file can only come
 * from the environment that one of its jobs runs in.
 */
function isReal({ kind, name }: SettingName, { aliases, text, path }: CalledFile): boolean {
  if (kind === 'variable' || aliases === null) return true;
  return !aliases.has(name) && environmentsOf(text, path).length > 0;
}

/** The whole store at once, or a computed name: `toJSON(secrets)`, `vars[inputs.name]`. */
export function takesUnnamed(text: string): boolean {
  for (const [expression] of expressionsOf(text)) {
    const rest = expression.replaceAll(MENTION, '').replaceAll(/'[^']*'/g, '');
    if (/(?<![.\w-])(?:secrets|vars)(?![\w-])/i.test(rest)) return true;
  }
  return false;
}

/** The secrets and variables that the `${{ … }}` expressions of a text name, in capitals as GitHub keeps them. */
export function settingsNamedIn(text: string): NamedSetting[] {
  const found: NamedSetting[] = [];
  const lookedAt = new Set<string>();
  for (const [expression, asks] of expressionsOf(text)) {
    for (const row of inRows(expression)) {
      for (const each of row) if (/^\s*[!=]=\s*''/.test(each.behind)) lookedAt.add(keyOf(each));
      found.push(...askedFor(row, asks).filter(({ name }) => !OWN.test(name)));
    }
  }
  const unshared = new Set(
    [...text.matchAll(REFUSED_AS_SHARED)].map(([, name = '']) => `variable ${name.toUpperCase()}`),
  );
  return once(found).map(({ or, ...each }) => ({
    ...each,
    ...(lookedAt.has(keyOf(each)) ? { optional: true as const } : or && { or }),
    ...(unshared.has(keyOf(each)) && { unshared: true as const }),
  }));
}

interface Mention extends SettingName {
  before: string;
  behind: string;
}

/** Each mention; those of one kind that stand for each other, such as `vars.OWN || vars.OF_ALL`, in one row. */
function inRows(expression: string): Mention[][] {
  const rows: Mention[][] = [];
  let end = 0;
  for (const { 0: all, 1: store, 2: plain, 3: quoted, index } of expression.matchAll(MENTION)) {
    const kind = store?.toLowerCase() === 'vars' ? 'variable' : 'secret';
    const [before, behind] = [expression.slice(0, index), expression.slice(index + all.length)];
    const one: Mention = { kind, name: (plain ?? quoted ?? '').toUpperCase(), before, behind };
    const row = rows.at(-1);
    if (row && row[0]?.kind === kind && BEGINS.test(row[0].before) && /^\s*\|\|\s*$/.test(before.slice(end)))
      row.push(one);
    else rows.push([one]);
    end = index + all.length;
  }
  return rows;
}

/** Of `inputs.live && secrets.A || secrets.B` the input decides, and not which of the two is there. */
const BEGINS = /(?:\{\{|[(,]|\|\|)\s*$/;

/** What a row asks for is its first, in whose place each of the others will do; nothing, where it has something else to take. */
function askedFor(row: readonly Mention[], asks: boolean): NamedSetting[] {
  const names = row.map(({ kind, name }) => ({ kind, name }));
  const isOptional = !asks || /^\s*(?:\|\||&&|[!=]=)/.test(row.at(-1)?.behind ?? '');
  const or = names.slice(1).map(({ name }) => name);
  const hasOther = isOptional || names.some(({ name }) => OWN.test(name));
  return names.map((each, at) => {
    if (hasOther || at > 0) return { ...each, optional: true as const };
    return or.length > 0 ? { ...each, or } : each;
  });
}

/** Of several mentions, one that needs it is enough. */
function once(settings: NamedSetting[]): NamedSetting[] {
  const found = new Map<string, NamedSetting>();
  for (const each of settings) {
    const known = found.get(keyOf(each));
    const unshared = known?.unshared || each.unshared ? { unshared: true as const } : {};
    found.set(keyOf(each), { ...(known && strictness(known) >= strictness(each) ? known : each), ...unshared });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const strictness = ({ optional, or }: NamedSetting) => (optional ? 0 : or ? 1 : 2);

const keyOf = ({ kind, name }: SettingName) => `${kind} ${name}`;

/**
 * What stands in `${{ … }}`, and whole `if:` lines, which are expressions without the braces. Each with whether it asks for a
 * value: a condition and the address of an environment do without.
 */
function* expressionsOf(text: string): Generator<[string, boolean]> {
  for (let at = text.indexOf('${{'); at >= 0; at = text.indexOf('${{', at)) {
    const end = text.indexOf('}}', at);
    if (end < 0) break;
    const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
    yield [text.slice(at, end), !/^\s*(?:- )?(?:if|url):/.test(line)];
    at = end;
  }
  for (const [line] of text.matchAll(/^\s*(?:- )?if:.*$/gm)) yield [line, false];
}
