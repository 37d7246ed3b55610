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

export interface HostOptions extends Connecting {
  component: { slug: string; name: string; description: string };
  /** How many websites of the example team come before it. */
  index: number;
  /** Settings of a target at that host. */
  config(production: boolean, branch: string): Record<string, unknown>;
  /** Newest first. */
  commits(branch: string): Promise<SeedCommit[]>;
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
 * A website at a host, beside the example team's estate: two builds on production and one on staging, which the host has, so
 * that its addresses, its preview, what visitors had and a promotion can be looked at. Once, and only beside the example team.
 */
export async function seedHosts(db: Db, options: HostOptions): Promise<boolean> {
  const mark = `demo.hosts.${options.component.slug}`;
  if (!(await isDone(db, 'demo.estate')) || (await isDone(db, mark))) return false;
  const read = async ({ branch }: Place) => [branch, await options.commits(branch)] as const;
  const known = new Map(await Promise.all(PLACES.map(read)));
  return (await once(db, mark, (tx) => seedWebsite(tx, options, known))) ?? false;
}

async function seedWebsite(tx: Tx, options: HostOptions, known: ReadonlyMap<string, SeedCommit[]>): Promise<boolean> {
  const { slug, name, description } = options.component;
  const [taken] = await tx.select({ id: components.id }).from(components).where(eq(components.slug, slug));
  const inEnvironments = await tx.select({ id: environments.id, slug: environments.slug }).from(environments);
  if (taken || inEnvironments.length === 0) return false;
  const connectionId = await seedConnection(tx, options);
  const componentId = newId('cmp', options.now);
  const at = { paths: ['dashboard'], position: FIRST_POSITION + options.index };
  const about = { slug, name, kind: 'dashboard' as const, description, ...at };
  await tx.insert(components).values({ id: componentId, ...about });
  for (const place of PLACES) {
    const environmentId = inEnvironments.find((each) => each.slug === place.environment)?.id;
    const commits = known.get(place.branch) ?? [];
    if (environmentId)
      await seedPlace(tx, options, { place, commits, ids: { componentId, environmentId, connectionId } });
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
  ids: { componentId: string; environmentId: string; connectionId: string };
}

async function seedPlace(tx: Tx, options: HostOptions, { place, commits, ids }: Placed): Promise<void> {
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
  const delay = HALF_AN_HOUR * (1 + options.index);
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
