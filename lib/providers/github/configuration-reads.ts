import { z } from 'zod';
import { type ConfigurationPlace, type ConfigurationReads, type ProviderContext, ProviderError } from '../port';
import { readPages } from './client';
import { isEnvironmentName, placeAt } from './configuration-store';
import { manifest } from './manifest';
import { environmentsSchema } from './schema';
import { settingsNamedIn } from './settings-named';
import type { Place } from './target';
import { environmentsOf } from './workflow-file';
import { fileAt } from './workflows';

/**
 * Where the runs of a target's workflow find secrets and variables, nearest first, and which the file on the default branch
 * names. Costs two requests.
 */
export async function readPlaces(c: ProviderContext, place: Place, environment: string): Promise<ConfigurationReads> {
  const [file, known] = await Promise.all([workflow(c, place), environmentNames(c, place)]);
  const onGithubCom = new URL(c.origin).origin === manifest.defaultOrigin;
  const wanted = file.text === null ? [guess(place, environment)] : namesIn(file.text, place, environment);
  const places: ConfigurationPlace[] = [...new Set(wanted)].filter(isEnvironmentName).map((name) => {
    // GitHub does not tell capitals from small letters here.
    const there = known?.find((each) => each.toLowerCase() === name.toLowerCase());
    const absent = known && there === undefined ? absence(place, name) : null;
    return placeAt('environment', place.repository, { environment: there ?? name, absent, onGithubCom });
  });
  places.push(placeAt('repository', place.repository, { onGithubCom }));
  places.push(placeAt('organization', place.repository, { onGithubCom }));
  return { places, named: file.text === null ? null : settingsNamedIn(file.text), problem: file.problem };
}

function absence(place: Place, name: string): string {
  return `${place.repository} has no environment “${name}” at GitHub. It is made when a run names it for the first time, or in the repository’s settings.`;
}

async function workflow(c: ProviderContext, place: Place): Promise<{ text: string | null; problem: string | null }> {
  try {
    return { text: (await fileAt(c, place, place.defaultRef)).text, problem: null };
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'notFound' || error.code === 'workflow_unreadable'))
      return { text: null, problem: error.message };
    throw error;
  }
}

/** Null when this credential may not see them: then none is called absent. */
async function environmentNames(c: ProviderContext, place: Place): Promise<string[] | null> {
  try {
    return await readPages(
      c,
      {
        route: 'GET /repos/{owner}/{repo}/environments',
        params: { owner: place.owner, repo: place.repo },
        about: { what: 'repository', subject: place.repository },
      },
      environmentsSchema,
      (page) => (page.environments ?? []).map((each) => each.name),
      3,
    );
  } catch (error) {
    if (error instanceof ProviderError && ['missing_permission', 'forbidden'].includes(error.code)) return null;
    throw error;
  }
}

/** What the jobs name; an input in it is what the target fixes, or else our own word for the environment. */
function namesIn(text: string, place: Place, environment: string): string[] {
  try {
    return environmentsOf(text, place.workflow).flatMap((name) => {
      if (!name.includes('${{')) return [name];
      const input = /^\$\{\{\s*(?:github\.event\.)?inputs\.([A-Za-z_][\w-]*)\s*\}\}$/.exec(name.trim())?.[1];
      if (input === undefined) return [];
      const fixed = z.string().safeParse(place.inputs?.[input]);
      return [fixed.success && fixed.data !== '' ? fixed.data : environment];
    });
  } catch (error) {
    if (error instanceof ProviderError) return [guess(place, environment)];
    throw error;
  }
}

function guess(place: Place, environment: string): string {
  const fixed = place.inputs?.environment;
  return typeof fixed === 'string' && fixed !== '' ? fixed : environment;
}
