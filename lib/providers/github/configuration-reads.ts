import { type ConfigurationPlace, type ConfigurationReads, type ProviderContext, ProviderError } from '../port';
import { withoutRefused } from './alone-at-host';
import { isEnvironmentName, placeAt } from './configuration-store';
import { environmentsSchema } from './schema';
import { settingsNamedBy } from './settings-named';
import { MAX_PAGES, type Shown, shownEnvironments } from './shown-environments';
import type { Place } from './target';
import { type Calls, resolved, withCalls } from './workflow-calls';
import { environmentsOf } from './workflow-file';
import { entriesOf, type Inputs, inputsOf } from './workflow-inputs';
import { fileAt } from './workflows';

/**
 * Where the runs of a target's workflow find secrets and variables, nearest first, and which the file on the default branch
 * and those that it calls name. Costs two requests, and one for each file that is called; more where `withoutRefused` looks, or no environments are shown.
 */
export async function readPlaces(c: ProviderContext, place: Place, environment: string): Promise<ConfigurationReads> {
  const [file, shown] = await Promise.all([workflow(c, place), environmentNames(c, place)]);
  const known = listedIn(shown);
  const { origin } = c;
  const run = await callsOf(c, place, file.text, environment);
  const wanted = namesIn(run, place, environment);
  const places: ConfigurationPlace[] = [...new Set(wanted.names)].filter(isEnvironmentName).map((name) => {
    // GitHub does not tell capitals from small letters here.
    const there = known?.find((each) => each.toLowerCase() === name.toLowerCase());
    const absent = known && there === undefined ? absence(place, name) : null;
    const at = placeAt('environment', place.repository, { environment: there ?? name, absent, origin });
    return shown.by === 'plan' ? { ...at, notInPlan: shown.notice } : at;
  });
  places.push(placeAt('repository', place.repository, { origin }));
  places.push(placeAt('organization', place.repository, { origin }));
  const unread = run?.unread ?? [];
  const asked = run === null || unread.length > 0 ? null : settingsNamedBy(run);
  const named = run && asked && (await withoutRefused(c, place, run.files, asked));
  return { places, complete: wanted.complete, named, problem: file.problem ?? unreadProblem(place, unread) };
}

function unreadProblem(place: Place, unread: string[]): string | null {
  if (unread.length === 0) return null;
  const shown = unread.slice(0, 3).join(', ');
  return `${place.workflow} calls ${shown}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}, so what it asks for is not known in full. Let this connection read there.`;
}

/** Null for a file that could not be read, or is no workflow. */
async function callsOf(c: ProviderContext, place: Place, text: string | null, environment: string) {
  if (text === null) return null;
  const path = `.github/workflows/${place.workflow}`;
  const { owner, repo, defaultRef: ref } = place;
  try {
    const { input, doubts } = inputsOf(text, place, environment);
    return { ...(await withCalls(c, { owner, repo, path, ref, text, input })), doubts };
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'workflow_unreadable') return null;
    throw error;
  }
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

function environmentNames(c: ProviderContext, place: Place): Promise<Shown<string>> {
  return shownEnvironments(c, place, environmentsSchema, (page) => (page.environments ?? []).map((each) => each.name));
}

/** Null when they are not shown, or there may be more: then none is called absent. */
function listedIn({ rows }: Shown<string>): string[] | null {
  return rows && rows.length < MAX_PAGES * 100 ? rows : null;
}

interface Names {
  names: string[];
  /** False when a job may run in one that is not among them. */
  complete: boolean;
}

/** What the jobs name, in whichever file, with the inputs that its runs get as far as anybody knows them before. */
function namesIn(run: (Calls & Pick<Inputs, 'doubts'>) | null, place: Place, environment: string): Names {
  if (run === null) return { names: [guess(place, environment)], complete: false };
  const found = run.files.flatMap((file) => environmentsOf(file.text, file.path).map((name) => resolved(name, file)));
  const names = found.filter((name) => name !== null);
  const complete = names.length === found.length && run.unread.length === 0 && run.doubts.size === 0;
  return { names, complete };
}

function guess(place: Place, environment: string): string {
  const [fixed] = entriesOf(place.inputs ?? {}, 'environment');
  return typeof fixed === 'string' && fixed !== '' ? fixed : environment;
}
