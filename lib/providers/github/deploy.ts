import {
  type DeployForm,
  type DeployRequest,
  type InputValue,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
} from '../port';
import { read, readPages, write } from './client';
import { fixedFor } from './fixed-inputs';
import { manifest } from './manifest';
import { headOf, whyNoRef } from './refs';
import { dispatchSchema, type Run, runSchema, runsSchema } from './schema';
import type { Place } from './target';
import { readFormAndUndeclared } from './workflows';

/** Clocks differ (ours may be ten minutes off), and a run that is not found is sent again: better a longer list. */
const LOOK_BACK_MS = 15 * 60_000;
/** GitHub lists at most 1,000 runs when a filter is set. */
const MAX_PAGES = 10;

/**
 * Starts the workflow: reads the branch or tag once more, then sends one dispatch.
 * Null when GitHub accepted without saying which run (204): find it by the marker.
 * Source: https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 */
export async function trigger(c: ProviderContext, place: Place, request: DeployRequest): Promise<RemoteRef | null> {
  const { ref, refKind, sha } = request.revision;
  const head = await headOf(c, place, ref, refKind);
  if (!head) throw await whyNoRef(c, place, ref);
  const { form, unknown } = await readFormAndUndeclared(c, place, head);
  if (head !== sha && !form.reserved.sha) throw refChanged(ref, sha, head);
  if (request.formDigest !== undefined && form.source.digest !== request.formDigest) throw formChanged(ref, form);
  const inputs = inputsFor(form, fixedFor(form, place, unknown), request);
  const body = { ref: `refs/${refKind === 'branch' ? 'heads' : 'tags'}/${ref}`, inputs };
  const answer = await dispatch(c, place, body);
  const details = answer.status === 200 ? dispatchSchema.safeParse(answer.data) : null;
  return details?.success ? { id: details.data.workflow_run_id, attempt: 1, url: details.data.html_url } : null;
}

async function dispatch(c: ProviderContext, place: Place, body: Record<string, unknown>): ReturnType<typeof write> {
  const call = (params: Record<string, unknown>): ReturnType<typeof write> =>
    write(c, {
      route: 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      params: { owner: place.owner, repo: place.repo, workflow_id: place.workflow, ...params },
      about: { what: 'workflow', subject: place.workflow },
    });
  try {
    return await call({ ...body, return_run_details: true });
  } catch (error) {
    // An older Enterprise server refuses the field that it does not know. A refusal proves that nothing ran.
    if (error instanceof ProviderError && !error.ambiguous && refusesFlag(error)) return call(body);
    throw error;
  }
}

function refusesFlag(error: ProviderError): boolean {
  return error.code === 'bad_request' || (error.code === 'refused' && error.message.includes('return_run_details'));
}

/** The person's inputs, the target's fixed ones instead of them, marker and commit; as text, which is what GitHub stores. */
function inputsFor(
  form: DeployForm,
  fixed: Record<string, InputValue>,
  request: DeployRequest,
): Record<string, string> {
  const inputs: Record<string, string> = {};
  // Capitals do not matter in a name: two spellings of one would be two values of one input.
  const settled = new Set(Object.keys(fixed).map((name) => name.toLowerCase()));
  const open = Object.entries(request.inputs).filter(([name]) => !settled.has(name.toLowerCase()));
  for (const [name, value] of [...open, ...Object.entries(fixed)]) inputs[name] = String(value);
  if (form.reserved.marker) inputs[form.reserved.marker] = request.marker;
  if (form.reserved.sha) inputs[form.reserved.sha] = request.revision.sha;
  const { maxInputs, maxPayloadCharacters } = manifest.capabilities.workflows;
  if (Object.keys(inputs).length > maxInputs) {
    throw new ProviderError(
      'rejected',
      'too_many_inputs',
      `GitHub accepts ${maxInputs} inputs; these are ${Object.keys(inputs).length}. Leave some out.`,
    );
  }
  if (JSON.stringify(inputs).length > maxPayloadCharacters) {
    throw new ProviderError(
      'rejected',
      'inputs_too_large',
      'The inputs together are too large for GitHub (65,535 characters). Shorten them.',
    );
  }
  return inputs;
}

function refChanged(ref: string, chosen: string, head: string): ProviderError {
  const sentence = `${ref} has moved from ${chosen.slice(0, 7)} to ${head.slice(0, 7)} since it was chosen, and GitHub can only start its newest commit. Look at the new commits, then deploy again.`;
  return new ProviderError('rejected', 'ref_changed', sentence);
}

/** GitHub runs the file at the newest commit of the branch, whatever commit it is told to build. */
function formChanged(ref: string, { source }: DeployForm): ProviderError {
  const sentence = `${source.path} on ${ref} is not the file that this was asked for with (it is ${source.digest?.slice(0, 7)} now), so nothing was sent.`;
  return new ProviderError('rejected', 'form_changed', sentence);
}

/** The run whose title shows the marker; the oldest if there are several. Time alone never identifies a run. */
export async function findByMarker(
  c: ProviderContext,
  place: Place,
  marker: string,
  sinceMs: number,
): Promise<RemoteRef | null> {
  const since = new Date(sinceMs - LOOK_BACK_MS).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const runs = await readPages(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
      params: {
        owner: place.owner,
        repo: place.repo,
        workflow_id: place.workflow,
        event: 'workflow_dispatch',
        created: `>=${since}`,
      },
      about: { what: 'workflow', subject: place.workflow },
    },
    runsSchema,
    (page) => page.workflow_runs,
    MAX_PAGES,
  );
  const found = runs.filter((run) => titleHas(run.display_title, marker));
  const oldest = found.sort((a, b) => a.created_at.localeCompare(b.created_at)).at(0);
  return oldest ? toRef(oldest) : null;
}

/** The marker as a whole word, so that `…-1` is not found in `…-10`. */
export function titleHas(title: string, marker: string): boolean {
  for (let at = title.indexOf(marker); at >= 0; at = title.indexOf(marker, at + 1)) {
    const before = title[at - 1] ?? ' ';
    const after = title[at + marker.length] ?? ' ';
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return marker !== '';
  }
  return false;
}

export function toRef(run: Run): RemoteRef {
  return { id: run.id, attempt: run.run_attempt, url: run.html_url };
}

export async function readRun(c: ProviderContext, place: Place, id: string): Promise<Run> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
      params: { owner: place.owner, repo: place.repo, run_id: id },
      about: { what: 'run', subject: id },
    },
    runSchema,
  );
  return answer.data;
}
