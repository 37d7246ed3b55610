import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import type { Refusal } from '@/lib/kernel/errors';
import { heldBack } from './clearance';
import type { DeploymentRow } from './rows';
import { asProviderError } from './trouble';

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
  const held = await heldBack(db, row, ['lock', 'freeze', 'pin']);
  return held && { code: held.code, sentence: held.sentence };
}

/**
 * The provider's own rule that nobody answers for what they started, held against who asked for it here. Where its rules
 * are not shown, it may be one of them. They are read as the connection: a person's own token need not see them.
 */
export async function whyNotOwn(
  ctx: ServiceContext,
  connectionId: string,
  row: Asked & Pick<DeploymentRow, 'config' | 'ref'>,
  names: readonly string[],
  personId: string,
): Promise<Refusal | null> {
  if (!isOwn(row, personId)) return null;
  const { label, rules } = await readRules(ctx, connectionId, row);
  const ruleOf = (name: string) => rules.find((each) => each.name.toLowerCase() === name.toLowerCase());
  const closed = names.find((name) => ruleOf(name)?.preventSelfReview !== false);
  if (closed === undefined) return null;
  const why = ruleOf(closed)
    ? `${label} lets nobody approve “${closed}” for what they started themselves. Ask another reviewer`
    : `${label} does not show whether people may approve “${closed}” for what they started themselves. Ask another reviewer, or answer there`;
  return { code: 'own_request', sentence: `You asked for it, and ${why}; you can reject it.` };
}

/** None where they cannot be read. */
async function readRules(ctx: ServiceContext, connectionId: string, row: Pick<DeploymentRow, 'config' | 'ref'>) {
  let label = 'the provider';
  try {
    const { provider, context } = await ctx.openConnection(connectionId);
    label = provider.manifest.label;
    const reading = await provider.methods.environments?.read(context, row.config, row.ref);
    return { label, rules: reading?.environments ?? [] };
  } catch (error) {
    asProviderError(error);
    return { label, rules: [] };
  }
}

function isOwn({ requestedById }: Asked, personId: string | null): boolean {
  return personId !== null && personId === requestedById;
}
