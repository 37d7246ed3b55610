import { z } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { read } from './client';
import { splitName } from './target';

const schema = z.object({
  use_default: z.boolean(),
  include_claim_keys: z.array(z.string()).nullish(),
  sub_claim_prefix: z.string().nullish(),
});

/**
 * `repo:acme/stack`, or with the ids of owner and repository where its subjects are immutable. Null where a template of
 * its own makes them, or this credential may not read it. Costs one request.
 * Source: https://docs.github.com/en/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository
 */
export async function subjectOf(c: ProviderContext, repository: string): Promise<string | null> {
  const route = 'GET /repos/{owner}/{repo}/actions/oidc/customization/sub';
  const about = { what: 'repository', subject: repository } as const;
  try {
    const { data } = await read(c, { route, params: splitName(repository), about }, schema);
    const own = !data.use_default && (data.include_claim_keys?.length ?? 0) > 0;
    return own ? null : data.sub_claim_prefix || null;
  } catch (error) {
    if (error instanceof ProviderError && ['notFound', 'auth'].includes(error.kind)) return null;
    throw error;
  }
}
