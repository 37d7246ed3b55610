import type {
  AllowedRefs,
  EnvironmentReading,
  EnvironmentRules,
  EnvironmentUse,
  ProviderContext,
  Reviewer,
} from '../port';
import { read } from './client';
import { oneValue } from './expressions';
import { inParallel } from './in-parallel';
import {
  branchPoliciesSchema,
  customRulesSchema,
  environmentPageSchema,
  environmentSchema,
  type RawEnvironment,
  type RawReviewers,
} from './schema-environments';
import { shownEnvironments } from './shown-environments';
import type { Place } from './target';
import { environmentsOf } from './workflow-file';
import { entriesOf } from './workflow-inputs';
import { fileAt } from './workflows';

const MAX_PATTERNS = 100;

/**
 * The rules of the repository's environments and which of them the target's workflow names at `ref`.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
 */
export async function readEnvironments(c: ProviderContext, place: Place, ref: string): Promise<EnvironmentReading> {
  const [{ rows, notice }, uses] = await Promise.all([
    shownEnvironments(c, place, environmentPageSchema, (page) => page.environments ?? []),
    usesAt(c, place, ref),
  ]);
  if (rows === null) return { notice, environments: [], uses };
  const environments = await inParallel(rows, 4, (row) => rulesOf(c, place, row));
  return { notice: null, environments, uses };
}

/**
 * Of one environment by itself: neither the file, which goes with its branch, nor any other environment is read for it.
 * Source: https://docs.github.com/en/rest/deployments/environments#get-an-environment
 */
export async function preventsSelfReview(c: ProviderContext, place: Place, name: string): Promise<boolean> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/environments/{environment_name}',
      params: { owner: place.owner, repo: place.repo, environment_name: name },
      about: { what: 'environment', subject: name },
    },
    environmentSchema,
  );
  return ruleOf(answer.data, 'required_reviewers')?.prevent_self_review === true;
}

async function rulesOf(c: ProviderContext, place: Place, row: RawEnvironment): Promise<EnvironmentRules> {
  const asked = ruleOf(row, 'required_reviewers');
  const [refs, apps] = await Promise.all([refsOf(c, place, row), appsOf(c, place, row)]);
  return {
    name: row.name,
    url: row.html_url,
    reviewers: reviewersOf(asked?.reviewers ?? []),
    preventSelfReview: asked?.prevent_self_review === true,
    waitMinutes: ruleOf(row, 'wait_timer')?.wait_timer ?? 0,
    refs,
    apps,
    adminsBypass: row.can_admins_bypass ?? null,
  };
}

const ruleOf = ({ protection_rules }: RawEnvironment, type: string) =>
  protection_rules.find((each) => each.type === type);

export function reviewersOf(rows: RawReviewers): Reviewer[] {
  return rows.flatMap(({ type, reviewer }): Reviewer[] => {
    if (type === 'Team') return [{ kind: 'team', name: reviewer?.name ?? reviewer?.slug ?? 'a team' }];
    return reviewer?.login ? [{ kind: 'person', name: reviewer.login }] : [];
  });
}

async function refsOf(c: ProviderContext, place: Place, row: RawEnvironment): Promise<AllowedRefs> {
  const policy = row.deployment_branch_policy;
  if (!policy) return { kind: 'any' };
  if (!policy.custom_branch_policies) return { kind: 'protected' };
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
      params: { owner: place.owner, repo: place.repo, environment_name: row.name, per_page: MAX_PATTERNS },
      about: { what: 'repository', subject: place.repository },
    },
    branchPoliciesSchema,
  );
  const patterns = answer.data.branch_policies.map(({ name, type }) => ({
    name,
    type: type === 'tag' ? ('tag' as const) : ('branch' as const),
  }));
  return { kind: 'patterns', patterns };
}

/** Only asked where a rule is there that GitHub itself does not have. */
async function appsOf(c: ProviderContext, place: Place, row: RawEnvironment): Promise<string[]> {
  const own = ['required_reviewers', 'wait_timer', 'branch_policy'];
  if (row.protection_rules.every((rule) => own.includes(rule.type))) return [];
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules',
      params: { owner: place.owner, repo: place.repo, environment_name: row.name },
      about: { what: 'repository', subject: place.repository },
    },
    customRulesSchema,
  );
  return answer.data.custom_deployment_protection_rules.filter((rule) => rule.enabled).map((rule) => rule.app.slug);
}

async function usesAt(c: ProviderContext, place: Place, ref: string): Promise<EnvironmentUse[]> {
  const { text } = await fileAt(c, place, ref);
  return environmentsOf(text, place.workflow).map((written) => fixedUse(useOf(written), place));
}

/** A name, an input with or without another value behind it, or something that only the run can say. */
export function useOf(written: string): EnvironmentUse {
  if (!written.includes('${{')) return { kind: 'named', name: written };
  const one = oneValue(written);
  if (one?.store === 'inputs') return { kind: 'input', input: one.name, otherwise: one.otherwise };
  return { kind: 'unclear', text: written.slice(0, 200) };
}

/** What the target's settings fix is known already. */
function fixedUse(use: EnvironmentUse, place: Place): EnvironmentUse {
  const fixed = use.kind === 'input' ? entriesOf(place.inputs ?? {}, use.input)[0] : undefined;
  return fixed === undefined || fixed === '' ? use : { kind: 'named', name: String(fixed) };
}
