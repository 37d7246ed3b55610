import type { ProviderContext, WantedProposal } from '../port';
import { read } from './client';
import { textAt } from './file-text';
import { inParallel } from './in-parallel';
import { changedSchema } from './schema';
import { splitName } from './target';

/** Against the commit at which the branch left its base, as GitHub shows it. One request for each file, and one more. */
export async function changesOf(
  c: ProviderContext,
  repository: string,
  { base, at }: WantedProposal['from'],
  paths: readonly string[],
): Promise<{ changed: string[]; before: Record<string, string | null> }> {
  const where = splitName(repository);
  const call = {
    route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
    params: { ...where, basehead: `${base}...${at}`, per_page: 1 },
    about: { what: 'repository', subject: repository },
  } as const;
  const { merge_base_commit: start, files } = (await read(c, call, changedSchema)).data;
  const texts = await inParallel(paths, 4, (path) => textAt(c, where, path, start.sha));
  const moved = files.flatMap(({ filename, previous_filename: old }) => (old ? [filename, old] : [filename]));
  return {
    changed: [...new Set(moved)],
    before: Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? null])),
  };
}
