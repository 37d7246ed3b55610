import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { AnyProvider } from '@/lib/providers/port';

/** How the whole extension is taken away by this very connection; null = a person does it there. */
export function unpublishBy({ provider, context }: OpenConnection) {
  const publish = provider.methods.publish;
  return (publish?.mayUnpublish?.(context) ?? true) ? (publish?.unpublish ?? null) : null;
}

type Recall = NonNullable<AnyProvider['manifest']['capabilities']['publish']>['recall'];

/**
 * What taking back can do by this very connection, which the provider's own word may promise too much of: one without a
 * token takes nothing away. Costs no request; a credential that cannot be opened is told at the press.
 */
export async function recallBy(ctx: ServiceContext, connectionId: string, recall: Recall): Promise<Recall> {
  if (recall.extension === 'guide') return recall;
  try {
    const open = await ctx.openConnection(connectionId, undefined, 'look');
    return unpublishBy(open) ? recall : { ...recall, extension: 'guide' };
  } catch (error) {
    if (error instanceof ServiceError) return recall;
    throw error;
  }
}
