import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import type { publishReleaseInput } from '../model/schemas';
import type { MadeRelease } from '../model/view';
import { requireTagFits, toMade } from './create';
import { noteFound, noteMade } from './note';
import { type Desk, oneAtATime, openDesk, settled } from './open';

/** Makes a draft public, and its tag with it. What is public already stays as it is. Throws `ServiceError`, `ProviderError`. */
export async function publishRelease(
  ctx: ServiceContext,
  input: z.output<typeof publishReleaseInput>,
): Promise<MadeRelease> {
  requirePermission(ctx.actor, 'component.manage', null);
  const desk = await openDesk(ctx, input);
  return oneAtATime(ctx, async () => {
    const draft = await find(desk, input.tag);
    const { repository } = desk;
    const line = (sha: string | null) => ({
      action: 'release.publish' as const,
      resource: `${repository}@${draft.tag}`,
      sentence: `Published the release ${draft.tag} of ${repository} at ${sha?.slice(0, 7) ?? 'an unknown commit'}.`,
    });
    const data = { repository, tag: draft.tag, ...(draft.sha ? { sha: draft.sha } : {}) };
    if (!draft.draft) {
      await noteFound(ctx, line(draft.sha), { ...data, url: draft.url });
      return toMade(draft, false);
    }
    // A draft of which nobody said which commit is published at the newest one of a branch: that is not decided here.
    if (draft.sha === null) throw noCommit(draft.url);
    await requireTagFits(desk, draft.tag, draft.sha);
    const { releases, context } = desk;
    const { id, tag, sha } = draft;
    const latest = input.latest && !draft.preRelease;
    const made = await settled(
      () => releases.publish(context, repository, { id, tag, sha, latest }),
      async () => {
        const now = await releases.byTag(context, repository, draft.tag);
        return now && !now.draft ? now : null;
      },
    );
    await noteMade(ctx, line(sha), { ...data, url: made.url });
    return toMade(made, true);
  });
}

async function find({ releases, context, repository }: Desk, tag: string) {
  const found = await releases.byTag(context, repository, tag);
  if (found) return found;
  throw new ServiceError('notFound', 'release_not_found', `There is no draft ${tag} any more. Open the page again.`);
}

function noCommit(url: string): ServiceError {
  return new ServiceError(
    'precondition',
    'draft_without_commit',
    `This draft names a branch and no commit, so nobody can say what would be published. Choose a commit in it first: ${url}`,
  );
}
