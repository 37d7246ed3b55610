import { createHash } from 'node:crypto';
import { type DeployForm, type ProviderContext, ProviderError, type WorkflowFile } from '../port';
import { read, readPages, whenImmutable } from './client';
import { undeclared, warnUndeclared } from './fixed-inputs';
import { contentSchema, environmentsSchema, workflowsSchema } from './schema';
import { shownEnvironments } from './shown-environments';
import { type Place, splitName } from './target';
import { formFrom, needsEnvironments } from './workflow-form';

const MAX_BYTES = 1_048_576;

/** The workflows that GitHub knows of, as file names. */
export async function listWorkflows(c: ProviderContext, repository: string): Promise<WorkflowFile[]> {
  const rows = await readPages(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/workflows',
      params: splitName(repository),
      about: { what: 'repository', subject: repository },
    },
    workflowsSchema,
    (page) => page.workflows,
    5,
  );
  // GitHub also lists workflows of its own (`dynamic/…`), which have no file and cannot be dispatched.
  return rows
    .filter((row) => row.path.startsWith('.github/workflows/'))
    .map((row) => ({
      path: row.path.slice('.github/workflows/'.length),
      name: row.name,
      url: row.html_url,
      state: row.state,
    }));
}

/** The form of the target's workflow, as its file reads at this commit. */
export async function readForm(c: ProviderContext, place: Place, sha: string): Promise<DeployForm> {
  return (await readFormAndUndeclared(c, place, sha)).form;
}

/** The same, and what the target fixes that the file does not declare. */
export async function readFormAndUndeclared(
  c: ProviderContext,
  place: Place,
  sha: string,
): Promise<{ form: DeployForm; unknown: string[] }> {
  const { text, url } = await fileAt(c, place, sha);
  const environments = needsEnvironments(text, place.workflow) ? await environmentNames(c, place) : NONE_ASKED;
  const digest = createHash('sha256').update(text).digest('hex');
  const source = { path: place.workflow, sha, url, digest };
  const form = formFrom(text, source, environments.names, Object.keys(place.inputs ?? {}));
  const unknown = undeclared(text, place);
  const warnings = [...environments.warnings, ...form.warnings];
  return { form: warnUndeclared({ ...form, warnings }, place, unknown), unknown };
}

/** `ref` is a commit, or a branch whose file is read as it is now. */
export async function fileAt(c: ProviderContext, place: Place, ref: string): Promise<{ text: string; url: string }> {
  const path = `.github/workflows/${place.workflow}`;
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/contents/{path}',
      params: { owner: place.owner, repo: place.repo, path, ref },
      headers: whenImmutable(ref),
      about: { what: 'file', subject: path },
    },
    contentSchema,
  );
  const { size, encoding, content, html_url } = answer.data;
  if (size > MAX_BYTES || encoding !== 'base64') {
    throw new ProviderError(
      'rejected',
      'workflow_unreadable',
      `The workflow file ${place.workflow} is larger than 1 MB, so it is not read. Make it smaller.`,
    );
  }
  return { text: Buffer.from(content, 'base64').toString('utf8'), url: html_url ?? '' };
}

const NONE_ASKED = { names: [], warnings: [] };

/** Where none are shown any name is taken, and the input is text. */
async function environmentNames(c: ProviderContext, place: Place): Promise<{ names: string[]; warnings: string[] }> {
  const { rows, notice } = await shownEnvironments(c, place, environmentsSchema, (page) =>
    (page.environments ?? []).map((each) => each.name),
  );
  return rows
    ? { names: rows, warnings: [] }
    : { names: [], warnings: [`${notice} So none is offered to choose from.`] };
}
