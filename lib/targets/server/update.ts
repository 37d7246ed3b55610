import { isDeepStrictEqual } from 'node:util';
import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { components, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { shownUrl } from '../model/probe';
import { type UpdateTargetInput, updateTargetInput } from '../model/schemas';
import type { TargetSaved } from '../model/view';
import { checkConfig } from './config';
import { targetTaken } from './create';
import { requireOwnPlace } from './own-place';
import { recordChange } from './record';
import { lockNaming, readRename, renameOthers } from './renamed';

/**
 * Past deployments keep the settings that they used. A repository that the provider says was renamed is renamed in every
 * other target that names it. Throws `conflict` when somebody changed it since it was read.
 */
export async function updateTarget(ctx: ServiceContext, raw: UpdateTargetInput): Promise<TargetSaved> {
  const { id, version, ...input } = updateTargetInput.parse(raw);
  const found = await load(ctx, id);
  requirePermission(ctx.actor, 'target.manage', found?.environment.slug ?? null);
  if (!found)
    throw new ServiceError('notFound', 'target_not_found', 'There is no such target. It may have been removed.');
  const { component, environment, target } = found;
  const rename = await readRename(ctx, id, target, input);
  try {
    return await ctx.db.transaction(async (tx) => {
      const locked = rename ? await lockNaming(tx, rename) : [];
      const config = await checkConfig(tx, input);
      const moves = input.connectionId !== target.connectionId || !isDeepStrictEqual(config, target.config);
      // Two that were one place before keep no label and no probe from being changed.
      if (moves)
        await requireOwnPlace(tx, ctx, { ...input, componentId: component.id, environmentId: environment.id, config });
      const [row] = await tx
        .update(targets)
        .set({ ...input, config, version: sql`${targets.version} + 1` })
        .where(and(eq(targets.id, id), eq(targets.version, version)))
        .returning();
      if (!row) throw changedSince();
      await recordChange(tx, ctx, {
        kind: 'target',
        verb: 'update',
        id,
        environment: environment.slug,
        sentence: `Changed how ${component.name} is deployed to ${environment.name}.`,
        data: {
          connectionId: input.connectionId,
          label: input.label,
          config,
          probe: input.probe ? shownUrl(input.probe.url) : input.probe,
        },
      });
      return rename ? renameOthers(tx, ctx, rename, locked) : { alsoChanged: [], notChanged: 0 };
    });
  } catch (error) {
    throw isUniqueViolation(error, 'targets_key') ? targetTaken(component.name, environment.name) : error;
  }
}

async function load(ctx: ServiceContext, id: string) {
  const [row] = await ctx.db
    .select({ component: components, environment: environments, target: targets })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.id, id));
  return row ?? null;
}

function changedSince(): ServiceError {
  const sentence = 'Somebody changed this target since you opened it. Reload to see the change, then save again.';
  return new ServiceError('conflict', 'changed_since', sentence);
}
