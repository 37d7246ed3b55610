import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import type { Refusal } from '@/lib/kernel/errors';
import { heldBack } from './clearance';
import type { DeploymentRow } from './rows';
import { asProviderError } from './trouble';

type Asked = Pick<DeploymentRow, 'requestedById'>;

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
  const held = await heldBack(db, row, ['lock', 'freeze', 'pin']);
  return held && { code: held.code, sentence: held.sentence };
}

/**
 * The provider's own rule that nobody answers for what they started, held against who asked for it here. Where it is not
 * shown, it may hold. It is read as the connection: a person's own token need not see it. Throws `ProviderError` where the
 * provider can only not be asked now: that says nothing about its rule.
 */
export async function whyNotOwn(
  ctx: ServiceContext,
  connectionId: string,
  row: Asked & Pick<DeploymentRow, 'config'>,
  names: readonly string[],
  personId: string,
): Promise<Refusal | null> {
  if (!isOwn(row, personId)) return null;
  for (const name of names) {
    const { label, closed } = await readRule(ctx, connectionId, row.config, name);
    if (closed === false) continue;
    const why = closed
      ? `${label} lets nobody approve “${name}” for what they started themselves. Ask another reviewer`
      : `${label} does not show whether people may approve “${name}” for what they started themselves. Ask another reviewer, or answer there`;
    return { code: 'own_request', sentence: `You asked for it, and ${why}; you can reject it.` };
  }
  return null;
}

/** `closed` is null where it is not shown. */
async function readRule(ctx: ServiceContext, connectionId: string, config: DeploymentRow['config'], name: string) {
  let label = 'the provider';
  try {
    const { provider, context } = await ctx.openConnection(connectionId);
    label = provider.manifest.label;
    const closed = await provider.methods.environments?.preventsSelfReview(context, config, name);
    return { label, closed: closed ?? null };
  } catch (error) {
    const { kind } = asProviderError(error);
    if (kind === 'unavailable' || kind === 'rateLimited') throw error;
    return { label, closed: null };
  }
}

function isOwn({ requestedById }: Asked, personId: string | null): boolean {
  return personId !== null && personId === requestedById;
}
