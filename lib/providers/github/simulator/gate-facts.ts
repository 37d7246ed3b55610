import type { SimulatorFact } from '@/lib/providers/port';
import type { State } from './state';
import type { EnvironmentRules, ReviewAnswer } from './types';

export const NO_RULES: EnvironmentRules = { reviewers: [], preventSelfReview: false, waitTimer: 0, branches: null };

/** What people set in the environments of a repository, and what reviewers answered. */
export function foldGates(state: State, { kind, data, at }: SimulatorFact): void {
  const repo = state.repos.get(String(data.repo));
  if (!repo) return;
  if (kind === 'environment.set') {
    const name = String(data.name);
    const known = repo.environments.find((one) => one.name === name);
    const made = known ?? { id: 5_100_900 + repo.environments.length, name, createdAt: at };
    const next = { ...made, rules: data.rules as EnvironmentRules };
    repo.environments = known
      ? repo.environments.map((one) => (one === known ? next : one))
      : [...repo.environments, next];
  }
  if (kind !== 'run.reviewed') return;
  const run = state.runs.get(Number(data.run));
  const last = run?.attempts.at(-1);
  if (!run || !last) return;
  const answers = [...last.answers, ...(data.answers as ReviewAnswer[])];
  state.replace(run, { ...last.replan(answers), version: last.version + 1, replannedAt: at });
}
