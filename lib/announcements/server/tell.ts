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
import {
  type Channel,
  contextName,
  describe,
  environmentName,
  isLast,
  isLasting,
  isShut,
  markSkipFor,
  mayFollow,
  skipFor,
  stateFor,
  UNREAD_NOTE,
  unreadNote,
} from '../model/tell';
import { type AnnouncementRow, release, stillMine, write } from './claims';
import { hasNewerMark, sayNewerAgain } from './newest-mark';

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
  const ask = { methods, context, to: traits.to };
  const recorded = await sayAtRecord({ ctx, row, about }, ask, wanted);
  const now = commit ? await sayAtCommit({ ctx, row: recorded, about }, ask, wanted) : recorded;
  await settle({ ctx, row: now, about }, wanted, commit);
}

/** A record that was made and not spoken of yet is queued, as the provider shows it. */
const recordOf = ({ said, code, remoteId }: AnnouncementRow): Channel => ({
  said: said ?? (remoteId === null ? null : 'queued'),
  code,
});
const markOf = ({ marked, markCode }: AnnouncementRow): Channel => ({ said: marked, code: markCode });

async function settle({ ctx, row, about }: Told, wanted: AnnouncedState, commit: boolean): Promise<void> {
  const over = isLast(wanted) || (isShut(recordOf(row)) && (!commit || isShut(markOf(row))));
  const refused = [row.code, row.markCode].includes('missing_permission');
  const end = row.said !== null || row.marked !== null ? 'done' : refused ? 'refused' : 'left';
  const news = isLasting(row.code) ? {} : { code: null, sentence: null };
  const saidVersion = about.deployment.version;
  await release(ctx.db, row, { saidVersion, state: over ? end : 'open', tries: 0, ...news }, null);
}

async function leave(ctx: ServiceContext, row: AnnouncementRow, code: string, sentence: string): Promise<void> {
  await release(ctx.db, row, { state: row.said === null ? 'left' : 'done', code, sentence }, null);
}

/** A missing right as what it says, for it is one way's trouble and no other's. Throws any other trouble. */
function lacks(error: unknown): { code: string; sentence: string } {
  if (!(error instanceof ProviderError) || error.code !== 'missing_permission') throw error;
  return { code: error.code, sentence: error.message.slice(0, 500) };
}

interface Ask {
  methods: Methods;
  context: ProviderContext;
  /** How the provider is called. */
  to: string;
}

async function sayAtRecord(told: Told, ask: Ask, wanted: AnnouncedState): Promise<AnnouncementRow> {
  const { ctx, row } = told;
  if (isShut(recordOf(row)) || !mayFollow(row.said, wanted)) return row;
  // What was called off before anybody was told stays untold.
  if (row.remoteId === null && row.askedAt === null && wanted === 'inactive') return row;
  try {
    const found = await recordFor(told, ask);
    if ('skipped' in found) return found.skipped;
    const kept = found.row.code === UNREAD_NOTE ? {} : { code: null, sentence: null };
    await stillMine(ctx, row);
    await ask.methods.say(ask.context, told.about.deployment.config, found.record, saidOf(told.about, wanted));
    await write(ctx.db, row, { said: wanted, saidAt: sql`now()` as never, ...kept });
    return { ...found.row, ...kept, said: wanted };
  } catch (error) {
    const trouble = lacks(error);
    await write(ctx.db, row, trouble);
    return { ...row, ...trouble };
  }
}

type Found = { record: RecordRef; row: AnnouncementRow } | { skipped: AnnouncementRow };

/** The record that is there, or a new one. It is always looked for first: a restored database knows nothing of it either. */
async function recordFor({ ctx, row, about }: Told, { methods, context, to }: Ask): Promise<Found> {
  if (row.remoteId !== null) return { record: { id: row.remoteId, url: row.remoteUrl ?? '' }, row };
  const { config, sha, ref: name, refKind } = about.deployment;
  const ref = `refs/${refKind === 'branch' ? 'heads' : 'tags'}/${name}`;
  const wanted = wantedOf(about);
  const there = await methods.find(context, config, wanted);
  let note = {};
  if (there === null) {
    const obstacles = await methods.obstacles(context, config, { sha, ref });
    const skip = skipFor(obstacles, to);
    if (skip) {
      await write(ctx.db, row, skip);
      return { skipped: { ...row, ...skip } };
    }
    note = unreadNote(obstacles) ?? {};
    await stillMine(ctx, row, 'record');
  }
  const record = there ?? (await methods.create(context, config, wanted));
  const kept = { remoteId: record.id, remoteUrl: record.url, ...note };
  await write(ctx.db, row, kept);
  return { record, row: { ...row, ...kept } };
}

async function sayAtCommit(told: Told, ask: Ask, wanted: AnnouncedState): Promise<AnnouncementRow> {
  const { ctx, row, about } = told;
  const { config, sha, status } = about.deployment;
  if (isShut(markOf(row)) || !mayFollow(row.marked, wanted) || (row.marked === null && wanted === 'inactive'))
    return row;
  // At a commit there is no word for "replaced": what was put there stays said.
  if (status === 'succeeded' && wanted === 'inactive') return row;
  if (await hasNewerMark(ctx, about)) return row;
  try {
    const skip = row.marked === null ? markSkipFor(await ask.methods.markObstacles(ask.context, config), ask.to) : null;
    if (skip) return await keepMark(told, { markCode: skip.code, markSentence: skip.sentence });
    await stillMine(ctx, row);
    await ask.methods.mark(ask.context, config, sha, contextName(placeOf(about)), saidOf(about, wanted));
  } catch (error) {
    const { code, sentence } = lacks(error);
    return keepMark(told, { markCode: code, markSentence: sentence });
  }
  const marked = { marked: wanted, saidAt: sql`now()` as never, markCode: null, markSentence: null };
  await write(ctx.db, row, marked);
  await sayNewerAgain(ctx, about);
  return { ...row, ...marked, saidAt: row.saidAt };
}

type MarkTrouble = Pick<AnnouncementRow, 'markCode' | 'markSentence'>;

async function keepMark({ ctx, row }: Told, trouble: MarkTrouble): Promise<AnnouncementRow> {
  await write(ctx.db, row, trouble);
  return { ...row, ...trouble };
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
