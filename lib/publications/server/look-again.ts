import { and, eq, sql } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { extensionPackages, extensionPublications, targets } from '@/lib/db/schema';
import { TERMINAL_STATUSES } from '@/lib/deployments/model/status';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { capability, type ExtensionVersion, type Placed, ProviderError } from '@/lib/providers/port';
import { goneState, minutesToLook, type PublicationState, stateOf, WORKING } from '../model/publication';
import { lookThere } from './look-there';
import { type About, movePublicationIn, type News } from './move-publication';
import { otherContent, standingThere } from './standing-there';
import { endSettled } from './unpublish-asks';

/** So many of them in one round: galleries count requests, and nothing waits for this. */
const AT_MOST = 10;

interface Due {
  packageId: string;
  targetId: string;
}

/**
 * What a gallery does with a version after its deployment is over: lets it go at last, locks it, takes it away. What it
 * still works on is asked for every ten minutes, the rest once a day, so many in a round at most; one statement claims
 * them, so several processes share the work. A gallery that does not answer changes nothing. Answers how many were asked.
 */
export async function lookAgain(ctx: ServiceContext, limit = AT_MOST): Promise<number> {
  const due = await claim(ctx, limit);
  for (const each of due) {
    try {
      await lookOnce(ctx, each);
    } catch (error) {
      if (error instanceof ProviderError || error instanceof ServiceError) continue;
      log.warn('a publication could not be looked at; it is its turn again later', {
        ...each,
        ...describeError(error),
      });
    }
  }
  return due.length;
}

async function claim({ db }: ServiceContext, limit: number): Promise<Due[]> {
  const [often, seldom] = [minutesToLook('active'), minutesToLook('verified')];
  const { rows } = await db.execute<Due & Record<string, unknown>>(sql`
    update extension_publications set next_look_at = now() + make_interval(mins =>
      case when state = any(${sql.param([...WORKING])}) and deadline_at > now() - interval '1 day' then ${often}::int else ${seldom}::int end)
    where (package_id, target_id) in (
      select p.package_id, p.target_id from extension_publications p
      left join deployments d on d.id = p.deployment_id
      where p.next_look_at <= now() and (d.id is null or d.status = any(${sql.param([...TERMINAL_STATUSES])}))
      order by p.next_look_at limit ${limit} for update of p skip locked)
    returning package_id as "packageId", target_id as "targetId"`);
  return rows;
}

async function lookOnce(ctx: ServiceContext, { packageId, targetId }: Due): Promise<void> {
  const mine = and(eq(extensionPublications.packageId, packageId), eq(extensionPublications.targetId, targetId));
  const [row] = await ctx.db
    .select({ publication: extensionPublications, target: targets, package: extensionPackages })
    .from(extensionPublications)
    .innerJoin(targets, eq(targets.id, extensionPublications.targetId))
    .innerJoin(extensionPackages, eq(extensionPackages.id, extensionPublications.packageId))
    .where(mine);
  if (!row) return;
  const { publisher, name, version, targetPlatform } = row.package;
  const open = await ctx.openConnection(row.target.connectionId, undefined, 'look');
  const traits = open.provider.manifest.capabilities.publish;
  if (!traits) return;
  const wanted = { packageId, publisher, name, version, targetPlatform };
  const seen = await newsOf(ctx, open, row.target.config, wanted, row.publication.state);
  await ctx.db.update(extensionPublications).set({ lookedAt: sql`now()` }).where(mine);
  const { label } = open.provider.manifest;
  const { deploymentId } = row.publication;
  const about: About = { packageId, targetId, deploymentId, what: `${publisher}.${name} ${version}`, label };
  await ctx.db.transaction(async (tx) => {
    const [now] = await tx
      .select({ since: extensionPublications.since })
      .from(extensionPublications)
      .where(mine)
      .for('update');
    // What was written down while the gallery was asked is newer than what it said.
    if (now?.since.getTime() !== row.publication.since.getTime()) return;
    for (const news of seen) await movePublicationIn(tx, ctx, about, news, traits.withinMinutes);
    if (seen.some(({ state }) => state === 'unlisted')) await endSettled(tx, about);
  });
}

/** What is to be written down, in order; nothing where it stands as before. Throws `ProviderError`. */
async function newsOf(
  ctx: ServiceContext,
  open: OpenConnection,
  config: Record<string, unknown>,
  wanted: ExtensionVersion & { packageId: string },
  before: PublicationState,
): Promise<News[]> {
  const gallery = capability(open.provider, 'publish');
  const { label } = open.provider.manifest;
  const placed = await lookThere(ctx, open, config, wanted);
  const { sentence: detail, url } = placed;
  if (placed.state === 'absent') {
    const gone = goneState(before);
    // Not shown to its publisher is not yet gone: a client is asked as well.
    if (gone === null || (await gallery.asClient(open.context, config, wanted)).listed) return [];
    return [{ state: gone, detail: `${label} does not show it any more, though it was there.` }];
  }
  const state = stateOf(placed.state);
  if (state === null || (state === 'active' && before === 'verified')) return [];
  if (state !== 'active') return state === before ? [] : [{ state, detail, url }];
  const proof = await proofOf(open, config, wanted, placed);
  // Refused for its content, and still another one: no news.
  if (before === 'rejected' && proof[0]?.state === 'rejected') return [];
  return [{ state, detail, url }, ...proof];
}

/** By the bytes, as at the end of its deployment. */
async function proofOf(
  open: OpenConnection,
  config: Record<string, unknown>,
  wanted: ExtensionVersion & { packageId: string },
  seenAs: Placed,
): Promise<News[]> {
  const { is, sha256, url } = await standingThere(open, config, wanted, { seenAs });
  if (is === 'same') return [{ state: 'verified', proof: { sha256: sha256 ?? '', url } }];
  return is === 'other' ? [{ state: 'rejected', detail: otherContent(open.provider.manifest.label, wanted) }] : [];
}
