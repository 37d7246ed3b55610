import { type LiveNow, type PlaceWordsOf, type ProviderContext, ProviderError } from '../port';
import { read } from './client';
import { toRef } from './deploy';
import { destinationsOf } from './destinations';
import { inputsUsedIn } from './expressions';
import { endsAtPages } from './pages-workflow';
import { type TitlePattern, titlePattern } from './run-titles';
import { type LiveRun, liveRunsSchema } from './schema';
import { publicationOf } from './site';
import type { Place } from './target';
import { readWorkflow } from './workflow-file';
import { fileAt } from './workflows';

/** How far back the newest success for one target is looked for, when several share a workflow. */
const LOOK_AT = 50;
const MARKER = /(?<![\w-])aether-[A-Za-z0-9]+-\d+(?![\w-])/;

/**
 * What the newest successful run of the target's workflow put there. GitHub does not tell a run's inputs, so runs are told
 * apart by their titles; null when the titles do not say where a run went. Both reads are conditional.
 */
export async function readLive(c: ProviderContext, place: Place, places?: PlaceWordsOf): Promise<LiveNow | null> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
      params: {
        owner: place.owner,
        repo: place.repo,
        workflow_id: place.workflow,
        status: 'success',
        per_page: LOOK_AT,
      },
      about: { what: 'workflow', subject: place.workflow },
    },
    liveRunsSchema,
  );
  const runs = answer.data.workflow_runs;
  if (runs.length === 0) return null;
  const text = await textOf(c, place);
  const isOurs = titleTest(place, text);
  const isElsewhere = elsewhereTest(place, text, places);
  // A re-run keeps its place in the list, so the start of the newest attempt decides.
  const sorted = runs
    .filter(({ display_title: title }) => isOurs?.(title) && !isElsewhere(title))
    .sort((a, b) => startOf(b).localeCompare(startOf(a)));
  const newest = isPages(text, place) ? await published(c, place, sorted) : sorted[0];
  return newest ? toLive(newest) : null;
}

/** Without it, runs that need not be told apart are as good as before. */
async function textOf(c: ProviderContext, place: Place): Promise<string> {
  try {
    return (await fileAt(c, place, place.defaultRef)).text;
  } catch (error) {
    if (error instanceof ProviderError && telling(place).length === 0) return '';
    throw error;
  }
}

/** A file that cannot be read says nothing about where it goes. */
function isPages(text: string, place: Place): boolean {
  try {
    return endsAtPages(text, place.workflow);
  } catch {
    return false;
  }
}

/** How many runs are asked about, from the newest on. */
const LOOK_BACK = 5;

/**
 * The newest run that Pages calls live: a run may succeed and its publication be lost, or still be on its way. What Pages
 * does not tell, or not to this credential, is taken for what its run says.
 */
async function published(c: ProviderContext, place: Place, runs: LiveRun[]): Promise<LiveRun | undefined> {
  for (const run of runs.slice(0, LOOK_BACK)) {
    const state = await publicationState(c, place, run.head_sha);
    if (state === null || state === 'live') return run;
  }
  return undefined;
}

async function publicationState(c: ProviderContext, place: Place, sha: string) {
  try {
    return (await publicationOf(c, place, sha))?.state ?? null;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'auth') return null;
    throw error;
  }
}

const startOf = (run: LiveRun) => run.run_started_at ?? run.created_at;

function toLive(run: LiveRun): LiveNow {
  return {
    sha: run.head_sha,
    version: null,
    ref: toRef(run),
    marker: MARKER.exec(run.display_title)?.[0] ?? null,
    byName: run.triggering_actor?.login ?? null,
    at: run.updated_at,
  };
}

const telling = (place: Place) =>
  Object.entries(place.inputs ?? {}).filter(([, value]) => typeof value === 'string' && value !== '');

/** Whether a run with this title went to this target, by the inputs that the target fixes; null when titles do not say. */
function titleTest(place: Place, text: string): ((title: string) => boolean) | null {
  const inputs = telling(place);
  if (inputs.length === 0) return () => true;
  const pattern = titlePattern(readWorkflow(text, place.workflow).runName, Object.fromEntries(inputs));
  return pattern && ((title) => pattern.test(title));
}

/**
 * Whether a title names another environment of ours, by inputs that the target does not fix, and its own by none of them. One
 * that names neither tells nothing: GitHub may have another name for the target's own.
 */
function elsewhereTest(place: Place, text: string, places: PlaceWordsOf | undefined): (title: string) => boolean {
  const names = places ? openPlaces(place, text) : [];
  if (!places || names.length === 0) return () => false;
  const { runName } = readWorkflow(text, place.workflow);
  const patterns = (of: 'own' | 'others') =>
    names.flatMap((name) =>
      places(name)[of].flatMap((word) => {
        const pattern = titlePattern(runName, { [name]: word }, 'any case');
        return pattern ? [pattern] : [];
      }),
    );
  const [own, others] = [patterns('own'), patterns('others')];
  const fits = (each: TitlePattern[], title: string) => each.some((pattern) => pattern.test(title));
  return (title) => fits(others, title) && !fits(own, title);
}

/** Inputs in the title that say where a run goes and that the target does not fix; none of a file that cannot be read. */
function openPlaces(place: Place, text: string): string[] {
  try {
    const told = destinationsOf(text, place.workflow);
    for (const fixed of Object.keys(place.inputs ?? {})) told.delete(fixed.toLowerCase());
    const { runName } = readWorkflow(text, place.workflow);
    return [...inputsUsedIn(runName)].filter((name) => told.has(name.toLowerCase()));
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}
