import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import type { releaseNotesInput } from '../model/schemas';
import type { NotesView } from '../model/view';
import { openDesk } from './open';

/** What the provider would write about what is new. Nothing is made by asking. */
export async function readNotes(ctx: ServiceContext, input: z.output<typeof releaseNotesInput>): Promise<NotesView> {
  requirePermission(ctx.actor, 'component.manage', null);
  const { releases, context, repository } = await openDesk(ctx, input);
  const { tag, sha, previousTag, configuration } = input;
  try {
    return await releases.notes(context, repository, {
      tag,
      sha,
      previousTag: previousTag || null,
      configuration: configuration || null,
    });
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'refused')
      throw new ServiceError(
        'precondition',
        'no_notes',
        `The provider writes no notes for this: the tag before (${previousTag || 'the last release'}) or the file that groups them is not there. Choose another, or write them yourself.`,
      );
    throw error;
  }
}
