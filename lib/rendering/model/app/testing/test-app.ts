import { appOf, settingsOf, wantedBy } from '../app';
import { exportability } from '../exportability';
import { type ModuleFacts, moduleFacts } from '../facts';

/** An app of a few files in memory, read as a preflight reads one. */
export function testApp(
  texts: Record<string, string>,
  env: Record<string, string | null> = { AETHERSTACK_RENDERING: 'ssg' },
) {
  const files = Object.keys(texts);
  const facts = new Map<string, ModuleFacts>();
  const settings = new Map(settingsOf(files).map((file) => [file, texts[file] ?? null]));
  const app = () => appOf({ files, settings, facts }, env);
  for (let wanted = wantedBy(app()); wanted.length > 0; wanted = wantedBy(app()))
    for (const file of wanted) facts.set(file, moduleFacts(file, texts[file] ?? ''));
  return {
    app: app(),
    /** `code file:line`, warnings with a `~` in front; sorted. */
    found(): string[] {
      const { blockers, warnings } = exportability(app(), '');
      const line = ({ code, where, line: at }: (typeof blockers)[number]) =>
        `${code} ${where}${at === null ? '' : `:${at}`}`;
      return [...blockers.map(line), ...warnings.map((each) => `~${line(each)}`)].sort();
    },
  };
}
