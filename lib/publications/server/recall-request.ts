import { and, eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { extensionPublications } from '@/lib/db/schema';
import type { LoadedTarget } from '@/lib/deployments/server/rows';
import type { PackageRow } from '@/lib/extensions/server/load-package';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, ProviderError } from '@/lib/providers/port';

export interface Recalled {
  /** `guided`: nothing was changed; `steps` say what a person does there. `asked`: others have to agree first. */
  outcome: 'done' | 'guided' | 'asked';
  steps: string[];
  sentence: string;
}

export interface Asked {
  action: 'extension.recall' | 'extension.unpublish';
  reason: string;
  loaded: LoadedTarget;
  open: OpenConnection;
  row: PackageRow;
  /** `acme.demo 1.4.2`, or `acme.demo, with all its versions,` */
  what: string;
}

/**
 * Sends the one request, written down before it leaves; an answer that got lost is looked up. Throws `ServiceError`
 * `recall_unclear`, and what the place refuses.
 */
export async function carryOut(ctx: ServiceContext, asked: Asked, request: () => Promise<void>): Promise<void> {
  const { label } = asked.open.provider.manifest;
  await note(ctx, asked, `Began to take ${asked.what} away from ${label}: ${asked.reason}`);
  try {
    await request();
  } catch (error) {
    const said = error instanceof ProviderError ? error : null;
    // Gone already, or its answer got lost: what the place shows now decides.
    const isOpen = said !== null && (said.ambiguous || said.kind === 'notFound');
    const is = isOpen ? await shown(asked) : 'there';
    if (is === 'gone') return;
    // Said to be unknown and given to clients all the same: it may be on its way out.
    const isUnclear = said === null || is === 'unclear' || said.ambiguous || said.kind === 'notFound';
    const why = said?.message ?? 'A mistake of ours.';
    const begins = isUnclear ? 'It is not known whether it took' : 'Could not take';
    const code = said?.code ?? 'console_bug';
    await note(ctx, asked, `${begins} ${asked.what} away from ${label}: ${why}`, { outcome: 'failed', code });
    if (said === null || !isUnclear) throw error;
    const again = is === 'unclear' ? 'and cannot be looked up now' : 'and it is still shown there';
    const sentence = `${label} did not say whether it was done (${why}), ${again}. ${ONCE_MORE[asked.action]}`;
    throw new ServiceError('unavailable', 'recall_unclear', sentence);
  }
}

const ONCE_MORE: Record<Asked['action'], string> = {
  'extension.recall': 'Press once more in a moment: doing it twice is safe.',
  'extension.unpublish':
    'The console looks there again in two minutes, and nothing is published or sent beside it until then. If it is still there afterwards, press once more: doing it twice is safe.',
};

/** So long whoever presses waits for what a client gets. Milliseconds. */
const PRESS_MS = 20_000;

/** What a token cannot see (any more) may be there all the same: a client is asked as well. */
async function shown({ open, loaded, row }: Asked): Promise<'gone' | 'there' | 'unclear'> {
  const gallery = capability(open.provider, 'publish');
  try {
    const { state } = await gallery.look(open.context, loaded.target.config, row);
    if (state !== 'absent') return state === 'unlisted' ? 'gone' : 'there';
    const context = { ...open.context, signal: AbortSignal.timeout(PRESS_MS) };
    return (await gallery.asClient(context, loaded.target.config, row)).listed ? 'there' : 'gone';
  } catch (error) {
    if (error instanceof ProviderError) return 'unclear';
    throw error;
  }
}

/** Nothing was changed, and how a person does it. */
export function guided({ manifest }: OpenConnection['provider'], what: string): Recalled {
  const steps = [...(manifest.capabilities.publish?.recall.steps ?? [])];
  const sentence = `${manifest.label} lets nobody take ${what} away from here. A person does it there; nothing was changed.`;
  return { outcome: 'guided', steps, sentence };
}

export function taken({ open, what }: Asked): Recalled {
  const { label } = open.provider.manifest;
  return { outcome: 'done', steps: [], sentence: `${label} does not give ${what} to new installs any more.` };
}

/** Throws `ServiceError` `not_published`. */
export async function requirePublished(
  ctx: ServiceContext,
  { packageId, targetId }: { packageId: string; targetId: string },
): Promise<void> {
  const [found] = await ctx.db
    .select({ state: extensionPublications.state })
    .from(extensionPublications)
    .where(and(eq(extensionPublications.packageId, packageId), eq(extensionPublications.targetId, targetId)));
  if (found && found.state !== 'rejected' && found.state !== 'unlisted') return;
  const sentence =
    'This package is not published there, as far as this console knows, so there is nothing to take away.';
  throw new ServiceError('precondition', 'not_published', sentence);
}

export function note(
  ctx: ServiceContext,
  { action, reason, loaded, row }: Pick<Asked, 'action' | 'reason' | 'loaded' | 'row'>,
  sentence: string,
  trouble?: { outcome: 'failed'; code: string },
  db: Parameters<typeof emitAudit>[0] = ctx.db,
): Promise<void> {
  return emitAudit(db, ctx, {
    action,
    resource: { kind: 'target', id: loaded.target.id },
    environment: loaded.environment.slug,
    ...(trouble ?? { outcome: 'done' as const }),
    sentence,
    data: { packageId: row.id, reason },
  });
}
