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
    for (const mention of expression.matchAll(MENTION)) {
      const [all, store, plain, quoted] = mention;
      const name = (plain ?? quoted ?? '').toUpperCase();
      const kind = store?.toLowerCase() === 'vars' ? 'variable' : 'secret';
      if (OWN.test(name)) continue;
      const behind = expression.slice(mention.index + all.length);
      if (/^\s*[!=]=\s*''/.test(behind)) lookedAt.add(keyOf({ kind, name }));
      found.push({ kind, name, ...(asks && !/^\s*(?:\|\||&&|[!=]=)/.test(behind) ? {} : { optional: true as const }) });
    }
  }
  const unshared = new Set(
    [...text.matchAll(REFUSED_AS_SHARED)].map(([, name = '']) => `variable ${name.toUpperCase()}`),
  );
  return once(found).map((each) => ({
    ...each,
    ...(lookedAt.has(keyOf(each)) && { optional: true as const }),
    ...(unshared.has(keyOf(each)) && { unshared: true as const }),
  }));
}

/** Of several mentions, one that needs it is enough. */
function once(settings: NamedSetting[]): NamedSetting[] {
  const found = new Map<string, NamedSetting>();
  for (const each of settings) {
    const known = found.get(keyOf(each));
    const unshared = known?.unshared || each.unshared ? { unshared: true as const } : {};
    found.set(keyOf(each), { ...(known && each.optional ? known : each), ...unshared });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

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
