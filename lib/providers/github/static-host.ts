import { type ProviderContext, ProviderError, type RenderingSetting } from '../port';
import { readSite } from './site';
import type { Place } from './target';
import { mapping, parse } from './workflow-file';

const HANDS_OVER = /^actions\/deploy-pages@/;

/**
 * Whether whatever this workflow builds is served by Pages: it hands over, and nothing about that step or its job is
 * conditional. With a condition it may go elsewhere in the other mode, so nothing is said.
 */
export function endsAtPages(text: string, path: string): boolean {
  const jobs = Object.values(mapping(mapping(parse(text, path))?.jobs) ?? {}).map(mapping);
  return jobs.some((job) => {
    const steps = (Array.isArray(job?.steps) ? job.steps : []).map(mapping);
    const over = steps.find((step) => typeof step?.uses === 'string' && HANDS_OVER.test(step.uses));
    return over !== undefined && over?.if === undefined && job?.if === undefined;
  });
}

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
