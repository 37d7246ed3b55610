import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Db, Tx } from '@/lib/db/client';
import {
  components,
  connections,
  deploymentSteps,
  deployments,
  environments,
  events,
  extensionPublications,
  releases,
  targets,
} from '@/lib/db/schema';
import { refOfPublish } from '@/lib/deployments/model/publish';
import { newId } from '@/lib/kernel/ids';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider } from '@/lib/providers/port';
import { isDone, once, SANDBOX_TOKEN } from './demo';
import { EXTENSION, type ExtensionWorkflow, readExtensionWorkflow } from './extension-run';
import { seedOwnGallery } from './own-gallery';
import { type KeptPackage, NEWEST } from './packages';
import { type Became, becameOf, endOf, type PlaceRole } from './published';

type Entered =
  | { kind: 'token'; token: string }
  | { kind: 'basic'; username: string; password: string; tokenOrigin: null };

export interface GalleryOptions {
  /** Epoch milliseconds. */
  now: number;
  packages: readonly KeptPackage[];
  sealCredential(row: { id: string; providerId: string; origin: string }, credential: Entered): string;
  /** Has a simulated gallery know of a package that it took in the past. */
  took(past: { provider: string; at: number; fate: Became['fate']; bytes: Buffer }): Promise<void>;
}

type Manifest = AnyProvider['manifest'];
const manifests: Readonly<Record<string, Manifest>> = catalog;
const DAY = 86_400_000;
const MINUTE = 60_000;
const PUBLISHER = 'Mara Lindqvist';

interface Place {
  target: typeof targets.$inferSelect;
  manifest: Manifest;
  role: PlaceRole;
}

/**
 * Galleries of the example team's extension: versions in several states at each, which the simulated galleries know of. Once,
 * and only where the example team's extension has none. Answers the connections that can be checked.
 */
export async function seedGalleries(db: Db, options: GalleryOptions): Promise<string[]> {
  if (!(await isDone(db, 'demo.estate')) || (await isDone(db, 'demo.galleries'))) return [];
  const made = await once(db, 'demo.galleries', async (tx) => {
    const home = await homeOf(tx);
    if (!home) return [];
    const places: Place[] = [];
    for (const manifest of galleries()) places.push(await seedPlace(tx, options, home, manifest));
    await seedOwnGallery(tx, options);
    await seedPast(tx, options, places);
    return places.filter(({ role }) => role !== 'own').map(({ target }) => target.connectionId);
  });
  return made ?? [];
}

function galleries(): Manifest[] {
  return Object.values(manifests)
    .filter(({ capabilities }) => capabilities.publish)
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

function roleOf({ credentialKinds, capabilities }: Manifest): PlaceRole {
  if (credentialKinds.includes('token')) return 'own';
  return capabilities.publish?.namespaces === 'create' ? 'open' : 'guided';
}

interface Home {
  componentId: string;
  environmentId: string;
  /** Null where nothing starts one. */
  by: ExtensionWorkflow | null;
}

async function homeOf(tx: Tx): Promise<Home | null> {
  const [component] = await tx.select().from(components).where(eq(components.slug, EXTENSION));
  const [environment] = await tx.select().from(environments).where(eq(environments.slug, 'production'));
  if (!component || !environment) return null;
  const ids = galleries().map(({ id }) => id);
  const [taken] = await tx
    .select({ id: targets.id })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(and(eq(targets.componentId, component.id), inArray(connections.providerId, ids)));
  if (taken) return null;
  return { componentId: component.id, environmentId: environment.id, by: await readExtensionWorkflow(tx) };
}

async function seedPlace(tx: Tx, options: GalleryOptions, { by, ...home }: Home, manifest: Manifest): Promise<Place> {
  const role = roleOf(manifest);
  const row = { id: newId('con', options.now), providerId: manifest.id, origin: manifest.defaultOrigin };
  const credential: Entered =
    role === 'own'
      ? { kind: 'token', token: SANDBOX_TOKEN }
      : { kind: 'basic', username: 'aetherstack', password: SANDBOX_TOKEN, tokenOrigin: null };
  const sealedCredential = options.sealCredential(row, credential);
  const kept = { credentialKind: credential.kind, sealedCredential } as const;
  await tx.insert(connections).values({ ...row, name: `${manifest.label} (sandbox)`, ...kept });
  const config = { extension: 'aetherstack.aetherstack', channel: 'both', ...(by ? wayOf(manifest, by) : {}) };
  const [target] = await tx
    .insert(targets)
    .values({ id: newId('tgt', options.now), ...home, connectionId: row.id, label: manifest.label, config })
    .returning();
  if (!target) throw new Error('The target was not written.');
  return { target, manifest, role };
}

/**
 * Where the stored token ends one day, the workflow publishes, so that a press there works on any day. The connection keeps
 * the token, for *Credentials* to lead away from.
 */
function wayOf({ capabilities }: Manifest, { repository, workflow, connectionId }: ExtensionWorkflow) {
  const named = capabilities.publish?.noticeUnless;
  return named === undefined ? {} : { repository, workflow, [named]: connectionId };
}

async function seedPast(tx: Tx, options: GalleryOptions, places: readonly Place[]): Promise<void> {
  const live = new Map<string, string>();
  for (const [order, each] of options.packages.entries()) {
    for (const [index, place] of places.entries()) {
      const became = becameOf(each.version, place.role, NEWEST.version);
      if (!became) continue;
      const at = options.now - each.daysAgo * DAY + (30 + index * 8 + order) * MINUTE;
      const past = { place, each, became, at, previousId: live.get(place.target.id) ?? null };
      const id = await seedPublished(tx, past);
      if (endOf(became, place.manifest.label).ok) live.set(place.target.id, id);
      const { id: provider } = place.manifest;
      if (place.role !== 'own') await options.took({ provider, at, fate: became.fate, bytes: each.bytes });
    }
  }
  for (const [targetId, currentDeploymentId] of live)
    await tx
      .update(targets)
      .set({ currentDeploymentId })
      .where(and(eq(targets.id, targetId), isNull(targets.currentDeploymentId)));
}

interface Past {
  place: Place;
  each: KeptPackage;
  became: Became;
  /** Epoch milliseconds. */
  at: number;
  previousId: string | null;
}

/** One package at one place: its deployment, and what became of it. Answers the deployment's id. */
async function seedPublished(tx: Tx, past: Past): Promise<string> {
  const { place, each, became, at } = past;
  const { label, capabilities } = place.manifest;
  const id = newId('dep', at);
  const end = endOf(became, label);
  // What was never let through ends when its time is over.
  const within = (capabilities.publish?.withinMinutes.validating ?? 60) * MINUTE;
  const endsAt = at + (became.state === 'accepted' ? within : 4 * MINUTE);
  const releaseId = await releaseOf(tx, past);
  await tx.insert(deployments).values(rowOf(past, { id, releaseId, end, endsAt: new Date(endsAt) }));
  await tx.insert(deploymentSteps).values({
    ...{ deploymentId: id, key: `${id}:publish`, position: 0, job: 'Publish', jobId: id, number: 0 },
    ...{ name: `Publish to ${label}`, remoteAttempt: 1, status: end.ok ? ('succeeded' as const) : ('failed' as const) },
    ...{ startedAt: new Date(at + 1_000), endedAt: new Date(endsAt) },
  });
  await tx.insert(events).values(
    [
      ['requested', null, 'queued', at],
      ['claim', 'queued', 'submitting', at + 300],
      [end.ok ? 'health_confirmed' : 'observe_failed', 'deploying', end.ok ? 'succeeded' : 'failed', endsAt],
    ].map(([kind, fromStatus, toStatus, when]) => ({
      ...{ topic: 'deployment' as const, kind: String(kind), at: new Date(Number(when)), deploymentId: id },
      ...{ targetId: place.target.id, actorName: kind === 'requested' ? PUBLISHER : 'AetherStack' },
      ...{ fromStatus: fromStatus as 'queued' | null, toStatus: toStatus as 'succeeded' },
    })),
  );
  await tx.insert(extensionPublications).values({
    ...{ packageId: each.packageId, targetId: place.target.id, deploymentId: id },
    ...{ state: became.state, detail: became.detail, since: new Date(became.state === 'accepted' ? at : endsAt) },
    deadlineAt: became.state === 'accepted' ? new Date(endsAt) : null,
    proof: became.state === 'verified' ? proofOf(each, endsAt) : null,
  });
  return id;
}

const proofOf = ({ packageId: sha256 }: KeptPackage, at: number) => ({
  ...{ sha256, url: null },
  at: new Date(at).toISOString(),
});

interface Ended {
  id: string;
  releaseId: string;
  end: ReturnType<typeof endOf>;
  endsAt: Date;
}

function rowOf({ place, each, at, previousId }: Past, { id, releaseId, end, endsAt }: Ended) {
  const { target, manifest } = place;
  const { packageId, publisher, name, version, targetPlatform, prerelease } = each;
  const publish = { packageId, publisher, name, version, targetPlatform, prerelease };
  const failure = {
    failureCode: 'run_failed',
    failureSentence: end.sentence,
    failureStep: `Publish to ${manifest.label}`,
  };
  return {
    ...{ id, releaseId, targetId: target.id, componentId: target.componentId, environmentId: target.environmentId },
    ...{ connectionId: target.connectionId, providerId: manifest.id, previousDeploymentId: previousId },
    ...{ status: end.ok ? ('succeeded' as const) : ('failed' as const), idempotencyKey: newId('key', at) },
    contentDigest: createHash('sha256').update(id).digest('hex'),
    ...{ ref: `v${version}`, refKind: 'tag' as const, sha: packageId.slice(0, 40), config: target.config },
    dispatch: { findable: false, markerInput: null, shaInput: null, publish },
    ...{ remoteId: refOfPublish(publish, null).id, requestedByName: PUBLISHER, requestedAt: new Date(at) },
    ...{ statusSince: endsAt, submittedAt: new Date(at + 500), startedAt: new Date(at + 1_000), finishedAt: endsAt },
    ...{ observedAt: endsAt, rawPhase: end.ok ? 'published' : 'refused' },
    ...(end.ok ? { evidence: { sentence: end.sentence, at: endsAt.toISOString() } } : failure),
  };
}

/** One for each package, as when somebody publishes it: a package without a commit is named by its own digest. */
async function releaseOf(tx: Tx, { place, each, at }: Past): Promise<string> {
  const { componentId } = place.target;
  const sha = each.packageId.slice(0, 40);
  const version = `v${each.version}`;
  await tx
    .insert(releases)
    .values({
      ...{ id: newId('rel', at), componentId, version, sha, ref: version, author: PUBLISHER },
      ...{ message: `${each.publisher}.${each.name} ${each.version}`, createdAt: new Date(at) },
    })
    .onConflictDoNothing();
  const [row] = await tx
    .select({ id: releases.id })
    .from(releases)
    .where(and(eq(releases.componentId, componentId), eq(releases.sha, sha)));
  if (!row) throw new Error('The release was not written.');
  return row.id;
}
