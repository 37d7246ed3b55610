import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type Proposal } from '@/lib/providers/port';
import { componentBySlug } from '@/lib/targets/server/component-by-slug';
import { compareFiles, type FileComparison } from '../model/compare';
import { describeProposal } from '../model/proposal-text';
import type { SetUpInput } from '../model/setup';
import { type Inspected, inspect } from './inspect';
import { placesOf } from './places';

interface Changes {
  changed: string[];
  before: Record<string, string | null>;
}

/**
 * Opens a proposal with the chosen files, or adds a commit to the open one. Refuses when the repository is not what was
 * shown any more, so that nothing is replaced unseen. Throws `ServiceError`, and `ProviderError` for what the provider
 * refuses.
 */
export async function setUp(ctx: ServiceContext, input: SetUpInput): Promise<{ url: string; updated: boolean }> {
  requirePermission(ctx.actor, 'component.manage', null);
  const component = await componentBySlug(ctx, input.slug);
  const place = (await placesOf(ctx, component.id)).find(
    ({ connectionId, repository }) => connectionId === input.connectionId && repository === input.repository,
  );
  if (!place)
    throw new ServiceError(
      'conflict',
      'place_unknown',
      'No target of this component names that repository any more. Open the page again.',
    );
  const found = await inspect(ctx, place, component.slug, input.settings);
  if (found.inspection.shown !== input.shown) throw changed();
  const chosen = choose(found.inspection.files, input.paths);
  const { provider, context } = await ctx.openConnection(place.connectionId);
  const proposals = capability(provider, 'proposals');
  const { state } = found;
  const paths = found.wanted.map(({ path }) => path);
  const changes = state.open && (await proposals.changes(context, place.repository, state, paths));
  const wanted = await proposalOf(component, found, chosen, changes);
  const proposal = await proposals.propose(context, place.repository, wanted);
  const updated = state.open !== null;
  await record(ctx, { component, repository: place.repository, input, chosen, proposal, updated });
  return { url: proposal.url, updated };
}

function choose(files: readonly FileComparison[], paths: readonly string[]): FileComparison[] {
  const shown = new Set(files.map(({ path }) => path));
  if (paths.some((path) => !shown.has(path))) throw changed();
  // The record says how the files were made, so it comes along, unless something of somebody's stands in its place.
  const chosen = files.filter(
    ({ path, state, blueprint }) =>
      state !== 'same' && (paths.includes(path) || (blueprint === 'record' && state !== 'differs')),
  );
  if (chosen.some(({ path }) => paths.includes(path))) return chosen;
  throw new ServiceError(
    'precondition',
    'nothing_to_write',
    'These files are there already, just as they should be. There is nothing to do.',
  );
}

async function proposalOf(
  { slug, name }: { slug: string; name: string },
  found: Inspected,
  chosen: readonly FileComparison[],
  changes: Changes | null,
) {
  const paths = new Set(chosen.map(({ path }) => path));
  const { files: _, ...from } = found.state;
  const { needs, leftOver } = found.inspection;
  const files = found.wanted.filter(({ path }) => paths.has(path)).map(({ path, text }) => ({ path, text }));
  const made = new Set([...found.wanted.map(({ path }) => path), ...leftOver]);
  const others = changes?.changed.filter((path) => !made.has(path)) ?? [];
  const rows = changes ? await rowsOf(found, paths, changes, slug) : chosen;
  return { name: `setup-${slug}`, from, files, ...describeProposal(name, rows, needs, leftOver, others) };
}

/** People approve the whole branch, so it is described against its base, not against what it held a moment ago. */
async function rowsOf({ wanted }: Inspected, chosen: ReadonlySet<string>, { changed, before }: Changes, slug: string) {
  const texts = Object.entries(before).filter((entry): entry is [string, string] => entry[1] !== null);
  const rows = await compareFiles(new Map(texts), wanted, slug);
  return rows.filter(({ path }) => chosen.has(path) || changed.includes(path));
}

async function record(
  ctx: ServiceContext,
  done: {
    component: { id: string; name: string };
    repository: string;
    input: SetUpInput;
    chosen: readonly FileComparison[];
    proposal: Proposal;
    updated: boolean;
  },
): Promise<void> {
  const { component, repository, chosen, proposal, updated } = done;
  const count = chosen.length === 1 ? '1 file' : `${chosen.length} files`;
  await emitAudit(ctx.db, ctx, {
    action: 'component.set-up',
    resource: { kind: 'component', id: component.id },
    outcome: 'done',
    sentence: `${updated ? 'Updated' : 'Opened'} a proposal with ${count} for ${component.name} in ${repository}.`,
    data: {
      repository,
      branch: proposal.branch,
      proposal: proposal.url,
      shown: done.input.shown,
      files: chosen.map(({ path, before, after }) => ({ path, before, after })),
    },
  });
}

function changed(): ServiceError {
  return new ServiceError(
    'conflict',
    'setup_changed',
    'The repository or the files are not what was shown any more, so nothing was written. Look at what is there now, then try again.',
  );
}
