import { z } from 'zod';
import { type ConfigurationPlace, type ConfigurationReads, type ProviderContext, ProviderError } from '../port';
import { readPages } from './client';
import { isEnvironmentName, placeAt } from './configuration-store';
import { environmentsSchema } from './schema';
import { settingsNamedIn } from './settings-named';
import type { Place } from './target';
import { environmentsOf, readWorkflow } from './workflow-file';
import { fileAt } from './workflows';

/** Of a hundred environments each. */
const MAX_PAGES = 3;

/**
 * Where the runs of a target's workflow find secrets and variables, nearest first, and which the file on the default branch
 * names. Costs two requests.
 */
export async function readPlaces(c: ProviderContext, place: Place, environment: string): Promise<ConfigurationReads> {
  const [file, known] = await Promise.all([workflow(c, place), environmentNames(c, place)]);
  const { origin } = c;
  const wanted = namesIn(file.text, place, environment);
  const places: ConfigurationPlace[] = [...new Set(wanted.names)].filter(isEnvironmentName).map((name) => {
    // GitHub does not tell capitals from small letters here.
    const there = known?.find((each) => each.toLowerCase() === name.toLowerCase());
    const absent = known && there === undefined ? absence(place, name) : null;
    return placeAt('environment', place.repository, { environment: there ?? name, absent, origin });
  });
  places.push(placeAt('repository', place.repository, { origin }));
  places.push(placeAt('organization', place.repository, { origin }));
  const named = file.text === null ? null : settingsNamedIn(file.text);
  return { places, complete: wanted.complete, named, problem: file.problem };
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

/** Null when this credential may not see them, or there may be more: then none is called absent. */
async function environmentNames(c: ProviderContext, place: Place): Promise<string[] | null> {
  try {
    const names = await readPages(
      c,
      {
        route: 'GET /repos/{owner}/{repo}/environments',
        params: { owner: place.owner, repo: place.repo },
        about: { what: 'repository', subject: place.repository },
      },
      environmentsSchema,
      (page) => (page.environments ?? []).map((each) => each.name),
      MAX_PAGES,
    );
    return names.length < MAX_PAGES * 100 ? names : null;
  } catch (error) {
    if (error instanceof ProviderError && ['missing_permission', 'forbidden'].includes(error.code)) return null;
    throw error;
  }
}

interface Names {
  names: string[];
  /** False when a job may run in one that is not among them. */
  complete: boolean;
}

/** What the jobs name; an input in it is what the target fixes, or else our own word for the environment. */
function namesIn(text: string | null, place: Place, environment: string): Names {
  const guessed = { names: [guess(place, environment)], complete: false };
  if (text === null) return guessed;
  try {
    const found = environmentsOf(text, place.workflow).map((name) => {
      if (!name.includes('${{')) return name;
      const input = /^\$\{\{\s*(?:github\.event\.)?inputs\.([A-Za-z_][\w-]*)\s*\}\}$/.exec(name.trim())?.[1];
      if (input === undefined) return null;
      const fixed = z.string().safeParse(place.inputs?.[input]);
      return fixed.success && fixed.data !== '' ? fixed.data : environment;
    });
    const names = found.filter((name) => name !== null);
    return { names, complete: names.length === found.length && !callsAnother(text, place) };
  } catch (error) {
    if (error instanceof ProviderError) return guessed;
    throw error;
  }
}

/** A job that is another workflow file names its environments there. */
function callsAnother(text: string, place: Place): boolean {
  return readWorkflow(text, place.workflow).calls;
}

function guess(place: Place, environment: string): string {
  const fixed = place.inputs?.environment;
  return typeof fixed === 'string' && fixed !== '' ? fixed : environment;
}
