import type { LiveNow, ProviderContext } from '../port';
import { read } from './client';
import { toRef } from './deploy';
import { type LiveRun, liveRunsSchema } from './schema';
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
export async function readLive(c: ProviderContext, place: Place): Promise<LiveNow | null> {
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
  const isOurs = runs.length > 0 ? await titleTest(c, place) : null;
  // A re-run keeps its place in the list, so the start of the newest attempt decides.
  const newest = runs
    .filter((run) => isOurs?.(run.display_title))
    .sort((a, b) => startOf(b).localeCompare(startOf(a)))[0];
  return newest ? toLive(newest) : null;
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

/** Whether a run with this title went to this target, by the inputs that the target fixes; null when titles do not say. */
async function titleTest(c: ProviderContext, place: Place): Promise<((title: string) => boolean) | null> {
  const telling = Object.entries(place.inputs ?? {}).filter(([, value]) => typeof value === 'string' && value !== '');
  if (telling.length === 0) return () => true;
  const { text } = await fileAt(c, place, place.defaultRef);
  const pattern = titlePattern(readWorkflow(text, place.workflow).runName, Object.fromEntries(telling));
  return pattern && ((title) => pattern.test(title.trim()));
}

/** The titles of runs with these inputs, from the workflow's `run-name`; null when it shows none of them. */
export function titlePattern(runName: string, inputs: Record<string, unknown>): RegExp | null {
  let told = 0;
  const parts = runName.trim().split(/(\$\{\{[^}]*\}\})/);
  const source = parts.map((part) => {
    const name = /^\$\{\{\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\}\}$/.exec(part)?.[1];
    const value = name !== undefined && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (value === undefined) return part.startsWith('${{') ? '.*' : literal(part);
    told++;
    return literal(String(value));
  });
  return told > 0 ? new RegExp(`^${source.join('')}$`, 's') : null;
}

/** Empty inputs leave gaps, which the title closes at its ends. */
function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '(?:\\s+|$)');
}
