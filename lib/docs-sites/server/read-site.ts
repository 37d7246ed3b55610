import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere, whyNotEverywhere } from '@/lib/auth/require';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { type AnyProvider, ProviderError } from '@/lib/providers/port';
import { componentBySlug } from '@/lib/targets/server/component-by-slug';
import { judgeSite, offeredSettings, type ReadSiteInput, type SiteView, settingsLines } from '../model/site';
import { type SitePlace, sitePlaces } from './places';
import { shownOf } from './shown';

/** Where versions are kept unless the provider builds from another branch; what mike and our workflow use. */
const USUAL_BRANCH = 'gh-pages';

/**
 * The site of a component's repository and the versions on its branch. What the provider refuses is part of the answer;
 * throws for who asks and for an unknown component. Costs up to six requests, free while nothing has changed.
 */
export async function readSite(ctx: ServiceContext, input: ReadSiteInput): Promise<SiteView> {
  requireAnywhere(ctx.actor, 'deployment.read');
  const component = await componentBySlug(ctx, input.slug);
  const places = await sitePlaces(ctx, component.id);
  const place = places.find(({ repository }) => repository === input.repository) ?? places[0] ?? null;
  const { slug, name, kind } = component;
  const view: SiteView = {
    component: { slug, name, kind },
    repositories: places.map(({ repository }) => repository),
    ...{ repository: place?.repository ?? null, word: 'Site', site: null, branch: USUAL_BRANCH, head: null },
    ...{ versions: [], defaultName: null, live: { tone: 'neutral', sentence: '' }, problems: [], settings: null },
    ...{ changeRefusal: whyNotEverywhere(ctx.actor, 'component.manage'), problem: null },
  };
  if (!place) return { ...view, problem: NO_PLACE };
  try {
    return { ...view, ...(await look(ctx, slug, place)) };
  } catch (error) {
    return { ...view, problem: refusalIn(error) };
  }
}

const NO_PLACE: Refusal = {
  code: 'no_repository_known',
  sentence: 'No target of this component names a repository that you may see. Add one under What you deploy.',
};

async function look(ctx: ServiceContext, slug: string, place: SitePlace): Promise<Partial<SiteView>> {
  const opened = await ctx.openConnection(place.connectionId);
  const provider: AnyProvider = opened.provider;
  const methods = provider.methods.site;
  if (!methods)
    throw new ServiceError('precondition', 'no_site', `${provider.manifest.label} serves no sites from a repository.`);
  const word = provider.manifest.capabilities.site?.word ?? 'Site';
  const site = await methods.read(opened.context, place.repository);
  // While a workflow builds it the provider goes on naming a branch, which may be of long ago.
  const source =
    site?.buildType === 'branch' && site.source ? site.source : { branch: USUAL_BRANCH, path: '/' as const };
  const served = await methods.served(opened.context, place.repository, source);
  const { branch } = source;
  const at = `/components/${encodeURIComponent(slug)}/setup`;
  const facts = { word, site, branch, served, publishAt: `/deploy/${place.targetId}`, setUpAt: at };
  const wanted = offeredSettings(facts);
  const settings = wanted && {
    now: settingsLines(site),
    wanted,
    next: settingsLines(wanted),
    shown: shownOf(site, wanted),
  };
  return { word, site, branch, head: served?.head ?? null, ...judgeSite(facts), settings };
}

/** An expected refusal as data; anything else is a bug and is thrown on. */
function refusalIn(error: unknown): Refusal {
  if (error instanceof ProviderError) return { code: error.code, sentence: error.message };
  if (error instanceof ServiceError && error.kind !== 'forbidden')
    return { code: error.code, sentence: error.sentence };
  throw error;
}
