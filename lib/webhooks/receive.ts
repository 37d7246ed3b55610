import { createHash } from 'node:crypto';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { MAX_TRIES, UNREADABLE } from '@/lib/connections/model/delivery';
import { type WebhookSecrets, webhookSecrets } from '@/lib/connections/server';
import { inbox } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { perMinute, takeToken } from '@/lib/pipeline/rate-limit';
import type { AnyProvider, WebhookHint } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { concernedBy } from './concerned';
import { doesNotKeepUp, keepDelivery } from './keep';
import { tooManyDeliveries } from './pace';

/** GitHub caps payloads at 25 MB; what we read of them is far smaller. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

export interface Received {
  status: 200 | 202 | 400 | 401 | 404 | 429 | 503;
  note: string;
  /** Seconds. */
  retryAfter?: number;
}

export type SecretsOf = (deps: { db: ServiceContext['db'] }, providerId: string) => Promise<WebhookSecrets[]>;

const AWAY: Received = {
  status: 503,
  note: 'Not stored: the database does not answer, or does not keep up. Send it again later.',
  retryAfter: 30,
};

/**
 * Authenticate the raw bytes, persist, wake, answer: in that order. A delivery that was acknowledged is in the inbox.
 * `providerId` comes from the path; the secret that fits says which connections it is for.
 */
export async function receiveWebhook(
  ctx: ServiceContext,
  providerId: string,
  raw: Uint8Array,
  headers: Headers,
  secretsOf: SecretsOf = webhookSecrets,
): Promise<Received> {
  try {
    return await receive(ctx, providerId, raw, headers, secretsOf);
  } catch (error) {
    if (doesNotKeepUp(error)) return AWAY;
    throw error;
  }
}

async function receive(
  ctx: ServiceContext,
  providerId: string,
  raw: Uint8Array,
  headers: Headers,
  secretsOf: SecretsOf,
): Promise<Received> {
  const provider = Object.hasOwn(providers, providerId) ? providers[providerId] : undefined;
  const webhooks = provider?.methods.webhooks;
  if (!provider || !webhooks) return { status: 404, note: 'No provider with webhooks has this name.' };
  const candidates = await secretsOf(ctx, providerId);
  if (candidates.length === 0)
    return { status: 503, note: 'No connection has a webhook secret yet; set one under Connections.' };
  // Several may have one secret, that of an organization's only hook, say: each of them hears.
  const fits: string[] = [];
  for (const { connectionId, secrets } of candidates)
    if (await webhooks.authenticate(raw, headers, secrets)) fits.push(connectionId);
  if (fits.length === 0)
    return refuse(ctx, provider, 'The signature does not fit any connection; check the secret on both sides.');
  const hint = readable(() => webhooks.parse(raw, headers));
  const concerned = hint ? await concernedBy(ctx, fits, hint.repository) : fits;
  const { taking, retryAfter } = await roomAt(ctx, concerned);
  if (taking.length === 0) return { status: 429, note: 'Too many at once; send it again later.', retryAfter };
  if (!hint) {
    for (const connectionId of taking) await setAside(ctx, provider, connectionId, raw);
    return { status: 400, note: JUNK };
  }
  const kept = await Promise.all(
    taking.map((connectionId) => keepDelivery(ctx, { connectionId, providerId, hint, raw })),
  );
  return kept.includes('fresh') ? { status: 202, note: 'Accepted.' } : { status: 200, note: 'Known already.' };
}

function readable(parse: () => WebhookHint): WebhookHint | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

/** Which of them take it now: one that has too many stands in the way of no other, and looks by itself. */
async function roomAt(ctx: ServiceContext, connectionIds: readonly string[]) {
  const waits = await Promise.all(connectionIds.map(async (id) => ({ id, seconds: await tooManyDeliveries(ctx, id) })));
  return {
    taking: waits.filter(({ seconds }) => seconds === null).map(({ id }) => id),
    retryAfter: Math.max(0, ...waits.map(({ seconds }) => seconds ?? 0)),
  };
}

/** Anybody can post here, so what is written down about strangers is bounded: the first lines say it all. */
const REFUSALS_NOTED = perMinute(20);

const JUNK = 'Signed, but not a payload that can be read.';

/** Signed, so it is from the vendor, and yet unreadable: kept where people see deliveries, and never tried. */
async function setAside(
  ctx: ServiceContext,
  { manifest }: AnyProvider,
  connectionId: string,
  raw: Uint8Array,
): Promise<void> {
  const digest = createHash('sha256').update(raw).digest('hex').slice(0, 32);
  const [fresh] = await ctx.db
    .insert(inbox)
    .values({
      id: newId('hook'),
      connectionId,
      providerId: manifest.id,
      deliveryId: `unreadable-${digest}`,
      event: UNREADABLE,
      bytes: raw.byteLength,
      body: Buffer.from(raw),
      state: 'failed',
      tries: MAX_TRIES,
      note: `${JUNK} It is set aside.`,
    })
    .onConflictDoNothing()
    .returning({ id: inbox.id });
  if (fresh)
    await emitAudit(ctx.db, ctx, {
      action: 'webhook.set_aside',
      resource: { kind: 'delivery', id: fresh.id },
      outcome: 'failed',
      code: 'unreadable',
      sentence: `${JUNK} It is set aside.`,
    });
}

async function refuse(ctx: ServiceContext, provider: AnyProvider, note: string): Promise<Received> {
  const noted = await takeToken(ctx.db, `webhook:refused:${provider.manifest.id}`, REFUSALS_NOTED);
  if (!noted.allowed) return { status: 401, note };
  await emitAudit(ctx.db, ctx, {
    action: 'webhook.receive',
    resource: { kind: 'provider', id: provider.manifest.id },
    outcome: 'refused',
    code: 'bad_signature',
    sentence: note,
  });
  return { status: 401, note };
}
