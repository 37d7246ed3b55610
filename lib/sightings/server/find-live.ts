import { and, desc, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, type targets } from '@/lib/db/schema';
import { buildsHead, heldSays } from '@/lib/deployments/model/hosting';
import { readMarker } from '@/lib/deployments/model/marker';
import { placeWords } from '@/lib/deployments/server/own-environment';
import { ServiceError } from '@/lib/kernel/errors';
import { type LiveNow, ProviderError } from '@/lib/providers/port';
import { shownUrl } from '@/lib/targets/model/probe';
import { askProbe } from '@/lib/targets/server/ask-probe';
import type { Seen } from '../model/drift';

export type Target = typeof targets.$inferSelect;
type Deployment = typeof deployments.$inferSelect;

export interface Sight extends Seen {
  source: 'probe' | 'provider';
  remoteId: string | null;
  url: string | null;
  /** Why its host lets no new build go live by itself, as a sentence; null when it does, undefined where it was not asked. */
  held: string | null | undefined;
}

export type Finding =
  | { kind: 'seen'; sight: Sight }
  | { kind: 'nothing' }
  /** `asked`: its provider was asked in its place, and knows of nothing there. */
  | { kind: 'trouble'; sentence: string; asked?: boolean };

/**
 * Asks the thing itself where it can be asked, otherwise the provider. `orProvider`: also where the thing gives no usable
 * answer, and as somebody who acts on it, not as one of the looks that give way. Never throws for what the outside does wrong.
 */
export async function findLive(ctx: ServiceContext, target: Target, orProvider = false): Promise<Finding> {
  const consumer = orProvider ? 'engine' : 'reconcile';
  if (!target.probe) return readProvider(ctx, target, consumer);
  const { probe } = target;
  const answer = await askProbe(ctx, probe);
  if (answer.kind === 'trouble') {
    const said = orProvider ? await readProvider(ctx, target, consumer) : null;
    const sentence = `${shownUrl(probe.url)} gives no usable answer: ${answer.sentence}.`;
    return said?.kind === 'seen' ? said : { kind: 'trouble', sentence, asked: said?.kind === 'nothing' };
  }
  const [sha, version] = probe.says === 'sha' ? [answer.value, null] : [null, answer.value];
  const nothing = { byName: null, remoteId: null, held: undefined };
  const sight: Sight = { source: 'probe', sha, version, ...nothing, url: shownUrl(probe.url) };
  return { kind: 'seen', sight };
}

/** Who put there what the probe says, where the provider knows. Only asked for once something is wrong. */
export async function explainSight(ctx: ServiceContext, target: Target, sight: Sight): Promise<Sight> {
  if (sight.source !== 'probe' || sight.sha === null) return sight;
  const found = await readProvider(ctx, target, 'reconcile');
  const same = found.kind === 'seen' && found.sight.sha?.startsWith(sight.sha);
  if (!same) return sight;
  const { byName, remoteId, url, held } = found.sight;
  return { ...sight, byName, remoteId, url, held };
}

async function readProvider(ctx: ServiceContext, target: Target, consumer: 'engine' | 'reconcile'): Promise<Finding> {
  try {
    const { provider, context } = await ctx.openConnection(target.connectionId, consumer);
    const places = provider.methods.live ? await placeWords(ctx.db, target) : undefined;
    const live = (await provider.methods.live?.read(context, target.config, places)) ?? null;
    const { capabilities, label } = provider.manifest;
    const own = live && ((await ownByRun(ctx, target, live.ref)) ?? (await ownByMarker(ctx, live.marker)));
    // Targets that share a workflow and fix nothing are not told apart there; a host serves what it says, whoever sent it.
    const isOfAnother = own && own.targetId !== target.id && capabilities.live?.by === 'last-run';
    if (!live || isOfAnother) return { kind: 'nothing' };
    const held = heldSays(label, live.held ?? null);
    return { kind: 'seen', sight: { ...toSight(target, live, own, buildsHead(capabilities)), held } };
  } catch (error) {
    if (error instanceof ProviderError) return { kind: 'trouble', sentence: error.message };
    if (error instanceof ServiceError) return { kind: 'trouble', sentence: error.sentence };
    throw error;
  }
}

/**
 * A run of ours may have been told its commit, so our own row knows better than the branch that it was started on; not
 * where the host builds the newest commit of a branch, which may be another one than was chosen here (`byHead`).
 */
function toSight(target: Target, live: LiveNow, own: Deployment | null, byHead: boolean): Omit<Sight, 'held'> {
  const ours = own?.targetId === target.id ? own : null;
  // A run that somebody started again at the provider still builds our commit, but it was not us.
  const again = ours !== null && live.ref !== null && ours.remoteId !== null && live.ref.attempt > ours.remoteAttempt;
  return {
    source: 'provider',
    sha: byHead ? (live.sha ?? ours?.sha ?? null) : (ours?.sha ?? live.sha),
    version: live.version,
    byName: ours && !again ? null : live.byName,
    remoteId: live.ref?.id ?? null,
    url: live.ref?.url ?? null,
  };
}

/** The run itself is the proof; its title need not show anything. All attempts of a run build the same commit. */
async function ownByRun(ctx: ServiceContext, target: Target, ref: LiveNow['ref']) {
  if (!ref) return null;
  const [own] = await ctx.db
    .select()
    .from(deployments)
    .where(and(eq(deployments.connectionId, target.connectionId), eq(deployments.remoteId, ref.id)))
    // One build may have been promoted to several targets: this one's own row says who put it here.
    .orderBy(
      sql`${deployments.targetId} = ${target.id} desc`,
      sql`${deployments.remoteAttempt} = ${ref.attempt} desc`,
      desc(deployments.remoteAttempt),
      desc(deployments.number),
    )
    .limit(1);
  return own ?? null;
}

/** For a run whose number never reached us. */
async function ownByMarker(ctx: ServiceContext, marker: string | null): Promise<Deployment | null> {
  const named = readMarker(marker);
  const [own] = named ? await ctx.db.select().from(deployments).where(eq(deployments.id, named.deploymentId)) : [];
  return own ?? null;
}
