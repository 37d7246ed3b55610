import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { isKindOver } from '@/lib/connections/model/way-out';
import { connections } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { AnyProvider, CredentialReport } from '@/lib/providers/port';

/**
 * How the whole extension is taken away by this very connection; null = a person does it there: it has no token, or one whose
 * kind is over for everybody.
 */
export async function unpublishBy(ctx: ServiceContext, connectionId: string, { provider, context }: OpenConnection) {
  const { publish } = provider.methods;
  if (!publish?.unpublish || publish.mayUnpublish?.(context) === false) return null;
  const [row] = await ctx.db
    .select({ report: connections.report })
    .from(connections)
    .where(eq(connections.id, connectionId));
  const report = (row?.report ?? null) as CredentialReport | null;
  return isKindOver(provider.manifest, report, ctx.clock.now()) ? null : publish.unpublish;
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
    return (await unpublishBy(ctx, connectionId, open)) ? recall : { ...recall, extension: 'guide' };
  } catch (error) {
    if (error instanceof ServiceError) return recall;
    throw error;
  }
}
