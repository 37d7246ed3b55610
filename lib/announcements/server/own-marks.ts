import { eq } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { components, environments, targets } from '@/lib/db/schema';
import { Rounds } from '@/lib/kernel/rounds';
import { contextName } from '../model/tell';

const asking = new WeakMap<Db, Rounds<ReadonlySet<string>>>();

/** The names under which commits are or were marked from here: one for each target, whatever it tells now. */
export function ownMarks(db: Db): Promise<ReadonlySet<string>> {
  const rounds = asking.get(db) ?? new Rounds();
  asking.set(db, rounds);
  return rounds.join('', async () => {
    const rows = await db
      .select({ environment: environments.slug, component: components.slug, label: targets.label })
      .from(targets)
      .innerJoin(components, eq(components.id, targets.componentId))
      .innerJoin(environments, eq(environments.id, targets.environmentId));
    return new Set(rows.map(contextName));
  });
}
