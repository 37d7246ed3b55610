import { eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, deployments, environments, targets } from '@/lib/db/schema';
import { publicUrl } from '@/lib/notifications/server/public-url';
import {
  type AnnouncedState,
  type CapabilityMap,
  type ProviderContext,
  ProviderError,
  type RecordRef,
  type Said,
  type WantedRecord,
} from '@/lib/providers/port';
import { contextName, describe, environmentName, isLast, isSkipped, mayFollow, skipFor, stateFor } from '../model/tell';
import { type AnnouncementRow, release, stillMine, write } from './claims';

type Methods = CapabilityMap['announcements']['methods'];

interface Told {
  ctx: ServiceContext;
  row: AnnouncementRow;
  about: About;
}

type About = NonNullable<Awaited<ReturnType<typeof load>>>;

/** Everything that is said, read after the claim: what is told is how it is now, not how it was when it was due. */
async function load(ctx: ServiceContext, deploymentId: string) {
  const [found] = await ctx.db
    .select({ deployment: deployments, target: targets, component: components, environment: environments })
    .from(deployments)
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(deployments.id, deploymentId));
  return found ?? null;
}

/** Brings what the provider shows of one deployment up to now. Throws what the provider threw, and `ClaimLost`. */
export async function tell(ctx: ServiceContext, row: AnnouncementRow): Promise<void> {
  const about = await load(ctx, row.deploymentId);
  if (!about) return void (await release(ctx.db, row, { state: 'left' }, null));
  const { deployment, target } = about;
  const wanted = stateFor(deployment.status, target.currentDeploymentId === deployment.id);
  const saidVersion = deployment.version;
  if (wanted === null) return void (await release(ctx.db, row, { saidVersion, tries: 0 }, null));
  if (target.tell === 'nothing') return leave(ctx, row, 'off', 'It was switched off for this target.');
  const { provider, context } = await ctx.openConnection(deployment.connectionId, 'announce');
  const methods = provider.methods.announcements;
  const traits = provider.manifest.capabilities.announcements;
  if (!methods || !traits)
    return leave(ctx, row, 'unsupported', `${provider.manifest.label} shows no deployments of others.`);
  const commit = target.tell === 'record_and_commit' && traits.commitStatus;
  const atRecord = await orRefused(row, () =>
    sayAtRecord({ ctx, row, about }, { methods, context, to: traits.to }, wanted),
  );
  const now = { ctx, row: atRecord.row, about };
  if (atRecord.refused && !commit) throw atRecord.refused;
  const isDue = commit && mayFollow(now.row.marked, wanted) && !(now.row.marked === null && wanted === 'inactive');
  const atCommit = await orRefused(now.row, async () => {
    if (isDue) await sayAtCommit(now, { methods, context }, wanted);
    return now.row;
  });
  if (atCommit.refused && (atRecord.refused || isSkipped(now.row.code))) throw atCommit.refused;
  await settle(now, wanted, commit, atRecord.refused ?? atCommit.refused);
}

type Outcome = { row: AnnouncementRow; refused: ProviderError | null };

/** A right that is missing for one of the two is said, and does not silence the other. Throws any other trouble. */
async function orRefused(row: AnnouncementRow, work: () => Promise<AnnouncementRow>): Promise<Outcome> {
  try {
    return { row: await work(), refused: null };
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'missing_permission') return { row, refused: error };
    throw error;
  }
}

async function settle(told: Told, wanted: AnnouncedState, commit: boolean, refused: ProviderError | null) {
  const { ctx, row, about } = told;
  const over = isLast(wanted) || (isSkipped(row.code) && !commit);
  const said = row.said !== null || (commit && row.marked !== null);
  const news = { code: refused?.code ?? null, sentence: refused?.message.slice(0, 500) ?? null };
  const trouble = isSkipped(row.code) ? {} : news;
  const state = over ? (said ? 'done' : 'left') : 'open';
  await release(ctx.db, row, { saidVersion: about.deployment.version, state, tries: 0, ...trouble }, null);
}

async function leave(ctx: ServiceContext, row: AnnouncementRow, code: string, sentence: string): Promise<void> {
  await release(ctx.db, row, { state: row.said === null ? 'left' : 'done', code, sentence }, null);
}

interface Ask {
  methods: Methods;
  context: ProviderContext;
}

async function sayAtRecord(told: Told, ask: Ask & { to: string }, wanted: AnnouncedState): Promise<AnnouncementRow> {
  const { ctx, row, about } = told;
  if (isSkipped(row.code) || !mayFollow(row.said, wanted)) return row;
  // What was called off before anybody was told stays untold.
  if (row.remoteId === null && row.askedAt === null && wanted === 'inactive') return row;
  const found = await recordFor(told, ask);
  if ('skipped' in found) return found.skipped;
  const { record, row: kept } = found;
  await stillMine(ctx, row);
  await ask.methods.say(ask.context, about.deployment.config, record, saidOf(about, wanted));
  await write(ctx.db, row, { said: wanted, saidAt: sql`now()` as never });
  return { ...kept, said: wanted };
}

type Found = { record: RecordRef; row: AnnouncementRow } | { skipped: AnnouncementRow };

/** The record that is there, or a new one. It is always looked for first: a restored database knows nothing of it either. */
async function recordFor({ ctx, row, about }: Told, { methods, context, to }: Ask & { to: string }): Promise<Found> {
  if (row.remoteId !== null) return { record: { id: row.remoteId, url: row.remoteUrl ?? '' }, row };
  const { config, sha, ref: name, refKind } = about.deployment;
  const ref = `refs/${refKind === 'branch' ? 'heads' : 'tags'}/${name}`;
  const wanted = wantedOf(about);
  const there = await methods.find(context, config, wanted);
  if (there === null) {
    const skip = skipFor(await methods.obstacles(context, config, { sha, ref }), to);
    if (skip) {
      await write(ctx.db, row, skip);
      return { skipped: { ...row, ...skip } };
    }
    await stillMine(ctx, row, 'record');
  }
  const record = there ?? (await methods.create(context, config, wanted));
  const kept = { remoteId: record.id, remoteUrl: record.url };
  await write(ctx.db, row, kept);
  return { record, row: { ...row, ...kept } };
}

async function sayAtCommit({ ctx, row, about }: Told, { methods, context }: Ask, wanted: AnnouncedState) {
  // At a commit there is no word for "replaced": what was put there stays said.
  if (about.deployment.status === 'succeeded' && wanted === 'inactive') return;
  const { config, sha } = about.deployment;
  await stillMine(ctx, row);
  await methods.mark(context, config, sha, contextName(placeOf(about)), saidOf(about, wanted));
  row.marked = wanted;
  await write(ctx.db, row, { marked: wanted, saidAt: sql`now()` as never });
}

const placeOf = ({ environment, component, target }: About) => ({
  environment: environment.slug,
  component: component.slug,
  label: target.label,
});

function wantedOf(about: About): WantedRecord {
  const { deployment, environment, component } = about;
  return {
    marker: deployment.id,
    sha: deployment.sha,
    environment: environmentName(placeOf(about)),
    isProduction: environment.isProduction,
    title: `#${deployment.number}`,
    description: `#${deployment.number}: ${component.name} to ${environment.name}`,
  };
}

/** An address that only this machine can open helps nobody at the provider. */
const isLoopback = (url: string) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);

function saidOf({ deployment }: About, state: AnnouncedState): Said {
  const page = publicUrl(`/deployments/${deployment.id}`);
  const isLink = (url: string | null) => url !== null && /^https?:\/\//.test(url);
  return {
    state,
    description: describe(deployment.number, deployment.status, state),
    link: isLink(page) && !isLoopback(page) ? page : null,
    log: isLink(deployment.remoteUrl) ? deployment.remoteUrl : null,
  };
}
