import 'server-only';
import { asc } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components } from '@/lib/db/schema';
import { notFound, readScope } from '@/lib/deployments/server/read-scope';
import type { Span } from '../model/series';

const DAY_MS = 86_400_000;

export interface Asked {
  days: number;
  component?: string | undefined;
  environment?: string | undefined;
}

/** What is looked at, as far as the reader may: production when no environment is named. Throws `notFound`. */
export async function readPlace(ctx: ServiceContext, asked: Asked) {
  const [scope, all] = await Promise.all([
    readScope(ctx),
    ctx.db
      .select({ id: components.id, slug: components.slug, name: components.name })
      .from(components)
      .orderBy(asc(components.position), asc(components.slug)),
  ]);
  const component = asked.component === undefined ? null : all.find(({ slug }) => slug === asked.component);
  if (component === undefined) throw notFound('component');
  const named = scope.environments.filter(({ slug }) => slug === asked.environment);
  if (asked.environment !== undefined && named.length === 0) throw notFound('environment');
  return {
    component,
    environments: asked.environment === undefined ? scope.environments.filter((row) => row.isProduction) : named,
    choices: {
      components: all.map(({ slug, name }) => ({ slug, name })),
      environments: scope.environments.map(({ slug, name, isProduction }) => ({ slug, name, isProduction })),
    },
    ...spansOf(ctx.clock.now(), asked.days),
  };
}

/** The last so many days, and as many before. */
function spansOf(to: number, days: number): { span: Span; before: Span } {
  const from = to - days * DAY_MS;
  return { span: { from, to }, before: { from: from - days * DAY_MS, to: from } };
}
