import type { JobPlaces } from '../port';
import { MAX_EXPRESSION } from './expression-tree';
import { inputsUsedIn } from './expressions';
import { conditionsBefore, type EnvironmentJob, environmentJobs, mapping, readWorkflow, scalar } from './workflow-file';
import { INPUT_TYPES } from './workflow-inputs';

/** Jobs of one workflow that are followed, and characters of what they say. */
const MAX_JOBS = 100;
const MAX_CHARACTERS = 20_000;
/** Longer names there are none of. */
const MAX_NAME = 256;
/** A longer default says nothing; nobody who fills a form in can make it so long. */
export const MAX_DEFAULT = 1_000;

/** Of a condition that nobody reads, and so nobody knows. */
const TOO_LONG = 'vars.not_read';

type PlacedJob = JobPlaces['jobs'][number];

/** The jobs of a file that run in an environment, and what that may be worked out from; null where it has none. */
export function jobPlaces(text: string, path: string): JobPlaces | null {
  const jobs: PlacedJob[] = [];
  let left = MAX_CHARACTERS;
  const declared = Object.entries(mapping(readWorkflow(text, path).dispatch?.inputs) ?? {});
  for (const job of followed(text, path, new Set(declared.map(([name]) => name.toLowerCase())))) {
    jobs.push(job);
    left -= [job.environment, job.condition, ...(job.after ?? [])].join('').length;
    if (left < 0 || jobs.length === MAX_JOBS) break;
  }
  if (jobs.length === 0) return null;
  const inputs = declared.map(([name, written]) => {
    const { type, default: value } = mapping(written) ?? {};
    const known = scalar(value)?.slice(0, MAX_DEFAULT + 1) ?? null;
    return { name, type: INPUT_TYPES.find((each) => each === type) ?? 'string', default: known };
  });
  return { path: path.slice(0, MAX_NAME), jobs, inputs };
}

/** Those that say it by an expression first: however many others there are, these are looked at. */
function* followed(text: string, path: string, declared: ReadonlySet<string>): Generator<PlacedJob> {
  const all = environmentJobs(text, path).filter(({ environment }) => environment.length <= MAX_EXPRESSION);
  const isWorkedOut = ({ environment }: EnvironmentJob) => environment.includes('${{');
  for (const { name, environment, condition } of all.filter(isWorkedOut)) {
    const read = condition.length > MAX_EXPRESSION ? TOO_LONG : condition;
    // One that takes no input may come to the same always, so what keeps it from running counts.
    const isOpen = [...inputsUsedIn(environment)].some((each) => declared.has(each.toLowerCase()));
    const after = isOpen ? [] : (conditionsBefore(text, path, name, MAX_EXPRESSION) ?? [TOO_LONG]);
    yield { name: name.slice(0, MAX_NAME), environment, condition: read, ...(after.length > 0 && { after }) };
  }
  const seen = new Set<string>();
  for (const job of all.filter((each) => !isWorkedOut(each))) {
    const plain = plainly(text, path, job);
    const key = plain && JSON.stringify([plain.environment, plain.condition, plain.after]);
    if (!plain || !key || seen.has(key)) continue;
    seen.add(key);
    yield plain;
  }
}

/** One that names its environment; null where it is not known whether it runs, because that is too long to read. */
function plainly(text: string, path: string, { name, environment, condition }: EnvironmentJob): PlacedJob | null {
  const after = conditionsBefore(text, path, name, MAX_EXPRESSION - condition.length);
  if (after === null) return null;
  const named = { name: name.slice(0, MAX_NAME), environment: environment.trim().slice(0, MAX_NAME), condition };
  return { ...named, after: [...new Set(after)] };
}
