import 'server-only';
import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { components, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { HealthSettings } from '../model/health-settings';
import { SIGNAL_WORDS, said, UNIT_WORDS } from '../model/signal-words';
import type { Reading } from '../model/verdict';
import type { SignalCheck } from '../model/verdict-view';
import { stepOf } from './judge-due';
import { readSignals } from './read-signals';

/** The target with its slugs, for whoever manages it. Throws `forbidden` or `notFound`. */
export async function managedTarget(ctx: ServiceContext, targetId: string) {
  const [found] = await ctx.db
    .select({ target: targets, component: components, environment: environments })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.id, targetId));
  requirePermission(ctx.actor, 'target.manage', found?.environment.slug ?? null);
  if (found) return found;
  throw new ServiceError('notFound', 'target_not_found', 'There is no such target. It may have been removed.');
}

export type Managed = Awaited<ReturnType<typeof managedTarget>>;

/** Asks every question once, over the last window. */
export async function askOnce(ctx: ServiceContext, managed: Managed, settings: HealthSettings): Promise<Reading[]> {
  const { windowMinutes } = settings.rules;
  const to = ctx.clock.now();
  const place = { component: managed.component.slug, environment: managed.environment.slug };
  const span = { from: to - windowMinutes * 60_000, to, stepMs: stepOf(windowMinutes) };
  return readSignals(ctx, { targetId: managed.target.id, place, settings }, span);
}

export function toCheck({ signal, source, points, problem }: Reading): SignalCheck {
  const value = points.findLast(([, each]) => each !== null)?.[1] ?? null;
  if (problem !== null) return { signal, source, usable: false, value: null, sentence: problem };
  if (value === null) {
    const sentence =
      'It was understood, and there was no measurement in the last window: until there is, every verdict is inconclusive.';
    return { signal, source, usable: false, value: null, sentence };
  }
  return {
    signal,
    source,
    usable: true,
    value,
    sentence: `${SIGNAL_WORDS[signal]}: ${said(value)}${UNIT_WORDS[signal]} now.`,
  };
}
