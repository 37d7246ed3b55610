import { z } from 'zod';
import type { NamedSetting, ProviderContext } from '../port';
import { folderAt, textAt } from './file-text';
import { inParallel } from './in-parallel';
import type { Place } from './target';
import type { CalledFile } from './workflow-calls';
import { mapping, parse, scalar } from './workflow-file';

/** What *Set up* keeps of each component, in the repository itself. */
const RECORDS = '.github/aetherstack';
/** At one time, and in all. */
const [AT_ONCE, MOST] = [4, 100];

/** What a step of a workflow of ours declares: that names of before stand for its own while no other component goes there. */
interface Declared {
  own: string;
  host: string;
  component: string;
}

const recordSchema = z.object({
  settings: z.object({
    name: z.string().regex(/^[a-z0-9-]+$/),
    hosting: z.unknown().optional(),
    platform: z.object({ type: z.unknown().optional() }).nullish(),
  }),
});

/**
 * Leaves out what stands for a component's own variable where the run would refuse that: another component of the repository
 * goes to the same host. Costs nothing for other workflows; else one request, and one for each record.
 */
export async function withoutRefused(
  c: ProviderContext,
  place: Place,
  files: readonly CalledFile[],
  named: NamedSetting[],
): Promise<NamedSetting[]> {
  const declared = files.flatMap(({ text, path }) => declaredIn(text, path));
  const stands = ({ own }: Declared) => named.some(({ kind, name, or }) => kind === 'variable' && name === own && or);
  if (!declared.some(stands)) return named;
  const records = await readRecords(c, place);
  return named.map((each) => {
    const { or, ...rest } = each;
    const by = each.kind === 'variable' ? declared.find(({ own }) => own === each.name) : undefined;
    const other = by && records.find(({ name, goesTo }) => name !== by.component && goesTo(by.host));
    if (!or || !other) return each;
    const because = `${or.join(', ')} does not do instead: ${other.name} of the same repository goes to the same host, and the two would be one there.`;
    return { ...rest, because };
  });
}

function declaredIn(text: string, path: string): Declared[] {
  if (!text.includes('AETHERSTACK_HOST')) return [];
  const jobs = Object.values(mapping(mapping(parse(text, path))?.jobs) ?? {});
  const steps = jobs.flatMap((job) => mapping(job)?.steps ?? []);
  return steps.flatMap((step) => {
    const env = mapping(mapping(step)?.env);
    const [host, component] = [scalar(env?.AETHERSTACK_HOST), scalar(env?.AETHERSTACK_COMPONENT)];
    const own = /\bvars\.(\w+)/.exec(scalar(env?.OWN) ?? '')?.[1];
    return host && component && own ? [{ host, component, own: own.toUpperCase() }] : [];
  });
}

/** What the run finds there as well: a record that cannot be read says nothing to either. */
async function readRecords(c: ProviderContext, place: Place) {
  const listed = (await folderAt(c, place, RECORDS, place.defaultRef)) ?? [];
  const paths = listed.filter(({ type, path }) => type === 'file' && path.endsWith('.json')).map(({ path }) => path);
  const texts = await inParallel(paths.slice(0, MOST), AT_ONCE, (path) => textAt(c, place, path, place.defaultRef));
  return texts.flatMap((text) => {
    const settings = recordSchema.safeParse(jsonOf(text)).data?.settings;
    if (!settings) return [];
    const { name, hosting, platform } = settings;
    return [{ name, goesTo: (host: string) => hosting === host || platform?.type === host }];
  });
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
