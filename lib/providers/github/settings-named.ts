import type { SettingName } from '../port';

const MENTION = /\b(secrets|vars)(?:\.([A-Za-z_][\w-]*)|\[\s*'([^']{1,100})'\s*\])/gi;
/** Made by GitHub itself for every job. */
const OWN = /^GITHUB_/;

/** The secrets and variables that the `${{ … }}` expressions of a text name, in capitals as GitHub keeps them. */
export function settingsNamedIn(text: string): SettingName[] {
  const found = new Map<string, SettingName>();
  for (const expression of expressionsOf(text)) {
    for (const [, store, plain, quoted] of expression.matchAll(MENTION)) {
      const name = (plain ?? quoted ?? '').toUpperCase();
      const kind = store?.toLowerCase() === 'vars' ? 'variable' : 'secret';
      if (!OWN.test(name)) found.set(`${kind} ${name}`, { kind, name });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What stands in `${{ … }}`, and whole `if:` lines, which are expressions without the braces. */
function* expressionsOf(text: string): Generator<string> {
  for (let at = text.indexOf('${{'); at >= 0; at = text.indexOf('${{', at)) {
    const end = text.indexOf('}}', at);
    if (end < 0) break;
    yield text.slice(at, end);
    at = end;
  }
  for (const [line] of text.matchAll(/^\s*(?:- )?if:.*$/gm)) yield line;
}
