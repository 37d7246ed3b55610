import { z } from 'zod';
import { type MarkForm, type ProviderContext, ProviderError, type RecordObstacles } from '../port';
import { read, whenImmutable } from './client';
import { folderAt, textAt } from './file-text';
import { inParallel } from './in-parallel';
import { findRef } from './refs';
import type { Place } from './target';
import { withCalls } from './workflow-calls';
import { type Mapping, mapping, parse, scalar } from './workflow-file';

const FOLDER = '.github/workflows';
const MAX_FILES = 100;
const MAX_REMEMBERED = 2_000;

/** What matters of one file here. Facts of a text, kept by the text's own id: what has the same id reads the same. */
export interface FileFacts {
  /** Name of the first job that names an environment, for which GitHub makes a deployment record by itself. */
  environmentJob: string | null;
  /** It is run when somebody makes a deployment record, or says something about one. */
  onDeployment: boolean;
  /** It is run when somebody marks a commit. */
  onStatus: boolean;
  /** The same for a check, and for what an App's checks are gathered in. */
  onCheck: boolean;
  /** Whether a job of it is another file. */
  calls: boolean;
}

/** Files by their path; null = larger than what is read. */
type Folder = { files: Map<string, FileFacts | null>; cut: boolean };

const remembered = new Map<string, FileFacts>();
const nameIn = (path: string) => path.slice(FOLDER.length + 1);

/**
 * Whether GitHub would show a deployment twice, or run something because of it. Costs three requests where the files have not
 * changed. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#deployment
 */
export async function recordObstacles(
  c: ProviderContext,
  place: Place,
  at: { sha: string; ref: string },
): Promise<RecordObstacles> {
  const ref = (await headOf(c, place, at.ref)) ?? at.sha;
  const path = `${FOLDER}/${place.workflow}`;
  const run = await readFacts(c, place, ref, path);
  const deployed = await readFacts(c, place, at.sha);
  if (!run || !deployed) return notKnown(`${FOLDER} is not shown to this connection`);
  const own = await ownRecord(c, place, ref, run.files.get(path));
  return {
    ownRecord: own.job,
    unknown: own.unknown ?? (deployed.cut ? `${FOLDER} has more than ${MAX_FILES} files` : null),
    ...started(deployed, ({ onDeployment }) => onDeployment),
  };
}

/** A status or a check is heard by the files of the default branch only, whatever commit it is about. */
export async function markObstacles(c: ProviderContext, place: Place, as: MarkForm): Promise<RecordObstacles> {
  const folder = await readFacts(c, place, null);
  if (!folder) return notKnown(`${FOLDER} is not shown to this connection`);
  const unknown = folder.cut ? `${FOLDER} has more than ${MAX_FILES} files` : null;
  return {
    ownRecord: null,
    unknown,
    ...started(folder, ({ onStatus, onCheck }) => (as === 'check' ? onCheck : onStatus)),
  };
}

const notKnown = (unknown: string): RecordObstacles => ({ ownRecord: null, triggered: [], unread: [], unknown });

function started({ files }: Folder, is: (facts: FileFacts) => boolean): Pick<RecordObstacles, 'triggered' | 'unread'> {
  const all = [...files];
  return {
    triggered: all.filter(([, facts]) => facts !== null && is(facts)).map(([path]) => nameIn(path)),
    unread: all.filter(([, facts]) => facts === null).map(([path]) => nameIn(path)),
  };
}

/** Of the target's own file, or of one that it calls, however deep and in whatever repository. */
async function ownRecord(
  c: ProviderContext,
  place: Place,
  ref: string,
  own: FileFacts | null | undefined,
): Promise<{ job: string | null; unknown: string | null }> {
  if (own === null) return { job: null, unknown: `${place.workflow} is larger than 1 MB` };
  if (!own || own.environmentJob !== null || !own.calls) return { job: own?.environmentJob ?? null, unknown: null };
  const path = `${FOLDER}/${place.workflow}`;
  const { owner, repo } = place;
  const text = (await textAt(c, place, path, ref)) ?? '';
  const { files, unread } = await withCalls(c, { owner, repo, path, ref, text, input: () => null });
  const job = files.map((file) => factsOf(file.text, file.path).environmentJob).find((each) => each !== null);
  return { job: job ?? null, unknown: job || unread.length === 0 ? null : `it calls ${unread.slice(0, 3).join(', ')}` };
}

/** Null for a branch that is gone meanwhile. */
async function headOf(c: ProviderContext, place: Place, ref: string): Promise<string | null> {
  try {
    return (await findRef(c, place, ref)).sha;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}

/** Null when nobody can tell what is there. `ref`: null = the default branch. `only`: the one file that matters. */
async function readFacts(c: ProviderContext, place: Place, ref: string | null, only?: string): Promise<Folder | null> {
  const found = await listFiles(c, place, ref);
  if (!found) return null;
  const listed = only ? found.filter((file) => file.path === only) : found;
  const files: Folder['files'] = new Map();
  await inParallel(listed.slice(0, MAX_FILES), 4, async ({ path, sha: blob }) => {
    const known = remembered.get(blob) ?? (await factsAt(c, place, path, ref));
    if (known) remember(blob, known);
    files.set(path, known);
  });
  return { files, cut: listed.length > MAX_FILES };
}

async function factsAt(c: ProviderContext, place: Place, path: string, ref: string | null): Promise<FileFacts | null> {
  try {
    return factsOf((await textAt(c, place, path, ref)) ?? '', path);
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'file_too_large') return null;
    throw error;
  }
}

/** Null when this credential is shown no files at all. */
async function listFiles(c: ProviderContext, place: Place, ref: string | null) {
  const data = await folderAt(c, place, FOLDER, ref);
  if (data === null) return (await showsContents(c, place, ref)) ? [] : null;
  return data.filter(({ type, path }) => type === 'file' && /\.ya?ml$/.test(path));
}

/** A commit takes the same right as its files: where it is shown, a folder that is not found is not there. */
async function showsContents(c: ProviderContext, { owner, repo }: Place, ref: string | null): Promise<boolean> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/commits/{ref}',
    params: { owner, repo, ref: ref ?? 'HEAD' },
    headers: whenImmutable(ref ?? ''),
    about: { what: 'commit', subject: (ref ?? 'HEAD').slice(0, 7) },
  } as const;
  try {
    await read(c, call, z.object({ sha: z.string() }));
    return true;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return false;
    throw error;
  }
}

function remember(blob: string, facts: FileFacts): void {
  remembered.set(blob, facts);
  const oldest = remembered.size > MAX_REMEMBERED ? remembered.keys().next().value : undefined;
  if (oldest !== undefined) remembered.delete(oldest);
}

/** What cannot be read as a workflow is not run by GitHub either. */
export function factsOf(text: string, path: string): FileFacts {
  const document = documentOf(text, path);
  const jobs = Object.entries(mapping(document?.jobs) ?? {}).map(([id, value]) => ({ id, job: mapping(value) ?? {} }));
  const named = jobs.find(({ job }) => hasEnvironment(job));
  const triggers = document ? (Object.hasOwn(document, 'on') ? document.on : document.true) : null;
  return {
    environmentJob: named ? String(named.job.name ?? named.id).slice(0, 80) : null,
    onDeployment: ['deployment', 'deployment_status'].some((event) => isOn(triggers, event)),
    onStatus: isOn(triggers, 'status'),
    onCheck: ['check_run', 'check_suite'].some((event) => isOn(triggers, event)),
    calls: jobs.some(({ job }) => typeof job.uses === 'string'),
  };
}

function documentOf(text: string, path: string): Mapping | null {
  try {
    return mapping(parse(text, path));
  } catch {
    return null;
  }
}

/** An expression may come out empty, and then there is no record; better one too few than two. */
function hasEnvironment({ environment }: Mapping): boolean {
  const name = mapping(environment)?.name ?? environment;
  return (scalar(name) ?? '').trim() !== '';
}

function isOn(triggers: unknown, event: string): boolean {
  if (Array.isArray(triggers)) return triggers.includes(event);
  return triggers === event || Object.hasOwn(mapping(triggers) ?? {}, event);
}
