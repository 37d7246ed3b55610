import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import type { createTagInput } from '../model/schemas';
import type { MadeTag } from '../model/view';
import { requireTagFits } from './create';
import { noteFound, noteMade } from './note';
import { oneAtATime, openDesk, settled } from './open';

/** An annotated tag: it carries its own author, date and message. One that is there at this commit is left as it is. */
export async function createTag(ctx: ServiceContext, input: z.output<typeof createTagInput>): Promise<MadeTag> {
  requirePermission(ctx.actor, 'component.manage', null);
  const desk = await openDesk(ctx, input);
  const { tag, sha, message } = input;
  return oneAtATime(ctx, async () => {
    const { releases, context, repository } = desk;
    const line = {
      action: 'release.tag',
      resource: `${repository}@${tag}`,
      sentence: `Tagged ${sha.slice(0, 7)} of ${repository} as ${tag}.`,
    } as const;
    if ((await requireTagFits(desk, tag, sha)) !== null) {
      await noteFound(ctx, line, { repository, tag, sha });
      return { tag, sha, made: false };
    }
    await settled(
      async () => {
        await releases.createTag(context, repository, { name: tag, sha, message });
        return sha;
      },
      async () => ((await releases.tag(context, repository, tag)) === sha ? sha : null),
    );
    await noteMade(ctx, line, { repository, tag, sha });
    return { tag, sha, made: true };
  });
}
