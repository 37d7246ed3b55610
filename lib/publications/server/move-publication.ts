import { and, eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { environments, extensionPublications, targets } from '@/lib/db/schema';
import { publish } from '@/lib/realtime/publish';
import {
  mayBecome,
  minutesFor,
  minutesToLook,
  PUBLICATION_WORDS,
  type PublicationState,
  type Within,
} from '../model/publication';
import { endAsks } from './unpublish-asks';

export interface About {
  packageId: string;
  targetId: string;
  deploymentId: string;
  /** `acme.demo 1.4.2` */
  what: string;
  /** The gallery, as people call it. */
  label: string;
}

export interface News {
  state: PublicationState;
  detail?: string | null;
  url?: string | null;
  proof?: { sha256: string; url: string | null };
}

export interface Tracked {
  state: PublicationState;
  detail: string | null;
  url: string | null;
  /** The state has lasted longer than it may, by the database's clock. */
  overdue: boolean;
}

type Place = Pick<About, 'packageId' | 'targetId'>;

const isPlace = ({ packageId, targetId }: Place) =>
  and(eq(extensionPublications.packageId, packageId), eq(extensionPublications.targetId, targetId));

/** When it came to its state, read before the place is asked; null = nothing was published there. */
export async function stoodSince({ db }: Pick<ServiceContext, 'db'>, place: Place): Promise<Date | null> {
  const [row] = await db
    .select({ since: extensionPublications.since })
    .from(extensionPublications)
    .where(isPlace(place));
  return row?.since ?? null;
}

/**
 * The only verb that writes a publication: state, event and audit line in one transaction. Null news: how it stands.
 * What would go backwards changes nothing, nor does what a look says that began before the present state (`seen`: as
 * `stoodSince` was then). Answers null where nothing was ever published there.
 */
export function movePublication(
  ctx: ServiceContext,
  about: About,
  news: News | null,
  within: Within,
  seen?: Date | null,
): Promise<Tracked | null> {
  return ctx.db.transaction((tx) => movePublicationIn(tx, ctx, about, news, within, seen));
}

/** The same as part of another change. */
export async function movePublicationIn(
  tx: Tx,
  ctx: ServiceContext,
  about: About,
  news: News | null,
  within: Within,
  seen?: Date | null,
): Promise<Tracked | null> {
  const [row] = await tx
    .select({
      row: extensionPublications,
      overdue: sql<boolean>`coalesce(${extensionPublications.deadlineAt} < now(), false)`,
    })
    .from(extensionPublications)
    .where(isPlace(about))
    .for('update');
  const before = row?.row ?? null;
  const isLate = seen !== undefined && before?.since.getTime() !== seen?.getTime();
  if (!news || isLate || (before && !mayBecome(before.state, news.state)))
    return before && { ...before, overdue: row?.overdue === true };
  const { what: _, label: __, ...key } = about;
  const set = { deploymentId: about.deploymentId, ...valuesOf(ctx, before, news, within) };
  await tx
    .insert(extensionPublications)
    .values({ ...key, ...set })
    .onConflictDoUpdate({ target: [extensionPublications.packageId, extensionPublications.targetId], set });
  const ended = begins(before?.state ?? null, news.state) ? await endAsks(tx, about) : 0;
  await tell(tx, ctx, about, news, ended);
  return { state: news.state, detail: set.detail, url: set.url, overdue: false };
}

/** Handed over to a place that did not have it: nobody agreed to take that away. */
const begins = (from: PublicationState | null, to: PublicationState) => !isOut(to) && (from === null || isOut(from));
const isOut = (state: PublicationState) => state === 'rejected' || state === 'unlisted';

function valuesOf(ctx: ServiceContext, before: { url: string | null } | null, news: News, within: Within) {
  const minutes = minutesFor(news.state, within);
  return {
    ...{ state: news.state, detail: news.detail ?? null, url: news.url ?? before?.url ?? null },
    since: sql`now()`,
    lookedAt: sql`now()`,
    nextLookAt: sql`now() + make_interval(mins => ${minutesToLook(news.state)})`,
    deadlineAt: minutes === null ? null : sql`now() + make_interval(mins => ${minutes})`,
    proof: news.proof ? { ...news.proof, at: new Date(ctx.clock.now()).toISOString() } : null,
  };
}

const ENDED = ' What was asked before, to take the whole extension away there, is over.';

async function tell(tx: Tx, ctx: ServiceContext, about: About, news: News, endedAsks: number): Promise<void> {
  const sentence = `${about.label}: ${news.detail ?? PUBLICATION_WORDS[news.state].sentence}`;
  const [place] = await tx
    .select({ slug: environments.slug })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.id, about.targetId));
  await publish(tx, {
    topic: 'deployment',
    kind: 'publication',
    deploymentId: about.deploymentId,
    targetId: about.targetId,
    actorName: ctx.actor.name,
    data: { sentence, state: news.state, packageId: about.packageId },
  });
  await emitAudit(tx, ctx, {
    action: `extension.publication.${news.state}`,
    resource: { kind: 'deployment', id: about.deploymentId },
    environment: place?.slug,
    outcome: news.state === 'rejected' ? 'failed' : 'done',
    sentence: `${about.what}: ${sentence}${endedAsks > 0 ? ENDED : ''}`,
    data: { packageId: about.packageId, target: about.targetId, ...(news.proof ? { proof: news.proof } : {}) },
  });
}

/** Whether this package was handed to that place before, and not refused there. */
export async function wasHandedOver(
  ctx: Pick<ServiceContext, 'db'>,
  { packageId, targetId }: { packageId: string; targetId: string },
): Promise<boolean> {
  const [row] = await ctx.db
    .select({ state: extensionPublications.state })
    .from(extensionPublications)
    .where(isPlace({ packageId, targetId }));
  return row !== undefined && row.state !== 'rejected' && row.state !== 'unlisted';
}

/** Whether the gallery was seen with what this deployment published: from then on it is followed there, and no run. */
export async function isFollowed(db: DbOrTx, deploymentId: string): Promise<boolean> {
  return (await db.$count(extensionPublications, eq(extensionPublications.deploymentId, deploymentId))) > 0;
}
