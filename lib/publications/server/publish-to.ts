import { eq, inArray } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, deployments, environments, targets } from '@/lib/db/schema';
import { publishPackage } from '@/lib/deployments/server/publish-package';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { type PublishedTo, PublishInput } from '../model/schemas';
import { placeKey } from './place-key';

/**
 * One package to all chosen places: a deployment for each. What one place refuses keeps no other back, and is told beside
 * the rest; the same click once more only does what is missing. Throws where there is one place and it refuses.
 */
export async function publishTo(ctx: ServiceContext, raw: PublishInput): Promise<{ places: PublishedTo[] }> {
  const input = PublishInput.parse(raw);
  const targetIds = [...new Set(input.targetIds)];
  const names = await namesOf(ctx, targetIds);
  const places: PublishedTo[] = [];
  for (const targetId of targetIds) {
    const place = names.get(targetId) ?? targetId;
    try {
      const triggered = await publishPackage(ctx, {
        ...{ packageId: input.packageId, targetId, reason: input.reason, ticked: input.checklist },
        ...{
          freezeOverrideReason: input.freezeOverrideReason,
          idempotencyKey: placeKey(input.idempotencyKey, targetId),
        },
      });
      const status = await statusOf(ctx, triggered.deploymentId);
      places.push({ ...{ targetId, place, ...triggered, status }, code: null, sentence: null });
    } catch (error) {
      if (targetIds.length === 1) throw error;
      places.push({
        ...{ targetId, place, deploymentId: null, number: null, status: null },
        outcome: 'refused',
        ...refusalOf(error),
      });
    }
  }
  return { places };
}

async function statusOf({ db }: ServiceContext, deploymentId: string): Promise<PublishedTo['status']> {
  const [row] = await db
    .select({ status: deployments.status })
    .from(deployments)
    .where(eq(deployments.id, deploymentId));
  return row?.status ?? null;
}

function refusalOf(error: unknown): { code: string; sentence: string } {
  if (error instanceof ServiceError) return { code: error.code, sentence: error.sentence };
  if (error instanceof ProviderError) return { code: error.code, sentence: error.message };
  throw error;
}

async function namesOf({ db }: ServiceContext, ids: string[]): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: targets.id, component: components.name, environment: environments.name, label: targets.label })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(inArray(targets.id, ids));
  return new Map(rows.map(({ id, component, environment, label }) => [id, placeName(component, environment, label)]));
}

export function placeName(component: string, environment: string, label: string): string {
  return `${component} · ${environment}${label ? ` · ${label}` : ''}`;
}
