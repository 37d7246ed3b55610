import type { DbOrTx, OpenConnection } from '@/lib/auth/context';
import type { Refusal } from '@/lib/kernel/errors';
import { heldBack } from './clearance';
import type { DeploymentRow } from './rows';

type Asked = Pick<DeploymentRow, 'requestedById' | 'policy'>;

/**
 * Why this person may not let the run go on at its provider, as far as that needs no reading there; null when they may try.
 * The account that started it is the connection's, so the provider takes nobody here for the one who asked. Who rejects is
 * asked none of it.
 */
export async function whyNotThere(db: DbOrTx, row: DeploymentRow, personId: string | null): Promise<Refusal | null> {
  if (isOwn(row, personId) && (row.policy?.approvals ?? 0) > 0) {
    const sentence = 'You asked for it, and other people have to approve it, here and there. You can reject it.';
    return { code: 'own_request', sentence };
  }
  const held = await heldBack(db, row);
  return held && { code: held.code, sentence: held.sentence };
}

/**
 * The provider's own rule that nobody answers for what they started, held against who asked for it here. Where its rules
 * are not shown, it may be one of them. Throws `ProviderError`.
 */
export async function whyNotOwn(
  { provider, context }: OpenConnection,
  row: Asked & Pick<DeploymentRow, 'config' | 'ref'>,
  names: readonly string[],
  personId: string,
): Promise<Refusal | null> {
  if (!isOwn(row, personId)) return null;
  const reading = await provider.methods.environments?.read(context, row.config, row.ref);
  const lets = (name: string) =>
    reading?.environments.some((each) => each.name.toLowerCase() === name.toLowerCase() && !each.preventSelfReview);
  const closed = names.find((name) => !lets(name));
  if (closed === undefined) return null;
  const { label } = provider.manifest;
  const sentence = `You asked for it, and ${label} lets nobody approve “${closed}” for what they started themselves. Ask another reviewer; you can reject it.`;
  return { code: 'own_request', sentence };
}

function isOwn({ requestedById }: Asked, personId: string | null): boolean {
  return personId !== null && personId === requestedById;
}
