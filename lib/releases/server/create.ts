import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import type { PublishedRelease } from '@/lib/providers/port';
import type { createReleaseInput } from '../model/schemas';
import type { MadeRelease } from '../model/view';
import { type Desk, oneAtATime, openDesk, settled } from './open';

type Input = z.output<typeof createReleaseInput>;

/**
 * Makes a release, and with it its tag unless it is a draft. The same press again finds what it made; a tag or a release
 * that somebody else made is never moved or replaced. Throws `ServiceError`, and `ProviderError` for what is refused there.
 */
export async function createRelease(ctx: ServiceContext, input: Input): Promise<MadeRelease> {
  requirePermission(ctx.actor, 'component.manage', null);
  const desk = await openDesk(ctx, input);
  return oneAtATime(ctx, async () => {
    const there = await ownRelease(desk, input);
    if (there) return toMade(there, false);
    await requireTagFits(desk, input.tag, input.sha);
    const made = await settled(
      () => make(desk, input),
      () => ownRelease(desk, input),
    );
    await emitAudit(ctx.db, ctx, {
      action: 'release.create',
      resource: { kind: 'release', id: `${desk.repository}@${input.tag}` },
      outcome: 'done',
      sentence: `${input.draft ? 'Drafted' : 'Published'} the release ${input.tag} of ${desk.repository} at ${input.sha.slice(0, 7)}.`,
      data: { repository: desk.repository, tag: input.tag, sha: input.sha, draft: made.draft, url: made.url },
    });
    return toMade(made, true);
  });
}

function make({ releases, context, repository }: Desk, input: Input): Promise<PublishedRelease> {
  const { tag, sha, notes, draft, preRelease, key } = input;
  const name = input.name === '' ? tag : input.name;
  const latest = input.latest && !draft && !preRelease;
  return releases.create(context, repository, { tag, sha, name, body: notes, draft, preRelease, latest, marker: key });
}

/** The release that this very press made before; null when there is none of this tag. Throws `conflict` for another. */
async function ownRelease({ releases, context, repository }: Desk, { tag, key }: Input) {
  const there = await releases.byTag(context, repository, tag);
  if (!there || there.body.includes(`aetherstack: ${key} `)) return there;
  const what = there.draft ? 'a draft' : there.immutable ? 'an immutable release' : 'a release';
  throw new ServiceError(
    'conflict',
    'release_exists',
    `There is ${what} ${tag} already. Choose another version, or change that one where it is: ${there.url}`,
    { tag: 'This version is taken.' },
  );
}

/** A tag that is there decides where the release points, so it has to point at what was chosen. Throws `conflict`. */
export async function requireTagFits({ releases, context, repository }: Desk, tag: string, sha: string) {
  const at = await releases.tag(context, repository, tag);
  if (at === null || at === sha) return at;
  throw new ServiceError(
    'conflict',
    'tag_exists',
    `The tag ${tag} is there already and points at ${at.slice(0, 7)}, not at ${sha.slice(0, 7)}. It is not moved: choose another version, or that commit.`,
    { tag: 'This tag points at another commit.' },
  );
}

export function toMade({ tag, url, draft }: PublishedRelease, made: boolean): MadeRelease {
  return { tag, url, draft, made };
}
