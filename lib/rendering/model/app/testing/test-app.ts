import { appOf, explore, settingsWanted } from '../app';
import { exportability } from '../exportability';
import { type ModuleFacts, moduleFacts } from '../facts';

/** An app of a few files in memory, read as a preflight reads one. */
export function testApp(
  texts: Record<string, string>,
  env: Record<string, string | null> = { AETHERSTACK_RENDERING: 'ssg' },
) {
  const files = Object.keys(texts);
  const facts = new Map<string, ModuleFacts>();
  const settings = new Map<string, string | null>();
  for (let wanted = settingsWanted(files, settings); wanted.length > 0; wanted = settingsWanted(files, settings))
    for (const file of wanted) settings.set(file, texts[file] ?? null);
  const app = appOf({ files, settings, facts }, env);
  const walk = explore(app);
  for (let { wanted } = walk; wanted.length > 0; { wanted } = walk) {
    for (const file of wanted) facts.set(file, moduleFacts(file, texts[file] ?? ''));
    walk.resume();
  }
  return {
    app,
    /** `code file:line`, warnings with a `~` in front; sorted. */
    found(): string[] {
      const { blockers, warnings } = exportability(app, '');
      const line = ({ code, where, line: at }: (typeof blockers)[number]) =>
        `${code} ${where}${at === null ? '' : `:${at}`}`;
      return [...blockers.map(line), ...warnings.map((each) => `~${line(each)}`)].sort();
    },
  };
}
