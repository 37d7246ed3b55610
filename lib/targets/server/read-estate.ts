import { asc } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { listComponents } from '@/lib/components/server/list';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { listEnvironments } from '@/lib/environments/server/list';
import { explain } from '@/lib/members/model/policy';
import type { Permission } from '@/lib/members/model/role';
import type { EstateProgress, EstateView } from '../model/view';
import { listTargets } from './list';

function whyNot({ actor }: ServiceContext, permission: Permission, environment: string | null): string | null {
  return actor.kind === 'user' ? (explain(actor.grants, permission, environment)?.sentence ?? null) : null;
}

/** Components, environments and targets with what the reader may change. Throws `forbidden`. */
export async function readEstate(ctx: ServiceContext): Promise<EstateView> {
  const [places, things, bound, accounts] = await Promise.all([
    listEnvironments(ctx),
    listComponents(ctx),
    listTargets(ctx),
    ctx.db
      .select({ id: connections.id, name: connections.name, providerId: connections.providerId })
      .from(connections)
      .orderBy(asc(connections.name)),
  ]);
  return {
    environments: places.map((each) => ({ ...each, refusal: whyNot(ctx, 'target.manage', each.slug) })),
    components: things,
    targets: bound.map((each) => ({ ...each, refusal: whyNot(ctx, 'target.manage', each.environment.slug) })),
    connections: accounts,
    refusals: {
      components: whyNot(ctx, 'component.manage', null),
      environments: whyNot(ctx, 'environment.manage', null),
      targets: whyNot(ctx, 'target.manage', null),
    },
  };
}

/** The steps of a new installation, asked only while there is nothing to deploy. */
export async function readEstateProgress(ctx: ServiceContext): Promise<EstateProgress> {
  requireAnywhere(ctx.actor, 'deployment.read');
  const [accounts, places, things, bound] = await Promise.all([
    ctx.db.$count(connections),
    ctx.db.$count(environments),
    ctx.db.$count(components),
    ctx.db.$count(targets),
  ]);
  return {
    connections: accounts,
    environments: places,
    components: things,
    targets: bound,
    refusal: whyNot(ctx, accounts === 0 ? 'connection.manage' : 'target.manage', null),
  };
}
