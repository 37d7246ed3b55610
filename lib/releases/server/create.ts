import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import type { PublishedRelease } from '@/lib/providers/port';
import type { createReleaseInput } from '../model/schemas';
import type { MadeRelease } from '../model/view';
import { noteFound, noteMade } from './note';
import { type Desk, oneAtATime, openDesk, settled } from './open';

type Input = z.output<typeof createReleaseInput>;

/**
 * Makes a release, and with it its tag unless it is a draft. The same press again finds what it made; a tag or a release
 * that somebody else made, or that the same form made with another content, is never moved or replaced. Throws
 * `ServiceError`, and `ProviderError` for what is refused there.
 */
export async function createRelease(ctx: ServiceContext, input: Input): Promise<MadeRelease> {
  requirePermission(ctx.actor, 'component.manage', null);
  const desk = await openDesk(ctx, input);
  return oneAtATime(ctx, async () => {
    const there = await ownRelease(desk, input);
    const line = {
      action: 'release.create' as const,
      resource: `${desk.repository}@${input.tag}`,
      sentence: `${input.draft ? 'Drafted' : 'Published'} the release ${input.tag} of ${desk.repository} at ${input.sha.slice(0, 7)}.`,
    };
    const data = { repository: desk.repository, tag: input.tag, sha: input.sha };
    if (there) {
      await noteFound(ctx, line, { ...data, draft: there.draft, url: there.url });
      return toMade(there, false);
    }
    await requireTagFits(desk, input.tag, input.sha);
    const made = await settled(
      () => make(desk, input),
      () => ownRelease(desk, input),
    );
    await noteMade(ctx, line, { ...data, draft: made.draft, url: made.url });
    return toMade(made, true);
  });
}

function make({ releases, context, repository }: Desk, input: Input): Promise<PublishedRelease> {
  const { tag, sha, notes, draft, preRelease } = input;
  const name = nameOf(input);
  const latest = input.latest && !draft && !preRelease;
  const marker = markerOf(input);
  return releases.create(context, repository, { tag, sha, name, body: notes, draft, preRelease, latest, marker });
}

const nameOf = ({ name, tag }: Input) => (name === '' ? tag : name);

/** The form's key, and a digest of all that was asked for: what was changed in the form since is not what was made. */
function markerOf(input: Input): string {
  const { tag, sha, notes, draft, preRelease, latest, key } = input;
  const asked = JSON.stringify([tag, sha, nameOf(input), notes, draft, preRelease, latest]);
  return `${key}-${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`;
}

/** The release that this very press made before; null when there is none of this tag. Throws `conflict` for another. */
async function ownRelease({ releases, context, repository }: Desk, input: Input) {
  const { tag, key } = input;
  const there = await releases.byTag(context, repository, tag);
  if (!there || there.body.includes(`aetherstack: ${markerOf(input)} `)) return there;
  const what = there.draft ? 'a draft' : there.immutable ? 'an immutable release' : 'a release';
  const same = there.body.includes(`aetherstack: ${key}-`);
  throw new ServiceError(
    'conflict',
    same ? 'release_differs' : 'release_exists',
    same
      ? `This form has made ${what} ${tag} already, from what it said before you changed it. It is left as it is: change it where it is, or choose another version: ${there.url}`
      : `There is ${what} ${tag} already. Choose another version, or change that one where it is: ${there.url}`,
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
