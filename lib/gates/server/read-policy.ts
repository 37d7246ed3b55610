import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, whyNot } from '@/lib/auth/require';
import { environments } from '@/lib/db/schema';
import { policyOf, readPolicyOf } from '../model/policy';
import type { PolicyView } from '../model/view';
import { environmentUnknown } from './locking';

/** What an environment asks for. One that may not be read is answered like one that does not exist. */
export async function readPolicy(ctx: ServiceContext, input: { environmentId: string }): Promise<PolicyView> {
  const row = await ctx.db.query.environments.findFirst({ where: eq(environments.id, input.environmentId) });
  if (!row || !isPermitted(ctx.actor, 'deployment.read', row.slug)) throw environmentUnknown();
  const policy = readPolicyOf(row.policy);
  return {
    environment: { id: row.id, slug: row.slug, name: row.name, isProduction: row.isProduction },
    policy: policy ?? policyOf(null),
    unreadable: policy === null,
    policyVersion: row.policyVersion,
    refusal: whyNot(ctx.actor, 'policy.manage', row.slug),
  };
}
