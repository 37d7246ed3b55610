import type { Commit } from '@/lib/providers/port';
import { seedComponents } from './estate';
import { seedFailures, seedJobs } from './runs';

export type SeedCommit = Pick<Commit, 'sha' | 'message' | 'author' | 'authoredAt'>;

/** One deployment of the past. Times are epoch milliseconds. */
export interface PastDeployment {
  component: string;
  environment: string;
  commit: SeedCommit;
  person: string;
  at: number;
  outcome: 'succeeded' | 'failed' | 'cancelled';
  /** Where it ended early. */
  endedIn: string | null;
  /** Multiplies every duration of the run. */
  pace: number;
}

const HOUR = 3600_000;
const WINDOW = 22 * 24 * HOUR;

/** Numbers in 0…1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Three weeks of releases: each commit goes to staging soon after it was written, most go on to production, a few fail
 * and are mended, and the newest commits wait to be deployed. Oldest first.
 */
export function planPast(commits: readonly SeedCommit[], now: number): PastDeployment[] {
  const random = seededRandom(20_261);
  const ordered = [...commits].sort((a, b) => Date.parse(a.authoredAt) - Date.parse(b.authoredAt));
  const people = peopleOf(ordered);
  const past = seedComponents.flatMap((component) => {
    const own = commitsOf(ordered, component.slug);
    return Object.keys(component.targets).flatMap((environment) =>
      planTarget({ component: component.slug, environment, commits: own, people, now, random }),
    );
  });
  return past.filter((each) => each.at < now - 10 * 60_000).sort((a, b) => a.at - b.at);
}

/** At most four of those who commit also release. */
function peopleOf(commits: readonly SeedCommit[]): string[] {
  const people = [...new Set(commits.map((commit) => commit.author))].filter((name) => !name.endsWith('[bot]'));
  return people.length > 0 ? people.slice(0, 4) : ['Mara Lindqvist'];
}

/** A commit is a component's when its message begins with the name, or with no area at all. */
function commitsOf(commits: readonly SeedCommit[], slug: string): SeedCommit[] {
  const area = (message: string) => /^([a-z]+):/.exec(message)?.[1] ?? slug;
  const own = commits.filter((commit) => area(commit.message) === slug);
  return own.length >= 4 ? own : [...commits];
}

interface TargetPlan {
  component: string;
  environment: string;
  commits: SeedCommit[];
  people: string[];
  now: number;
  random: () => number;
}

/** How long after the commit it is deployed, how many commits are skipped, and how many of the newest still wait. */
const HABIT: Record<string, { afterHours: [number, number]; skip: number; waiting: number }> = {
  production: { afterHours: [6, 30], skip: 0.2, waiting: 2 },
  staging: { afterHours: [0.2, 4], skip: 0.1, waiting: 1 },
  preview: { afterHours: [0.1, 1], skip: 0, waiting: 0 },
};

function planTarget(plan: TargetPlan): PastDeployment[] {
  const { random } = plan;
  const habit = HABIT[plan.environment] ?? { afterHours: [1, 4], skip: 0, waiting: 1 };
  const due = plan.commits.slice(0, plan.commits.length - habit.waiting);
  const past: PastDeployment[] = [];
  for (const [index, commit] of due.entries()) {
    const last = index === due.length - 1;
    if (!last && random() < habit.skip) continue;
    const [from, to] = habit.afterHours;
    const at = workingHours(Date.parse(commit.authoredAt) + (from + random() * (to - from)) * HOUR);
    if (at < plan.now - WINDOW) continue;
    past.push(...tries(plan, commit, at, last));
  }
  // A straggler must not put an older commit over a newer one.
  return past
    .sort((a, b) => a.at - b.at)
    .filter((each, index, all) => !all.slice(0, index).some((earlier) => newer(earlier, each)));
}

const newer = (a: PastDeployment, b: PastDeployment) =>
  Date.parse(a.commit.authoredAt) > Date.parse(b.commit.authoredAt);

/** A failure or a cancelled run is followed by a success: somebody mended it and tried again. */
function tries(plan: TargetPlan, commit: SeedCommit, at: number, last: boolean): PastDeployment[] {
  const { random } = plan;
  const person = pick(plan.people, random);
  const base = { component: plan.component, environment: plan.environment, commit, person };
  const success: PastDeployment = { ...base, at, outcome: 'succeeded', endedIn: null, pace: 0.9 + random() * 0.35 };
  const luck = random();
  if (last || luck > 0.2) return [success];
  const outcome = luck < 0.14 ? 'failed' : 'cancelled';
  const bad: PastDeployment = { ...success, outcome, endedIn: whereItEnds(plan.component, outcome, random) };
  return [bad, { ...success, at: at + (10 + random() * 50) * 60_000, person: pick(plan.people, random) }];
}

function whereItEnds(component: string, outcome: string, random: () => number): string {
  const steps = (seedJobs[component] ?? []).flatMap((job) => job.steps.map(([name]) => name));
  const candidates = outcome === 'failed' ? steps.filter((name) => name in seedFailures) : steps.slice(2);
  return pick(candidates, random);
}

function pick<T>(from: readonly T[], random: () => number): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('Nothing to pick from.');
  return found;
}

/** Moves a moment into 8–18 h UTC: people release by day. */
function workingHours(at: number): number {
  const hour = new Date(at).getUTCHours();
  if (hour < 8) return at + (8 - hour) * HOUR;
  return hour >= 18 ? at + (32 - hour) * HOUR : at;
}
