import { z } from 'zod';
import { type ProviderContext, ProviderError, type RecordObstacles } from '../port';
import { read } from './client';
import { textAt } from './file-text';
import { inParallel } from './in-parallel';
import { findRef } from './refs';
import type { Place } from './target';
import { type Mapping, mapping, parse } from './workflow-file';

const FOLDER = '.github/workflows';
const MAX_FILES = 60;
const MAX_REMEMBERED = 2_000;

/** What matters of one file here. Facts of a text, kept by the text's own id: what has the same id reads the same. */
export interface FileFacts {
  /** Name of the first job that names an environment, for which GitHub makes a deployment record by itself. */
  environmentJob: string | null;
  /** It is run when somebody makes a deployment record, or says something about one. */
  onDeployment: boolean;
  /** Files of this repository that its jobs call. */
  calls: string[];
}

const remembered = new Map<string, FileFacts>();
const listSchema = z.array(z.object({ type: z.string(), path: z.string(), sha: z.string() }));

/**
 * Whether GitHub would show a deployment twice, or run something because of it. Costs three requests where the files have not
 * changed. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#deployment
 */
export async function recordObstacles(
  c: ProviderContext,
  place: Place,
  at: { sha: string; ref: string },
): Promise<RecordObstacles> {
  const run = await readFacts(c, place, (await headOf(c, place, at.ref)) ?? at.sha);
  const deployed = await readFacts(c, place, at.sha);
  return {
    ownRecord: environmentJobOf(run, `${FOLDER}/${place.workflow}`),
    triggered: [...deployed].filter(([, each]) => each.onDeployment).map(([path]) => path.slice(FOLDER.length + 1)),
  };
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

async function readFacts(c: ProviderContext, place: Place, ref: string): Promise<Map<string, FileFacts>> {
  const facts = new Map<string, FileFacts>();
  await inParallel(await listFiles(c, place, ref), 4, async ({ path, sha: blob }) => {
    const known = remembered.get(blob) ?? factsOf((await textAt(c, place, path, ref)) ?? '', path);
    remember(blob, known);
    facts.set(path, known);
  });
  return facts;
}

/** Of the file itself, or of one that it calls, however deep. */
function environmentJobOf(
  facts: ReadonlyMap<string, FileFacts>,
  path: string,
  seen = new Set<string>(),
): string | null {
  const own = facts.get(path);
  if (!own || seen.has(path)) return null;
  seen.add(path);
  if (own.environmentJob !== null) return own.environmentJob;
  return own.calls.map((each) => environmentJobOf(facts, each, seen)).find((job) => job !== null) ?? null;
}

/** The target's own file first, so that the limit never cuts it off. */
async function listFiles(c: ProviderContext, place: Place, ref: string) {
  const call = {
    route: 'GET /repos/{owner}/{repo}/contents/{path}',
    params: { owner: place.owner, repo: place.repo, path: FOLDER, ref },
    about: { what: 'file', subject: FOLDER },
  } as const;
  try {
    const { data } = await read(c, call, listSchema);
    const files = data.filter(({ type, path }) => type === 'file' && /\.ya?ml$/.test(path));
    const own = (file: { path: string }) => file.path === `${FOLDER}/${place.workflow}`;
    return [...files.filter(own), ...files.filter((file) => !own(file))].slice(0, MAX_FILES);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return [];
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
    calls: jobs.flatMap(({ job }) => {
      const local = typeof job.uses === 'string' ? /^\.\/(\.github\/workflows\/[^@]+)$/.exec(job.uses)?.[1] : undefined;
      return local ? [local] : [];
    }),
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
  return typeof name === 'string' && name.trim() !== '';
}

function isOn(triggers: unknown, event: string): boolean {
  if (Array.isArray(triggers)) return triggers.includes(event);
  return triggers === event || Object.hasOwn(mapping(triggers) ?? {}, event);
}
