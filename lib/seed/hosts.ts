import 'server-only';
import { eq } from 'drizzle-orm';
import type { Db, Tx } from '@/lib/db/client';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { markerOf } from '@/lib/deployments/model/marker';
import { newId } from '@/lib/kernel/ids';
import { type DemoOptions, isDone, once, SANDBOX_TOKEN } from './demo';
import { seedDeployment, seedRelease } from './history';
import type { PastDeployment, SeedCommit } from './past';

/** The branch that the example team looks at before it goes live. */
const PREVIEW_BRANCH = 'feature/contact-form';
const HALF_AN_HOUR = 1_800_000;
/** After those of the estate. */
const FIRST_POSITION = 9;

interface Build {
  branch: string;
  sha: string;
  marker: string;
  /** Epoch milliseconds. */
  at: number;
}

type Connecting = Pick<DemoOptions, 'providerId' | 'origin' | 'connectionName' | 'sealCredential' | 'now'>;

/** A branch's, newest first. */
type Commits = (branch: string) => Promise<SeedCommit[]>;

export interface HostOptions extends Connecting {
  component: { slug: string; name: string; description: string };
  /** Settings of a target at that host. */
  config(production: boolean, branch: string): Record<string, unknown>;
  /** Has the simulated host know of a build of the past. */
  built(build: Build): Promise<{ remoteId: string; baked: unknown[] }>;
}

/** `commits`: which of the branch's newest were built, oldest first. */
const PLACES = [
  { environment: 'production', branch: 'main', commits: [7, 2], production: true },
  { environment: 'staging', branch: PREVIEW_BRANCH, commits: [0], production: false },
] as const;
type Place = (typeof PLACES)[number];

/**
 * Websites at hosts, beside the example team's estate: two builds on production and one on staging, which the host has, so
 * that addresses, previews, what visitors had and a promotion can be looked at. Once, all of them or none, and only in a demo
 * that nobody has used: in one that was filled by an earlier version their past would be told as news.
 */
export async function seedHosts(db: Db, commits: Commits, sites: readonly HostOptions[]): Promise<boolean> {
  if (!(await isDone(db, 'demo.estate')) || (await isDone(db, 'demo.hosts'))) return false;
  const read = async ({ branch }: Place) => [branch, await commits(branch)] as const;
  const known = new Map(await Promise.all(PLACES.map(read)));
  const seeded = await once(db, 'demo.hosts', async (tx) => {
    const made: boolean[] = [];
    for (const [index, site] of sites.entries()) made.push(await seedWebsite(tx, site, { known, index }));
    return made.includes(true);
  });
  return seeded ?? false;
}

interface Among {
  /** By branch. */
  known: ReadonlyMap<string, SeedCommit[]>;
  /** How many websites come before it. */
  index: number;
}

async function seedWebsite(tx: Tx, options: HostOptions, { known, index }: Among): Promise<boolean> {
  const { slug, name, description } = options.component;
  const [taken] = await tx.select({ id: components.id }).from(components).where(eq(components.slug, slug));
  const inEnvironments = await tx.select({ id: environments.id, slug: environments.slug }).from(environments);
  if (taken || inEnvironments.length === 0) return false;
  const connectionId = await seedConnection(tx, options);
  const componentId = newId('cmp', options.now);
  const at = { paths: ['dashboard'], position: FIRST_POSITION + index };
  const about = { slug, name, kind: 'dashboard' as const, description, ...at };
  await tx.insert(components).values({ id: componentId, ...about });
  for (const place of PLACES) {
    const environmentId = inEnvironments.find((each) => each.slug === place.environment)?.id;
    const commits = known.get(place.branch) ?? [];
    if (environmentId)
      await seedPlace(tx, options, { place, commits, index, ids: { componentId, environmentId, connectionId } });
  }
  return true;
}

async function seedConnection(tx: Tx, options: HostOptions): Promise<string> {
  const { providerId, origin, connectionName: name, sealCredential, now } = options;
  const row = { id: newId('con', now), providerId, origin };
  const sealedCredential = sealCredential(row, { kind: 'token', token: SANDBOX_TOKEN });
  const credential = { credentialKind: 'token', sealedCredential, credentialLast4: SANDBOX_TOKEN.slice(-4) } as const;
  await tx.insert(connections).values({ ...row, name, ...credential });
  return row.id;
}

interface Placed {
  place: Place;
  commits: readonly SeedCommit[];
  index: number;
  ids: { componentId: string; environmentId: string; connectionId: string };
}

async function seedPlace(tx: Tx, options: HostOptions, { place, commits, index, ids }: Placed): Promise<void> {
  const { environment, branch, production } = place;
  const id = newId('tgt', options.now);
  const config = options.config(production, branch);
  const [row] = await tx
    .insert(targets)
    .values({ id, ...ids, config, rendering: 'ssr' })
    .returning();
  if (!row) throw new Error('The target was not written.');
  const component = options.component.slug;
  const target = { row, component, environment, providerId: options.providerId };
  // Each host takes up a push on its own.
  const delay = HALF_AN_HOUR * (1 + index);
  let previousId: string | null = null;
  for (const commit of place.commits.flatMap((index) => commits[index] ?? [])) {
    const at = Math.min(Date.parse(commit.authoredAt) + delay, options.now - HALF_AN_HOUR);
    const about = { component, environment, commit, person: commit.author, at };
    const each: PastDeployment = { ...about, outcome: 'succeeded', endedIn: null, pace: 1 };
    const deploymentId = newId('dep', at);
    const build = await options.built({ branch, sha: commit.sha, marker: markerOf(deploymentId, 1), at });
    const releaseId = await seedRelease(tx, new Map(), target, each);
    previousId = await seedDeployment(tx, { target, each, releaseId, previousId, id: deploymentId, build });
  }
  if (previousId) await tx.update(targets).set({ currentDeploymentId: previousId }).where(eq(targets.id, id));
}
