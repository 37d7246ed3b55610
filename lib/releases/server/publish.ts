import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import type { publishReleaseInput } from '../model/schemas';
import type { MadeRelease } from '../model/view';
import { requireTagFits, toMade } from './create';
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
    if (!draft.draft) return toMade(draft, false);
    // A draft of which nobody said which commit is published at the newest one of a branch: that is not decided here.
    if (draft.sha === null) throw noCommit(draft.url);
    await requireTagFits(desk, draft.tag, draft.sha);
    const { releases, context, repository } = desk;
    const latest = input.latest && !draft.preRelease;
    const made = await settled(
      () => releases.publish(context, repository, draft.id, latest),
      async () => {
        const now = await releases.byTag(context, repository, draft.tag);
        return now && !now.draft ? now : null;
      },
    );
    await emitAudit(ctx.db, ctx, {
      action: 'release.publish',
      resource: { kind: 'release', id: `${repository}@${draft.tag}` },
      outcome: 'done',
      sentence: `Published the release ${draft.tag} of ${repository} at ${draft.sha.slice(0, 7)}.`,
      data: { repository, tag: draft.tag, sha: draft.sha, url: made.url },
    });
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
