import { type HostedAddress, type ProviderContext, ProviderError, type RenderingSetting } from '../port';
import { readLive } from './live';
import { endsAtPages } from './pages-workflow';
import { readSite } from './site';
import type { Place } from './target';
import { fileAt } from './workflows';

/** What Pages serves: files, and a project's site below the repository's name unless a domain of its own leads there. */
export async function pagesServes(c: ProviderContext, place: Place): Promise<NonNullable<RenderingSetting['serves']>> {
  const sentence = `${place.workflow} hands its build to GitHub Pages, which serves files only: what renders on a server cannot run there. Bind the target to a host with a server, or stay with SSG.`;
  return { modes: ['ssg'], sentence, basePath: await basePathOf(c, place) };
}

/** Null where the site is off, or may not be read with this credential. */
async function basePathOf(c: ProviderContext, place: Place): Promise<string | null> {
  try {
    const site = await readSite(c, place.repository);
    return site?.url && URL.canParse(site.url) ? new URL(site.url).pathname.replace(/\/+$/, '') : null;
  } catch (error) {
    if (error instanceof ProviderError) return null;
    throw error;
  }
}

/**
 * The addresses of the site that this target's workflow hands its build to; null where it hands it to nobody. The build is
 * the newest run that Pages itself calls live.
 */
export async function readAddresses(c: ProviderContext, place: Place): Promise<HostedAddress[] | null> {
  const { text } = await fileAt(c, place, place.defaultRef);
  if (!endsAtPages(text, place.workflow)) return null;
  const [site, live] = await Promise.all([readSite(c, place.repository), readLive(c, place)]);
  if (!site?.url || !URL.canParse(site.url)) return [];
  const { host, pathname } = new URL(site.url);
  const proof = site.domain?.proof ?? null;
  const address = { ref: live?.ref ?? null, marker: live?.marker ?? null, redirectsTo: null };
  return [
    { ...address, name: `${host}${pathname.replace(/\/+$/, '')}`, verified: proof === null || proof === 'verified' },
  ];
}
