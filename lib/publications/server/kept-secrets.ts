import { and, asc, eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { sentenceOf } from '@/lib/configuration/server/gather';
import { components, environments, targets } from '@/lib/db/schema';
import { capability } from '@/lib/providers/port';
import { type KeptSecret, secretsIn } from '../model/retirement';
import { unreadOf } from '../model/unread';

type Found = Pick<KeptSecret, 'name' | 'places' | 'usedBy'>;

export interface LookedThrough {
  secrets: Found[];
  repositories: { repository: string; workflows: number; problem: string | null }[];
  /** What was not looked at beside them; null = nothing. */
  beyond: string | null;
}

interface Asked {
  connectionId: string;
  config: Record<string, unknown>;
  environment: string;
  repository: string;
}

/** So many workflows of a repository are read: each is a request that a repeat does not cost. */
const MOST_WORKFLOWS = 40;
/** So many targets of extensions are looked at. */
const MOST_TARGETS = 50;
/** So many repositories that were left out are named. */
const NAMED = 5;
/** Where workflow files lie, whose names alone a list of them tells. */
const FOLDER = '.github/workflows';

/** Where secrets of these names are kept, by name only, and which workflows of the extensions' repositories read them. */
export async function lookThrough(ctx: ServiceContext, names: readonly string[]): Promise<LookedThrough> {
  const secrets = new Map<string, Found>(names.map((name) => [name, { name, places: [], usedBy: [] }]));
  const repositories: LookedThrough['repositories'] = [];
  const seen = new Set<string>();
  const { found, beyond } = await askedOf(ctx);
  for (const [repository, asked] of found) {
    const row = { repository, workflows: 0, problem: null as string | null };
    repositories.push(row);
    const [first] = asked;
    if (!first) continue;
    try {
      const open = await ctx.openConnection(first.connectionId, undefined, 'look');
      const others = asked.map(branchOf).filter((each) => each !== branchOf(first));
      Object.assign(row, await readWorkflows(open, first, [...new Set(others)], secrets));
      for (const each of asked) await readStores(open, each, secrets, seen);
    } catch (error) {
      row.problem = sentenceOf(error);
    }
  }
  return { secrets: [...secrets.values()], repositories, beyond };
}

const branchOf = ({ config }: Asked) => String(config.defaultRef ?? 'main');

/**
 * The extensions' targets that name a repository, where somebody can be asked about it: the target's own connection, or the
 * one that starts the workflow of a gallery's target. Repositories that nobody can be asked about are told.
 */
async function askedOf(ctx: ServiceContext): Promise<{ found: Map<string, Asked[]>; beyond: string | null }> {
  const rows = await ctx.db
    .select({ connectionId: targets.connectionId, config: targets.config, environment: environments.slug })
    .from(targets)
    .innerJoin(components, and(eq(components.id, targets.componentId), eq(components.kind, 'extension')))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .orderBy(asc(targets.id))
    .limit(MOST_TARGETS + 1);
  const found = new Map<string, Asked[]>();
  const unasked = new Set<string>();
  for (const row of rows.slice(0, MOST_TARGETS)) {
    const { repository } = row.config;
    if (typeof repository !== 'string') continue;
    const asked = row.config.extension === undefined ? row : ofGallery(row);
    if (typeof asked?.config.workflow !== 'string') unasked.add(repository);
    else found.set(repository, [...(found.get(repository) ?? []), { ...asked, repository }]);
  }
  return {
    found,
    beyond: beyondOf([...unasked].filter((each) => !found.has(each)).sort(), rows.length > MOST_TARGETS),
  };
}

type Row = Omit<Asked, 'repository'>;

/** As the workflow's own host knows it; null where the gallery's target names no connection that starts one. */
function ofGallery({ config, environment }: Row): Row | null {
  const { repository, workflow, workflowConnection: connectionId, workflowBranch: defaultRef = 'main' } = config;
  return typeof connectionId === 'string'
    ? { connectionId, environment, config: { repository, workflow, defaultRef } }
    : null;
}

function beyondOf(unasked: readonly string[], isCut: boolean): string | null {
  const more = unasked.length > NAMED ? ` and ${unasked.length - NAMED} more` : '';
  const said = [
    unasked.length > 0
      ? `Not looked through, as no target names its workflow and a connection that reads it: ${unasked.slice(0, NAMED).join(', ')}${more}.`
      : null,
    isCut ? `Only the first ${MOST_TARGETS} targets of extensions were looked at.` : null,
  ].filter((each) => each !== null);
  return said.length === 0 ? null : said.join(' ');
}

async function readWorkflows(
  open: OpenConnection,
  asked: Asked,
  others: string[],
  secrets: Map<string, Found>,
): Promise<{ workflows: number; problem: string | null }> {
  const { provider, context } = open;
  const { config, repository } = asked;
  const branch = branchOf(asked);
  const [all, [head]] = await Promise.all([
    capability(provider, 'workflows').list(context, repository),
    capability(provider, 'source').commits(context, config, branch, 1),
  ]);
  const list = all.filter(({ state }) => state !== 'deleted');
  const of = { branch, others, hasCommit: head !== undefined, listed: list.length, asked: 0, without: [] as string[] };
  if (!head) return { workflows: 0, problem: unreadOf(of) };
  const files = capability(provider, 'files');
  const { files: kept } = await files.list(context, config, head.sha, FOLDER);
  const read = list.slice(0, MOST_WORKFLOWS);
  for (const { path, url } of read) {
    const file = kept.find((each) => each.path === `${FOLDER}/${path}`);
    const text = file ? await files.text(context, config, file.id) : null;
    if (text === null) of.without.push(path);
    for (const name of secretsIn(text ?? '', [...secrets.keys()]))
      secrets.get(name)?.usedBy.push({ repository, workflow: path, url });
  }
  return { workflows: read.length - of.without.length, problem: unreadOf({ ...of, asked: read.length }) };
}

/** `seen`: stores that were read already; several targets share their repository. */
async function readStores(
  { provider, context }: OpenConnection,
  { config, environment }: Asked,
  secrets: Map<string, Found>,
  seen: Set<string>,
): Promise<void> {
  const stores = capability(provider, 'configuration');
  const { places } = await stores.reads(context, config, environment);
  for (const place of places) {
    if (place.absent !== null || seen.has(place.identity)) continue;
    seen.add(place.identity);
    for (const { kind, name, updatedAt } of await stores.list(context, place.id))
      if (kind === 'secret') secrets.get(name)?.places.push({ label: place.label, url: place.url, updatedAt });
  }
}
