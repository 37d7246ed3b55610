import { load, YAMLException } from 'js-yaml';
import { ProviderError } from '../port';

const MAX_CHARACTERS = 1_048_576;
const MAX_STEPS = 2_000;
const MAX_NEEDED = 100;

export type Mapping = Record<string, unknown>;

export interface WorkflowDocument {
  runName: string;
  /** The `workflow_dispatch` trigger; null when the file does not declare it. */
  dispatch: Mapping | null;
  /** Every step and every job that calls another workflow, up to 2,000. */
  steps: { job: string; run: string; uses: string }[];
}

/**
 * Reads a workflow file that anybody with write access to the repository may have written: size, depth and aliases
 * are capped, so that no file can exhaust this process.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */
export function readWorkflow(text: string, path: string): WorkflowDocument {
  if (text.length > MAX_CHARACTERS) throw unreadable(path, 'it is larger than 1 MB');
  const document = mapping(parse(text, path));
  if (!document) throw unreadable(path, 'it is not a YAML mapping');
  // YAML 1.1 reads a bare `on` as true; a file that went through such a tool has the key `true`.
  const triggers = Object.hasOwn(document, 'on') ? document.on : document.true;
  return {
    runName: textOf(document['run-name']),
    dispatch: dispatchOf(triggers),
    steps: stepsOf(mapping(document.jobs) ?? {}),
  };
}

/** The environments that jobs run in, as the file writes them: with their expressions, once each. */
export function environmentsOf(text: string, path: string): string[] {
  return [...new Set(environmentJobs(text, path).map(({ environment }) => environment))];
}

/** A job that runs in an environment, as the file writes it; `condition` is empty where it has none. */
export interface EnvironmentJob {
  name: string;
  environment: string;
  condition: string;
}

/** The jobs that run in an environment, up to 2,000. */
export function environmentJobs(text: string, path: string): EnvironmentJob[] {
  return Object.entries(jobsOf(text, path))
    .slice(0, MAX_STEPS)
    .map(([name, job]) => {
      const declared = mapping(job)?.environment;
      const environment = scalar(declared) ?? scalar(mapping(declared)?.name) ?? '';
      return { name, environment, condition: conditionOf(job) };
    })
    .filter(({ environment }) => environment !== '');
}

/** With one of these a job also runs where one that it needs did not. */
const RUNS_ALL_THE_SAME = /\b(?:always|cancelled|failure)\s*\(/i;

/**
 * On what a job waits besides its own condition: those of up to 100 jobs that it needs, and that these need. Null where that is
 * more than `most` characters.
 */
export function conditionsBefore(text: string, path: string, name: string, most: number): string[] | null {
  const jobs = jobsOf(text, path);
  const needed = new Set<string>([name]);
  const conditions: string[] = [];
  let left = most;
  for (const each of needed) {
    const { condition, needs } = waitOf(jobs, each);
    if (each !== name && condition !== '') conditions.push(condition);
    left -= each === name ? 0 : condition.length;
    if (left < 0) return null;
    for (const one of needs) if (needed.size <= MAX_NEEDED) needed.add(one);
  }
  return conditions;
}

interface Wait {
  condition: string;
  needs: string[];
}

/** Many jobs may need the same ones. */
const waits = new WeakMap<Mapping, Map<string, Wait>>();

function waitOf(jobs: Mapping, name: string): Wait {
  const known = waits.get(jobs) ?? new Map<string, Wait>();
  waits.set(jobs, known);
  const found = known.get(name);
  if (found) return found;
  const job = Object.hasOwn(jobs, name) ? mapping(jobs[name]) : null;
  const condition = conditionOf(job);
  const written = RUNS_ALL_THE_SAME.test(condition) ? [] : [job?.needs].flat();
  const wait = { condition, needs: written.filter((one) => typeof one === 'string').slice(0, MAX_NEEDED) };
  known.set(name, wait);
  return wait;
}

const conditionOf = (job: unknown): string => scalar(mapping(job)?.if) ?? '';

function jobsOf(text: string, path: string): Mapping {
  if (text.length > MAX_CHARACTERS) throw unreadable(path, 'it is larger than 1 MB');
  return mapping(mapping(parse(text, path))?.jobs) ?? {};
}

let last: { text: string; document: unknown } | null = null;

/**
 * A file as a document, which nobody may change; size, depth and aliases are capped. A form asks several questions of one file
 * at once, so what was read last is kept for as long as that takes, and no longer: a large one is a hundred times its text.
 */
export function parse(text: string, path: string): unknown {
  if (last?.text === text) return last.document;
  const document = read(text, path);
  last = { text, document };
  queueMicrotask(() => {
    last = null;
  });
  return document;
}

function read(text: string, path: string): unknown {
  try {
    return load(text, { maxDepth: 50, maxAliases: 20, maxTotalMergeKeys: 1_000 });
  } catch (error) {
    const line = error instanceof YAMLException && error.mark ? ` (line ${error.mark.line + 1})` : '';
    const why = error instanceof YAMLException ? `it is not valid YAML${line}` : 'it cannot be parsed';
    throw unreadable(path, why);
  }
}

function dispatchOf(triggers: unknown): Mapping | null {
  if (triggers === 'workflow_dispatch') return {};
  if (Array.isArray(triggers)) return triggers.includes('workflow_dispatch') ? {} : null;
  const named = mapping(triggers);
  if (!named || !Object.hasOwn(named, 'workflow_dispatch')) return null;
  return mapping(named.workflow_dispatch) ?? {};
}

function stepsOf(jobs: Mapping): WorkflowDocument['steps'] {
  const found: WorkflowDocument['steps'] = [];
  for (const [job, value] of Object.entries(jobs)) {
    const declared = mapping(value);
    if (!declared) continue;
    if (typeof declared.uses === 'string') found.push({ job, run: '', uses: declared.uses });
    for (const step of Array.isArray(declared.steps) ? declared.steps : []) {
      if (found.length >= MAX_STEPS) return found;
      const each = mapping(step);
      if (each) found.push({ job, run: textOf(each.run), uses: textOf(each.uses) });
    }
  }
  return found;
}

export function mapping(value: unknown): Mapping | null {
  // Not a copy: of a file of many keys each would take as long as half of reading it.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : null;
}

/** A value as GitHub takes it where it wants a text; null for what is none. */
export function scalar(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function unreadable(path: string, why: string): ProviderError {
  const sentence = `The workflow file ${path} cannot be read: ${why}. Mend it in the repository, then choose the revision again.`;
  return new ProviderError('rejected', 'workflow_unreadable', sentence);
}
