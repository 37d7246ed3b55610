import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, ProviderError } from '@/lib/providers/port';
import { formRef, requirePinned, takesCommit } from './form';
import { repositoryOf } from './known-targets';
import type { DeploymentRow } from './rows';
import { asProviderError } from './trouble';

type Waiting = Pick<DeploymentRow, 'targetId' | 'connectionId' | 'config' | 'ref' | 'refKind' | 'sha'>;

/**
 * The settings that a build is sent with: those of then, with the name that the target gives the repository by now where the
 * very commit is found under that one as well. A host compares the name with what it is connected to, and a repository may have
 * been renamed while this waited. Throws `ProviderError` where that cannot be looked up; nothing has been sent then.
 */
export async function withNameOfNow(
  ctx: ServiceContext,
  open: Pick<OpenConnection, 'provider' | 'context'>,
  row: Waiting,
): Promise<DeploymentRow['config']> {
  // What starts a workflow is led on to it by the former name.
  if (open.provider.methods.workflows) return row.config;
  const [now] = await ctx.db
    .select({ config: targets.config, connectionId: targets.connectionId })
    .from(targets)
    .where(eq(targets.id, row.targetId));
  const called = now ? repositoryOf(now.config) : '';
  if (!now || now.connectionId !== row.connectionId || !called || called === repositoryOf(row.config))
    return row.config;
  const config = { ...row.config, repository: now.config.repository };
  return (await isThere(open, config, row)) ? config : row.config;
}

/** On the branch or tag, and its newest where the host builds no other. */
async function isThere(
  open: Pick<OpenConnection, 'provider' | 'context'>,
  config: DeploymentRow['config'],
  { ref, refKind, sha }: Waiting,
): Promise<boolean> {
  const revision = { ref, refKind, sha };
  try {
    if (takesCommit(open.provider, null))
      await capability(open.provider, 'source').resolve(open.context, config, `${formRef(revision)}@${sha}`);
    else await requirePinned(open, config, revision, null);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    const { kind, code, message, retryAfterMs } = asProviderError(error);
    if (kind === 'rejected' || kind === 'notFound') return false;
    const sentence = `The commit could not be looked up in the repository by its name of now, so nothing was started: ${message}`;
    throw new ProviderError(kind === 'rateLimited' ? kind : 'unavailable', code, sentence, { retryAfterMs });
  }
}
