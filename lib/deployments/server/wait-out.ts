import type { ServiceContext, Tx } from '@/lib/auth/context';
import type { ProviderError } from '@/lib/providers/port';
import { giveWay, patience } from './claim';
import { note } from './move';
import type { DeploymentRow } from './rows';
import { needsPersonNow, troubleInQueue } from './trouble';

/**
 * `queued`, and its provider cannot be asked: its time stands. What only a person can mend may stay so: others go first
 * meanwhile, as with a gate that does not open by itself.
 */
export async function waitOut(tx: Tx, ctx: ServiceContext, row: DeploymentRow, trouble: ProviderError): Promise<void> {
  const { patch: tried, waitSeconds } = troubleInQueue(row, trouble);
  const patch = { ...tried, ...patience };
  const aside = trouble.kind === 'auth' || needsPersonNow(trouble, tried.troubleCount);
  await note(tx, ctx, row, aside ? { ...patch, failureCode: trouble.code } : patch, waitSeconds);
  if (aside && row.failureCode !== trouble.code) await giveWay(tx, ctx, row);
}
