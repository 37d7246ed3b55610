import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, deployments, environments, targets } from '@/lib/db/schema';
import type { AnnouncedState } from '@/lib/providers/port';
import { isOpenAtCommit } from '../model/mark';
import { isLimited, outcomeOf } from '../model/outcome';
import { isLast, isLasting, stateFor } from '../model/tell';
import { formOf } from '../model/telling';
import { type AnnouncementRow, release, write } from './claims';
import { sayAtCommit } from './say-at-commit';
import { sayAtRecord } from './say-at-record';
import type { Way } from './way';

/** Everything that is said, read after the claim: what is told is how it is now, not how it was when it was due. */
export async function load(ctx: ServiceContext, deploymentId: string) {
  const [found] = await ctx.db
    .select({ deployment: deployments, target: targets, component: components, environment: environments })
    .from(deployments)
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(deployments.id, deploymentId));
  return found ?? null;
}

/**
 * Brings what the provider shows of one deployment up to now. What a provider refuses is a part of the row; throws what kept
 * it from being asked at all, and `ClaimLost`.
 */
export async function tell(ctx: ServiceContext, row: AnnouncementRow): Promise<void> {
  const about = await load(ctx, row.deploymentId);
  if (!about) return void (await release(ctx.db, row, { state: 'left' }, null));
  const { deployment, target } = about;
  const wanted = stateFor(deployment.status, target.currentDeploymentId === deployment.id);
  // Whatever comes of this pass: what is news is what it has not looked at.
  await write(ctx.db, row, { saidVersion: deployment.version, tried: wanted });
  if (wanted === null) return void (await release(ctx.db, row, { tries: 0 }, null));
  const isOff = target.tell === 'nothing';
  if (isOff && !isOpenAtCommit(row)) return leave(ctx, row, ...OFF);
  const { provider, context } = await ctx.openConnection(deployment.connectionId, 'announce');
  const methods = provider.methods.announcements;
  const traits = provider.manifest.capabilities.announcements;
  if (!methods || !traits)
    return leave(ctx, row, 'unsupported', `${provider.manifest.label} shows no deployments of others.`);
  const can = { status: traits.commitStatus, check: traits.checks.includes(context.credential.kind) };
  // An open word may keep people from merging, so it is brought to its end whatever is told by then.
  const as = isOpenAtCommit(row) ? row.markAs : formOf(target.tell, can);
  const ask = { methods, context, to: traits.to };
  const ways = isOff ? [] : [await sayAtRecord({ ctx, row, about }, ask, wanted)];
  if (as) ways.push(await sayAtCommit({ ctx, row: ways[0]?.row ?? row, about }, { ...ask, as }, wanted));
  await settle(ctx, ways, { wanted, isOff });
}

const OFF = ['off', 'It was switched off for this target.'] as const;

interface Pass {
  wanted: AnnouncedState;
  isOff: boolean;
}

async function settle(ctx: ServiceContext, ways: Way[], { wanted, isOff }: Pass): Promise<void> {
  const row = ways.at(-1)?.row;
  if (!row) return;
  const { state, seconds, settled, failed } = outcomeOf(ways, { tries: row.tries, last: isLast(wanted) });
  const isEnded = !isOpenAtCommit(row) || state !== 'open';
  if (isOff && isEnded && ways.every(({ trouble }) => trouble === null)) return leave(ctx, row, ...OFF);
  const tries = settled ? 0 : failed ? row.tries : row.tries - 1;
  // What kept a whole pass from being made is over; what one way met in this pass is its own to say.
  const isOver = ways[0]?.trouble === null && !isLasting(row.code);
  const news = isOver ? { code: null, sentence: null } : {};
  const held = ways.some(isLimited) ? { tried: null } : {};
  await release(ctx.db, row, { state, tries, ...news, ...held }, seconds);
}

async function leave(ctx: ServiceContext, row: AnnouncementRow, code: string, sentence: string): Promise<void> {
  await release(ctx.db, row, { state: (row.said ?? row.marked) === null ? 'left' : 'done', code, sentence }, null);
}
