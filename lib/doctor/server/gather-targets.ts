import { sql } from 'drizzle-orm';
import type { Telling } from '@/lib/announcements/model/telling';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { readPolicyOf } from '@/lib/gates/model/policy';
import { PLAN_LIMIT } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { withLabel } from '@/lib/targets/model/label';
import type { TargetFacts } from '../model/facts';

/** Two rounds of looking at the settings; after that, silence about what is missing proves nothing. */
const SETTINGS_HOURS = 12;
/** One look that fails is an accident. */
const UNSEEN_AFTER = 3;

interface Line extends Record<string, unknown> {
  id: string;
  connection_id: string;
  provider_id: string;
  label: string;
  component: string;
  environment: string;
  slug: string;
  policy: unknown;
  config: Record<string, unknown>;
  number: number | null;
  refusal: string | null;
  failure_code: string | null;
  sent_ms: number | null;
  trouble: string | null;
  troubles: number | null;
  tell: Telling;
  kind: string;
  untold: string | null;
  missing: { kind: string; name: string; shared?: true; because?: string; plan?: string }[] | null;
  read_ms: number | null;
  problem: string | null;
  overdue: boolean;
}

export type TargetsOf = Map<string, { seen: TargetFacts[]; lastSentAt: string | null }>;

/** Every target with its newest deployment and what the last looks at it met, by connection. */
export async function targetsByConnection(ctx: ServiceContext): Promise<TargetsOf> {
  const { rows } = await ctx.db.execute<Line>(sql`
    select t.id, t.connection_id, c.provider_id, t.label, m.name as component, e.name as environment, e.slug, e.policy, t.config,
      t.tell, m.kind, a.untold, r.problem,
      -- Nobody can have looked before there was a credential to look with; one that takes another's place changes nothing.
      greatest(coalesce(r.read_at, t.created_at), c.credential_since) < now() - make_interval(hours => ${SETTINGS_HOURS}) as overdue,
      case when r.read_at is not null then r.missing end as missing, (extract(epoch from r.read_at) * 1000)::float8 as read_ms,
      d.number::int as number, s.trouble_sentence as trouble, s.trouble_count as troubles,
      -- What a person gave up was no refusal; what has a run at the provider did begin.
      case when d.status = 'errored' and d.remote_id is null and d.failure_code is distinct from 'given_up'
        then coalesce(d.failure_sentence, 'no reason was kept.') end as refusal, d.failure_code,
      (extract(epoch from d.submitted_at) * 1000)::float8 as sent_ms
    from targets t
    join connections c on c.id = t.connection_id
    join components m on m.id = t.component_id
    join environments e on e.id = t.environment_id
    left join configuration_readings r on r.target_id = t.id
    left join lateral (
      select case when a.code = 'missing_permission' then a.sentence when a.mark_code = 'missing_permission' then a.mark_sentence end as untold
      from announcements a join deployments n on n.id = a.deployment_id
      where a.target_id = t.id order by n.number desc limit 1
    ) a on true
    left join sightings s on s.target_id = t.id
    left join lateral (
      select number, status, remote_id, failure_code, failure_sentence, submitted_at
      from deployments where target_id = t.id and connection_id = t.connection_id order by number desc limit 1
    ) d on true
    order by m.position, e.position, t.label limit 2000`);
  const all: TargetsOf = new Map();
  for (const [id, lines] of Map.groupBy(rows, (row) => row.connection_id)) {
    const sent = Math.max(...lines.map((line) => line.sent_ms ?? 0));
    const seen = lines.filter((line) => isPermitted(ctx.actor, 'deployment.read', line.slug)).map(factsOf);
    all.set(id, { seen, lastSentAt: sent > 0 ? new Date(sent).toISOString() : null });
  }
  return all;
}

function factsOf(line: Line): TargetFacts {
  const { id, component, environment, label, number, refusal } = line;
  return {
    id,
    name: `${component} in ${withLabel(environment, label)}`,
    // A policy that cannot be read lets nothing through at all, and says so where it is set.
    asksChecks: (readPolicyOf(line.policy)?.checks ?? 'ignore') !== 'ignore',
    settingsProblem: settingsProblem(line),
    refused: number !== null && refusal !== null ? { number, sentence: refusal, byPlan: isByPlan(line) } : null,
    unseen: (line.troubles ?? 0) >= UNSEEN_AFTER ? line.trouble : null,
    telling: can(line.provider_id, 'announcements') ? line.tell : 'nothing',
    untold: line.untold,
    isSite: line.kind === 'docs',
    missing: foundIn(line, false),
    shared: foundIn(line, true),
    planLacks: line.missing?.find(({ plan }) => plan !== undefined)?.plan ?? null,
    unread: unreadOf(line),
  };
}

const isByPlan = ({ failure_code }: Line) => failure_code === PLAN_LIMIT;

function foundIn({ missing, read_ms, slug }: Line, shared: boolean): TargetFacts['missing'] {
  if (missing === null || read_ms === null) return null;
  const found = missing.filter((each) => each.plan === undefined && (each.shared ?? false) === shared);
  const names = found.map(({ kind, name }) => `the ${kind} ${name}`);
  const because = found.flatMap((each) => each.because ?? []);
  return { environment: slug, names, because, readAt: new Date(read_ms).toISOString() };
}

function unreadOf({ provider_id, slug, problem, overdue, read_ms }: Line): TargetFacts['unread'] {
  if (!can(provider_id, 'configuration') || (problem === null && !overdue)) return null;
  return { environment: slug, sentence: problem, readAt: read_ms === null ? null : new Date(read_ms).toISOString() };
}

function can(id: string, capability: 'announcements' | 'configuration'): boolean {
  return Object.hasOwn(providers, id) && providers[id]?.manifest.capabilities[capability] !== undefined;
}

/** By the provider's own schema, which may be newer than what is stored. */
function settingsProblem({ provider_id, config }: Line): string | null {
  const schema = Object.hasOwn(providers, provider_id) ? providers[provider_id]?.manifest.targetConfig : undefined;
  const issue = schema?.safeParse(config).error?.issues[0];
  if (!issue) return null;
  const field = issue.path.map(String).join('.');
  // Where the schema has no words of its own, the library's say nothing to a person.
  if (issue.message.startsWith('Invalid input')) return `“${field || 'the whole'}” has to be entered again.`;
  return field ? `${field}: ${issue.message}` : issue.message;
}
