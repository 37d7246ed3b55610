import { mapping, parse } from './workflow-file';

const HANDS_OVER = /^actions\/deploy-pages@/;

/**
 * Whether whatever this workflow builds is served by Pages: a job hands over, nothing about that step or job is conditional,
 * and every other job is there for it. With a condition, or a job beside it, something may go elsewhere: nothing is said.
 */
export function endsAtPages(text: string, path: string): boolean {
  const jobs = new Map(
    Object.entries(mapping(mapping(parse(text, path))?.jobs) ?? {}).map(([id, job]) => [id, mapping(job)]),
  );
  return [...jobs].some(([id, job]) => handsOver(job) && before(id, jobs).size === jobs.size);
}

type Jobs = Map<string, ReturnType<typeof mapping>>;

function handsOver(job: ReturnType<typeof mapping>): boolean {
  const steps = (Array.isArray(job?.steps) ? job.steps : []).map(mapping);
  const isOver = (step: (typeof steps)[number]) => typeof step?.uses === 'string' && HANDS_OVER.test(step.uses);
  return job?.if === undefined && steps.some((step) => isOver(step) && step?.if === undefined);
}

/** A job and all that it needs. */
function before(id: string, jobs: Jobs, seen = new Set<string>()): Set<string> {
  if (seen.has(id) || !jobs.has(id)) return seen;
  seen.add(id);
  for (const each of [jobs.get(id)?.needs ?? []].flat()) if (typeof each === 'string') before(each, jobs, seen);
  return seen;
}
