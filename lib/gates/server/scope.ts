import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { components, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { EnvironmentRow } from './locking';

/** How far a hold reaches; null = any. */
export interface Scope {
  environmentId: string | null;
  componentId: string | null;
  targetId: string | null;
}

/** A target alone decides environment and component; for what it reaches, its own count. */
export async function reachOf(db: DbOrTx, scope: Scope): Promise<Scope> {
  if (scope.targetId !== null) {
    const [target] = await db.select().from(targets).where(eq(targets.id, scope.targetId));
    if (!target)
      throw new ServiceError('notFound', 'target_not_found', 'There is no such target. Choose one of the list.');
    return { targetId: target.id, environmentId: target.environmentId, componentId: target.componentId };
  }
  if (scope.componentId !== null) {
    const [component] = await db.select().from(components).where(eq(components.id, scope.componentId));
    if (!component)
      throw new ServiceError('notFound', 'component_not_found', 'There is no such component. Choose one of the list.');
  }
  return scope;
}

/** The one environment that a scope is confined to; null when it reaches into all. */
export function slugOf(scope: Scope, taken: readonly EnvironmentRow[]): string | null {
  return scope.environmentId === null ? null : (taken[0]?.slug ?? null);
}

/** `everything`, `Production`, `Backend in Production`, … for the audit log. */
export async function scopeSays(db: DbOrTx, scope: Scope, taken: readonly EnvironmentRow[]): Promise<string> {
  const environment = scope.environmentId === null ? null : (taken[0]?.name ?? null);
  if (scope.componentId === null) return environment ?? 'everything';
  const [component] = await db.select().from(components).where(eq(components.id, scope.componentId));
  const name = component?.name ?? 'a component';
  return environment ? `${name} in ${environment}` : `${name} everywhere`;
}
