import type { OpenConnection } from '@/lib/auth/context';
import { capability, type RemoteRef } from '@/lib/providers/port';
import type { DeploymentRow } from './rows';

/** A re-run keeps the run's id; that its attempt number has grown is the proof. Throws `ProviderError`. */
export async function findRerun(
  { provider, context }: OpenConnection,
  row: Pick<DeploymentRow, 'config' | 'remoteId' | 'remoteAttempt' | 'remoteUrl'>,
): Promise<RemoteRef | null> {
  const known = { id: row.remoteId ?? '', attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  const seen = await capability(provider, 'status').observe(context, row.config, known);
  return seen.ref.attempt >= row.remoteAttempt ? seen.ref : null;
}
