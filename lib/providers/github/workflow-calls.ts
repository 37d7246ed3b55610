import { type ProviderContext, ProviderError } from '../port';
import { oneValue } from './expressions';
import { textAt } from './file-text';
import { splitName } from './target';
import { type Mapping, mapping, parse, scalar } from './workflow-file';
import { entriesOf } from './workflow-inputs';

/** More files than GitHub lets one run call; whoever writes more than this gets no complete answer. */
const MOST_FILES = 50;

export interface WorkflowAt {
  owner: string;
  repo: string;
  path: string;
  ref: string;
}

/** A file that a workflow runs, and what it is given by the job that calls it. */
export interface CalledFile extends WorkflowAt {
  text: string;
  /** What one of its inputs is, as far as the files alone say; null = only the run decides. */
  input(name: string): string | null;
  /** The same of the form that the run was started with, which a called file sees too. */
  event(name: string): string | null;
  /** Names that its `secrets.` stand for something that the caller hands over; null = they are the caller's own. */
  aliases: ReadonlySet<string> | null;
}

export interface Calls {
  /** The file itself first. */
  files: CalledFile[];
  /** What is called and could not be read, with why, each as a part of a sentence. */
  unread: string[];
}

type Root = WorkflowAt & Pick<CalledFile, 'text' | 'input'>;
type Read = { text: string } | { why: string };

/**
 * A workflow file and every one that its jobs call, in whatever repository, as far as this credential may read there; one
 * that is called twice is there twice, for it may be given something else each time. One request for each. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
 */
export async function withCalls(c: ProviderContext, root: Root): Promise<Calls> {
  const calls: Calls = { files: [{ ...root, event: root.input, aliases: null }], unread: [] };
  const read = new Map<string, Promise<Read>>();
  for (let at = 0; at < calls.files.length; at++) {
    const caller = calls.files[at];
    for (const job of caller ? jobsOf(caller.text, caller.path) : []) {
      const uses = typeof job.uses === 'string' ? job.uses : null;
      if (!caller || uses === null) continue;
      if (calls.unread.length >= MOST_FILES) return calls;
      const wanted = calledBy(uses, caller);
      if (!wanted) calls.unread.push(`${shown(uses)} (it names no workflow file)`);
      else await follow(calls, { caller, job, wanted, uses }, once(c, read, wanted));
    }
  }
  return calls;
}

interface Step {
  caller: CalledFile;
  job: Mapping;
  wanted: WorkflowAt;
  uses: string;
}

async function follow(calls: Calls, { caller, job, wanted, uses }: Step, read: () => Promise<Read>): Promise<void> {
  const found = calls.files.length < MOST_FILES ? await read() : { why: 'too many files are called' };
  if ('why' in found) return void calls.unread.push(`${shown(uses)} (${found.why})`);
  const declared = callOf(found.text, wanted.path);
  calls.files.push({
    ...wanted,
    text: found.text,
    input: (name) => given(job, caller, declared, name),
    event: caller.event,
    aliases: job.secrets === 'inherit' ? caller.aliases : namesOf(mapping(job.secrets), mapping(declared.secrets)),
  });
}

function once(c: ProviderContext, read: Map<string, Promise<Read>>, wanted: WorkflowAt): () => Promise<Read> {
  return () => {
    const known = read.get(nameOf(wanted)) ?? readable(c, wanted);
    read.set(nameOf(wanted), known);
    return known;
  };
}

async function readable(c: ProviderContext, { owner, repo, path, ref }: WorkflowAt): Promise<Read> {
  try {
    const text = await textAt(c, { owner, repo }, path, ref);
    if (text === null) return { why: 'this connection is shown no such file' };
    parse(text, path);
    return { text };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind === 'rateLimited' || error.kind === 'unavailable') throw error;
    if (error.kind === 'auth') return { why: 'this connection may not read it' };
    return { why: error.code === 'file_too_large' ? 'it is larger than 1 MB' : 'it cannot be read as a workflow' };
  }
}

/** `./` means the repository and the commit of the file that says it. */
export function calledBy(uses: string, from: Omit<WorkflowAt, 'path'>): WorkflowAt | null {
  const local = /^\.\/(\.github\/workflows\/[^@]+)$/.exec(uses)?.[1];
  if (local) return { owner: from.owner, repo: from.repo, ref: from.ref, path: local };
  const [, repository, path, ref] = /^([^/@]+\/[^/@]+)\/(\.github\/workflows\/[^@]+)@(.+)$/.exec(uses) ?? [];
  if (!repository || !path || !ref) return null;
  try {
    return { ...splitName(repository), path, ref };
  } catch {
    return null;
  }
}

const nameOf = ({ owner, repo, path, ref }: WorkflowAt) => `${`${owner}/${repo}`.toLowerCase()}/${path}@${ref}`;
const shown = (uses: string) => uses.replace(/[\p{Cc}\p{Cf}]+/gu, '').slice(0, 120);

function jobsOf(text: string, path: string): Mapping[] {
  const jobs = mapping(mapping(parse(text, path))?.jobs) ?? {};
  return Object.values(jobs).map((job) => mapping(job) ?? {});
}

function callOf(text: string, path: string): Mapping {
  const document = mapping(parse(text, path)) ?? {};
  const triggers = mapping(Object.hasOwn(document, 'on') ? document.on : document.true);
  return mapping(triggers?.workflow_call) ?? {};
}

/** What the job hands over, or what the file says for want of that. */
function given(job: Mapping, caller: CalledFile, declared: Mapping, name: string): string | null {
  const own = entriesOf(mapping(job.with) ?? {}, name);
  const found =
    own.length > 0 ? own : entriesOf(mapping(declared.inputs) ?? {}, name).map((each) => mapping(each)?.default);
  const value = found.length === 1 ? scalar(found[0]) : null;
  return value === null ? null : resolved(value, caller);
}

/**
 * A text as it is in a run: a plain one, or one input of the file that it stands in, which a text behind `||` stands for while it
 * is empty. Null = only the run decides.
 */
export function resolved(text: string, file: Pick<CalledFile, 'input' | 'event'>): string | null {
  if (!text.includes('${{')) return text;
  const one = oneValue(text);
  if (one?.store !== 'inputs') return null;
  const value = one.isOfEvent ? file.event(one.name) : file.input(one.name);
  return value === '' ? one.otherwise : value;
}

function namesOf(...maps: (Mapping | null)[]): Set<string> {
  return new Set(maps.flatMap((map) => Object.keys(map ?? {})).map((name) => name.toUpperCase()));
}
