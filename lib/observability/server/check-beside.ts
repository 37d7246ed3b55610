import 'server-only';
import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import { capability, ProviderError } from '@/lib/providers/port';
import { fillIn, type HealthSettings } from '../model/health-settings';
import type { SignalCheck } from '../model/verdict-view';
import type { Managed } from './check-health';
import { readBeside } from './read-beside';

/** A commit that is nobody’s: nothing is written for it, it is only looked for. */
const NO_COMMIT = '0'.repeat(40);

function refuse(path: string, sentence: string): never {
  throw new ServiceError('invalid', 'bad_scope', sentence, { [`health.${path}`]: sentence });
}

async function manifestOf({ db }: ServiceContext, connectionId: string) {
  const row = await db.query.connections.findFirst({ where: eq(connections.id, connectionId) });
  const manifest = row && Object.hasOwn(catalog, row.providerId) ? catalog[row.providerId] : undefined;
  return { name: row?.name ?? null, capabilities: manifest?.capabilities };
}

/** Throws `invalid` where a connection has neither alerts nor issues, or takes no notes. */
export async function requireBeside(ctx: ServiceContext, { alerts, notes }: HealthSettings): Promise<void> {
  for (const [at, { connectionId }] of alerts.entries()) {
    const { name, capabilities } = await manifestOf(ctx, connectionId);
    if (capabilities?.health?.alerts || capabilities?.health?.issues) continue;
    refuse(
      `alerts.${at}.connectionId`,
      name ? `“${name}” has neither alerts nor issues.` : 'There is no such connection.',
    );
  }
  for (const [at, { connectionId }] of notes.entries()) {
    const { name, capabilities } = await manifestOf(ctx, connectionId);
    if (capabilities?.notes) continue;
    refuse(`notes.${at}.connectionId`, name ? `Nothing is written at “${name}”.` : 'There is no such connection.');
  }
}

/** Asks once for the alerts and issues of the last window, and whether notes can be looked for. Throws `invalid` for a bad scope. */
export async function besideOnce(
  ctx: ServiceContext,
  managed: Managed,
  settings: HealthSettings,
): Promise<SignalCheck[]> {
  const place = { component: managed.component.slug, environment: managed.environment.slug };
  const since = ctx.clock.now() - settings.rules.windowMinutes * 60_000;
  const watched = await readBeside(ctx, { targetId: managed.target.id, place, settings }, since);
  for (const [at, { refused, problem }] of watched.entries()) if (refused) refuse(`alerts.${at}.scope`, problem ?? '');
  const beside = watched.map(({ source, problem, alerts, issues, more }): SignalCheck => {
    const count = (state: string) => alerts.filter((each) => each.state === state).length;
    const also = more > 0 ? ` Not shown: ${more}.` : '';
    const sentence = `Alerts that fire now: ${count('firing')}; about to: ${count('pending')}; new issues: ${issues.length}.${also}`;
    return { signal: 'alerts', source, usable: problem === null, value: null, sentence: problem ?? sentence };
  });
  const notes = await Promise.all(settings.notes.map((note, at) => noteOnce(ctx, managed, settings, note, at)));
  return [...beside, ...notes];
}

async function noteOnce(
  ctx: ServiceContext,
  { component, environment }: Managed,
  { values }: HealthSettings,
  { connectionId, scope }: HealthSettings['notes'][number],
  at: number,
): Promise<SignalCheck> {
  const base = { signal: 'notes', source: 'the connection', value: null };
  try {
    const { provider, context } = await ctx.openConnection(connectionId, 'watch');
    const to = provider.manifest.capabilities.notes?.to ?? provider.manifest.label;
    const place = { component: component.slug, environment: environment.slug };
    await capability(provider, 'notes').find(context, {
      ...{
        marker: 'aetherstack-check',
        sha: NO_COMMIT,
        environment: environment.slug,
        title: '',
        text: '',
        link: null,
      },
      ...{ startedAt: ctx.clock.now(), liveAt: ctx.clock.now() },
      scope: fillIn(scope, { ...values, sha: NO_COMMIT }, place),
    });
    const sentence = `${to} lets us look for deployments there; whether it lets us write is seen with the next one.`;
    return { ...base, source: `${provider.manifest.label} at ${new URL(context.origin).host}`, usable: true, sentence };
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rejected') refuse(`notes.${at}.scope`, error.message);
    if (error instanceof ProviderError) return { ...base, usable: false, sentence: error.message };
    if (error instanceof ServiceError) return { ...base, usable: false, sentence: error.sentence };
    throw error;
  }
}
