import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere, requireAnywhere, whyNotEverywhere } from '@/lib/auth/require';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { ProviderError, type PublishedRelease } from '@/lib/providers/port';
import type { listReleasesInput } from '../model/schemas';
import type { LiveAt, ReleaseRepository, ReleaseRow, ReleasesView } from '../model/view';
import { type Place, placesOf } from './places';

const NOTES_SHOWN = 2_000;
const REPOSITORIES_SHOWN = 10;
const NOTHING = { releases: [], tags: [], can: { generatedNotes: false, latest: false, drafts: false } };

/** Releases of every repository that a target names, and which of them is live where. One that cannot be read says why. */
export async function listReleases(
  ctx: ServiceContext,
  { component }: z.output<typeof listReleasesInput>,
): Promise<ReleasesView> {
  requireAnywhere(ctx.actor, 'deployment.read');
  const all = await placesOf(ctx);
  const places = component ? all.filter((place) => place.components.some(({ slug }) => slug === component)) : all;
  const repositories = await Promise.all(places.slice(0, REPOSITORIES_SHOWN).map((place) => readPlace(ctx, place)));
  return {
    repositories: repositories.filter((each) => each !== null),
    left: places.slice(REPOSITORIES_SHOWN).map(({ repository }) => repository),
    changeRefusal: whyNotEverywhere(ctx.actor, 'component.manage'),
  };
}

/** Null where the provider knows no releases: then there is nothing to say about it here. */
async function readPlace(ctx: ServiceContext, place: Place): Promise<ReleaseRepository | null> {
  const live = place.live.filter((each, at) => place.live.findIndex(({ sha }) => sha === each.sha) === at);
  try {
    const { provider, context } = await ctx.openConnection(place.connectionId, undefined, 'look');
    const { releases } = provider.methods;
    const can = provider.manifest.capabilities.releases;
    if (!releases || !can) return null;
    const [found, tags] = await Promise.all([
      releases.list(context, place.repository),
      releases.tags(context, place.repository),
    ]);
    // What is not published yet is for those who may publish it.
    const shown = isPermittedEverywhere(ctx.actor, 'component.manage') ? found : found.filter(({ draft }) => !draft);
    return { ...place, live, can, tags, releases: shown.map((each) => toRow(each, place.live)), problem: null };
  } catch (error) {
    return { ...place, live, ...NOTHING, problem: refusalOf(error) };
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceError) return { code: error.code, sentence: error.sentence };
  if (error instanceof ProviderError) return { code: error.code, sentence: error.message };
  throw error;
}

function toRow(release: PublishedRelease, live: readonly LiveAt[]): ReleaseRow {
  const { body, createdAt, publishedAt, ...rest } = release;
  return {
    ...rest,
    at: publishedAt ?? createdAt,
    notes: shownNotes(body),
    live: live.filter(({ sha }) => sha === release.sha),
  };
}

/** Our own mark is for the next try, not for people. */
function shownNotes(body: string): string {
  const text = body.replace(/<!-- aetherstack: [\w-]+ -->/g, '').trim();
  return text.length > NOTES_SHOWN ? `${text.slice(0, NOTES_SHOWN)}…` : text;
}
