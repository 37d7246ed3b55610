import { asc } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere, whyNot, whyNotEverywhere } from '@/lib/auth/require';
import { listComponents } from '@/lib/components/server/list';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { listEnvironments } from '@/lib/environments/server/list';
import { catalog } from '@/lib/providers/catalog.generated';
import type { EstateProgress, EstateView } from '../model/view';
import { listTargets } from './list';

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
    environments: places.map((each) => ({ ...each, refusal: whyNot(ctx.actor, 'target.manage', each.slug) })),
    components: things,
    targets: bound.map((each) => ({
      ...each,
      refusal: whyNot(ctx.actor, 'target.manage', each.environment.slug),
      settings: whyNot(ctx.actor, 'configuration.manage', each.environment.slug),
    })),
    connections: accounts.map((each) => ({ ...each, use: useOf(each.providerId) })),
    refusals: {
      components: whyNot(ctx.actor, 'component.manage', null),
      environments: whyNot(ctx.actor, 'environment.manage', null),
      targets: whyNot(ctx.actor, 'target.manage', null),
      runtimes: whyNotEverywhere(ctx.actor, 'configuration.manage'),
    },
  };
}

/** By the catalogue; a provider that this build does not know is left to be told so where it is chosen. */
function useOf(providerId: string): EstateView['connections'][number]['use'] {
  const can = Object.hasOwn(catalog, providerId) ? catalog[providerId]?.capabilities : undefined;
  return {
    deploys: can === undefined || can.deploy !== undefined,
    images: can?.images !== undefined,
    runtime: can?.configuration?.runtime !== undefined,
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
    refusal: whyNot(ctx.actor, accounts === 0 ? 'connection.manage' : 'target.manage', null),
  };
}
