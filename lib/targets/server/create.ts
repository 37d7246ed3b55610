import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { components, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { shownUrl } from '../model/probe';
import { type CreateTargetInput, createTargetInput } from '../model/schemas';
import { checkConfig } from './config';
import { requireOwnPlace } from './own-place';
import { recordChange } from './record';

/** Binds a component to an environment through a connection. Throws `invalid` or `conflict`. Returns the new id. */
export async function createTarget(ctx: ServiceContext, raw: CreateTargetInput): Promise<{ id: string }> {
  const input = createTargetInput.parse(raw);
  const [component, environment] = await Promise.all([
    ctx.db.query.components.findFirst({ where: eq(components.id, input.componentId) }),
    ctx.db.query.environments.findFirst({ where: eq(environments.id, input.environmentId) }),
  ]);
  // Asked of every environment when it is unknown, so that a guess learns nothing.
  requirePermission(ctx.actor, 'target.manage', environment?.slug ?? null);
  if (!component || !environment) throw unknownParts(!component);
  const id = newId('tgt');
  try {
    await ctx.db.transaction(async (tx) => {
      const config = await checkConfig(tx, input);
      await requireOwnPlace(tx, ctx, { ...input, config });
      await tx.insert(targets).values({ id, ...input, config });
      await recordChange(tx, ctx, {
        kind: 'target',
        verb: 'create',
        id,
        environment: environment.slug,
        sentence: `${component.name} can now be deployed to ${environment.name}.`,
        data: {
          component: component.slug,
          connectionId: input.connectionId,
          label: input.label,
          config,
          probe: input.probe ? shownUrl(input.probe.url) : input.probe,
        },
      });
    });
  } catch (error) {
    throw isUniqueViolation(error, 'targets_key') ? targetTaken(component.name, environment.name) : error;
  }
  return { id };
}

function unknownParts(componentMissing: boolean): ServiceError {
  const what = componentMissing ? 'component' : 'environment';
  return new ServiceError('invalid', `${what}_unknown`, `There is no such ${what}. Choose another.`, {
    [`${what}Id`]: 'Choose another.',
  });
}

export function targetTaken(component: string, environment: string): ServiceError {
  const sentence = `${component} already has a target with this label in ${environment}. Give this one another label.`;
  return new ServiceError('conflict', 'target_taken', sentence, { label: 'Choose another label.' });
}
