import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { asRefusal, readManifest, tryOpen } from '@/lib/deployments/server/read-provider';
import { type LoadedTarget, loadTarget } from '@/lib/deployments/server/read-scope';
import type { VitalsView } from '../model/vitals';

/** Figures of a week do not change within it; the host is asked so often at most, however many look. */
export const VITALS_MS = 30 * 60_000;
/** What was refused is asked again sooner: somebody may have mended it. */
export const REFUSED_MS = 5 * 60_000;
const MOST_KEPT = 500;

interface Kept {
  until: number;
  view: Promise<VitalsView>;
}

/** By database, so that each console has its own. */
const kept = new WeakMap<object, Map<string, Kept>>();

/**
 * Web Vitals of a target by its host; null where its provider measures none. What the host refuses is part of the answer.
 * What one gets to see does not depend on who asked first; whether one may see the target is decided before.
 */
export async function readVitals(ctx: ServiceContext, input: { targetId: string }): Promise<VitalsView | null> {
  const loaded = await loadTarget(ctx, input.targetId);
  const { connection, target } = loaded;
  const manifest = await readManifest(ctx, { providerId: connection.providerId, connectionId: connection.id });
  const traits = manifest?.capabilities.vitals;
  if (!manifest || !traits) return null;
  const all = kept.get(ctx.db) ?? new Map<string, Kept>();
  kept.set(ctx.db, all);
  const now = ctx.clock.now();
  // The same settings at the same connection are the same question, whichever target asks it; a new credential asks anew.
  const key = `${connection.id} ${connection.version} ${JSON.stringify(target.config)}`;
  const known = all.get(key);
  if (known && known.until > now) return known.view;
  for (const [old, { until }] of all) if (until <= now || all.size >= MOST_KEPT) all.delete(old);
  const view = ask(ctx, loaded, { provider: manifest.label, ...traits, readAt: new Date(now).toISOString() });
  const entry: Kept = { until: now + VITALS_MS, view };
  all.set(key, entry);
  view.then(
    ({ problem }) => {
      if (problem) entry.until = now + REFUSED_MS;
    },
    () => all.delete(key),
  );
  return view;
}

async function ask(
  ctx: ServiceContext,
  { connection, target }: LoadedTarget,
  about: Pick<VitalsView, 'provider' | 'by' | 'days' | 'readAt'>,
): Promise<VitalsView> {
  const opened = await tryOpen(ctx, connection.id, 'look');
  if (!opened.ok) return { ...about, figures: null, problem: opened.refusal };
  try {
    const { provider, context } = opened.open;
    const figures = (await provider.methods.vitals?.read(context, target.config)) ?? null;
    return { ...about, figures, problem: null };
  } catch (error) {
    return { ...about, figures: null, problem: asRefusal(error) };
  }
}
