import { isDeepStrictEqual } from 'node:util';
import { and, eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission, whyNotEverywhere } from '@/lib/auth/require';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import { capability, type TargetConfig } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import type { SetRuntimeInput } from '../model/schemas';
import type { RuntimeSet } from '../model/view';
import { sentenceOf } from './gather';

type Wanted = NonNullable<SetRuntimeInput['runtime']>;

/**
 * Says where what runs on a target keeps its own secrets and variables, and how it is found there; null = nowhere that we
 * know. To name one or to aim it elsewhere takes the permission in all environments. Its places are read once before: what
 * cannot be reached now is kept and said. Throws `forbidden`, `notFound`, `invalid` or `conflict`.
 */
export async function setRuntime(
  ctx: ServiceContext,
  { targetId, version, runtime }: SetRuntimeInput,
): Promise<RuntimeSet> {
  const { component, environment, target } = await configuredTarget(ctx, targetId);
  if (runtime && !isKept(target, runtime)) requireEverywhere(ctx);
  const checked = runtime && (await checkRuntime(ctx, runtime));
  const seen = checked ? await look(ctx, checked, environment.slug) : { places: [], problem: null };
  const where = checked ? `in ${checked.name}` : 'nowhere that the console reads any more';
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(targets)
      .set({
        runtimeConnectionId: checked?.connectionId ?? null,
        runtime: checked?.config ?? null,
        version: sql`${targets.version} + 1`,
      })
      .where(and(eq(targets.id, targetId), eq(targets.version, version)))
      .returning({ id: targets.id });
    if (!row) throw changedSince();
    await emitAudit(tx, ctx, {
      action: 'target.set-runtime',
      resource: { kind: 'target', id: targetId },
      environment: environment.slug,
      outcome: 'done',
      sentence: `What runs as ${component.name} in ${environment.name} keeps its settings ${where}.`,
      data: { runtime: checked && { connectionId: checked.connectionId, config: checked.config } },
    });
    await publish(tx, { topic: 'target', kind: 'target.set-runtime', targetId, actorName: ctx.actor.name });
  });
  return { targetId, ...seen };
}

async function configuredTarget(ctx: ServiceContext, targetId: string) {
  const [found] = await ctx.db
    .select({ target: targets, component: components, environment: environments })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.id, targetId));
  requirePermission(ctx.actor, 'configuration.manage', found?.environment.slug ?? null);
  if (found) return found;
  throw new ServiceError('notFound', 'target_not_found', 'There is no such target. It may have been removed.');
}

async function checkRuntime(ctx: ServiceContext, { connectionId, config }: Wanted) {
  const row = await ctx.db.query.connections.findFirst({ where: eq(connections.id, connectionId) });
  const manifest = row && Object.hasOwn(catalog, row.providerId) ? catalog[row.providerId] : undefined;
  if (!row || !manifest?.capabilities.configuration?.runtime) {
    const sentence = row
      ? `“${row.name}” keeps no settings of what runs. Choose another connection.`
      : 'There is no such connection. Choose another, or add one under Connections.';
    throw new ServiceError('invalid', 'not_a_runtime', sentence, {
      'runtime.connectionId': 'Choose another connection.',
    });
  }
  const parsed = manifest.targetConfig.safeParse(config);
  if (parsed.success) return { connectionId, name: row.name, config: parsed.data };
  const fields = Object.fromEntries(
    parsed.error.issues.map((issue) => [['runtime.config', ...issue.path.map(String)].join('.'), issue.message]),
  );
  throw new ServiceError('invalid', 'runtime_config', `${manifest.label} does not accept these settings.`, fields);
}

function isKept(
  { runtimeConnectionId, runtime }: typeof targets.$inferSelect,
  { connectionId, config }: Wanted,
): boolean {
  return runtimeConnectionId === connectionId && isDeepStrictEqual(runtime, config);
}

/**
 * A credential reaches whatever its account does, and settings may aim it at any of that: another environment's app too,
 * whose name nobody here can tell from one's own.
 */
function requireEverywhere(ctx: ServiceContext): void {
  if (whyNotEverywhere(ctx.actor, 'configuration.manage') === null) return;
  const sentence =
    'A runtime’s connection may reach what other environments run, so naming one or aiming it elsewhere needs an administrator of all environments. Ask one of them; what is named already you may keep or take away.';
  throw new ServiceError('forbidden', 'runtime_everywhere', sentence, {
    'runtime.connectionId': 'An administrator of all environments names it.',
  });
}

async function look(
  ctx: ServiceContext,
  { connectionId, config }: { connectionId: string; config: TargetConfig },
  environment: string,
): Promise<Pick<RuntimeSet, 'places' | 'problem'>> {
  try {
    const { provider, context } = await ctx.openConnection(connectionId);
    const { places, problem } = await capability(provider, 'configuration').reads(context, config, environment, true);
    return { places: places.map(({ label, absent }) => ({ label, absent })), problem };
  } catch (error) {
    return { places: [], problem: sentenceOf(error) };
  }
}

function changedSince(): ServiceError {
  const sentence = 'Somebody changed this target since you opened it. Reload to see the change, then save again.';
  return new ServiceError('conflict', 'changed_since', sentence);
}
