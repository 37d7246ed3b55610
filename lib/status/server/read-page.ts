import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, whyNot, whyNotEverywhere } from '@/lib/auth/require';
import { components, deployments, environments, freezes, publicNames, subscriptions, targets } from '@/lib/db/schema';
import { versionOf } from '@/lib/deployments/model/version';
import type { OpenFreeze, RecentDeployment, StatusPageView, StatusPlace } from '../model/view';
import { ofName } from './public-place';

const RECENT = 20;
const MOST_FREEZES = 50;

/** What is on the public page and may be put there, for the console. Only environments that the reader may see. */
export async function readStatusPage(ctx: ServiceContext): Promise<StatusPageView> {
  const [places, recent, open, subscribers] = await Promise.all([
    placesOf(ctx),
    recentOf(ctx),
    freezesOf(ctx),
    ctx.db.$count(subscriptions, and(eq(subscriptions.kind, 'status'), isNull(subscriptions.disabledAt))),
  ]);
  return { places, recent, freezes: open, subscribers, refusal: whyNotEverywhere(ctx.actor, 'incident.manage') };
}

async function placesOf(ctx: ServiceContext): Promise<StatusPlace[]> {
  const rows = await ctx.db
    .select({
      target: { id: targets.id, label: targets.label, isPublic: targets.isPublic },
      component: components.name,
      environment: { slug: environments.slug, name: environments.name },
      named: { name: publicNames.name, section: publicNames.section },
      isMeasured: sql<boolean>`${targets.health}->>'watchUrl' is not null`,
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .leftJoin(publicNames, ofName)
    .orderBy(
      ...[desc(environments.isProduction), asc(environments.position), asc(environments.slug)],
      ...[asc(components.position), asc(components.slug), asc(targets.label)],
    );
  return rows
    .filter(({ environment }) => isPermitted(ctx.actor, 'deployment.read', environment.slug))
    .map(({ target, component, environment, named, isMeasured }) => ({
      ...{ targetId: target.id, component, environment: environment.name, label: target.label },
      ...{ isPublic: target.isPublic, isMeasured: isMeasured === true },
      publicName: named?.name ?? '',
      publicSection: named?.section ?? '',
      refusal: whyNot(ctx.actor, 'target.manage', environment.slug),
    }));
}

/** What went live last where the reader may look: candidates for what an incident has to do with. */
async function recentOf(ctx: ServiceContext): Promise<RecentDeployment[]> {
  const { id, number, ref, refKind, sha, finishedAt } = deployments;
  const rows = await ctx.db
    .select({
      id,
      number,
      ref,
      refKind,
      sha,
      at: finishedAt,
      component: components.name,
      environment: environments,
      label: targets.label,
    })
    .from(deployments)
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(and(eq(deployments.status, 'succeeded'), sql`${finishedAt} > now() - interval '30 days'`))
    .orderBy(desc(number))
    .limit(RECENT * 2);
  return rows
    .filter(({ environment }) => isPermitted(ctx.actor, 'deployment.read', environment.slug))
    .slice(0, RECENT)
    .flatMap(({ at, environment, component, label, ...row }) =>
      at === null
        ? []
        : [
            {
              ...{ id: row.id, number: row.number, component, environment: environment.name, label },
              ...{ version: versionOf(row), at: at.toISOString() },
            },
          ],
    );
}

/** Only for whoever may name one; what is frozen elsewhere is not told on the way. */
async function freezesOf(ctx: ServiceContext): Promise<OpenFreeze[]> {
  if (whyNotEverywhere(ctx.actor, 'incident.manage') !== null) return [];
  return await ctx.db
    .select({ id: freezes.id, name: freezes.name })
    .from(freezes)
    .where(isNull(freezes.endedAt))
    .orderBy(desc(freezes.createdAt))
    .limit(MOST_FREEZES);
}
