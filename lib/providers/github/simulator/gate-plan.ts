import type { PlanRequest } from './plan';
import type { EnvironmentState, Gate } from './types';
import { type DeclaredJob, interpolate } from './workflow-file';

/** A job that nobody lets in is failed by GitHub after so long. */
export const UNANSWERED_MS = 30 * 86_400_000;
const TURNED_AWAY_MS = 300;

/** The environment of a job with rules, and what they come to for this attempt; null where nothing is asked. */
export function gateBefore(request: PlanRequest, declared: DeclaredJob, since: number): Gate | null {
  const name = declared.environment === null ? '' : interpolate(declared.environment, request.scope);
  const environment = request.environments.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const rules = environment?.rules;
  if (!environment || !rules) return null;
  const { pace, answers, scope, defaultBranch, refType } = request;
  const at = (until: number, opens: boolean): Gate => ({ environment, since, until, opens });
  const ref = { name: scope.github.ref_name ?? '', type: refType };
  if (!letsIn(environment, ref, defaultBranch)) return at(since + TURNED_AWAY_MS * pace, false);
  const timer = since + rules.waitTimer * 60_000 * pace;
  if (rules.reviewers.length === 0) return rules.waitTimer > 0 ? at(timer, true) : null;
  const answer = answers.find((one) => one.environment === environment.name);
  if (!answer) return at(since + UNANSWERED_MS, false);
  return answer.state === 'approved'
    ? at(Math.max(answer.at, timer), true)
    : at(answer.at + TURNED_AWAY_MS * pace, false);
}

/** Branch and tag policies; a pattern is Ruby's fnmatch, where `*` stops at a slash. */
function letsIn(
  { rules }: EnvironmentState,
  ref: { name: string; type: 'branch' | 'tag' },
  defaultBranch: string,
): boolean {
  const allowed = rules?.branches ?? null;
  if (allowed === null) return true;
  if (allowed === 'protected') return ref.type === 'branch' && ref.name === defaultBranch;
  return allowed.some((one) => one.type === ref.type && pattern(one.name).test(ref.name));
}

function pattern(text: string): RegExp {
  const source = text.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+|\?/g, (found) => {
    if (found === '?') return '[^/]';
    return found.length > 1 ? '.*' : '[^/]*';
  });
  return new RegExp(`^${source}$`);
}
