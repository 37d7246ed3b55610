import { tellDue } from '@/lib/announcements/server';
import { pruneIdempotencyKeys } from '@/lib/api/idempotency';
import { auditSigner, signHead } from '@/lib/audit/server';
import { pruneSessions } from '@/lib/auth/sessions';
import { refreshReadings } from '@/lib/configuration/server';
import { pruneUsage } from '@/lib/connections/server';
import { beat, seekLateRuns, sweep } from '@/lib/deployments/server';
import { announceFreezes, deliverDue, fanOut, pruneNotifications } from '@/lib/notifications/server';
import { pruneRateLimits } from '@/lib/pipeline/rate-limit';
import type { Runtime } from '@/lib/runtime';
import { lookAround } from '@/lib/sightings/server';
import { pruneInbox, sweepInbox } from '@/lib/webhooks/process';

export interface Periodic {
  name: string;
  everyMs: number;
  /** Also once before the workers start. */
  atStart?: boolean;
  /** Idempotent and safe in several processes at once: it claims what it works on. */
  run(runtime: Runtime, ctx: ReturnType<Runtime['contextFor']>): Promise<unknown>;
}

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Everything that has to happen again and again, whoever asks for it. */
export const PERIODIC: readonly Periodic[] = [
  // First, and once before any work: what a restored database says is not acted on before it is doubted.
  { name: 'heartbeat', everyMs: 10 * SECOND, atStart: true, run: (_, ctx) => beat(ctx) },
  { name: 'deployments', everyMs: SECOND, run: (_, ctx) => sweep(ctx) },
  { name: 'inbox', everyMs: SECOND, run: (_, ctx) => sweepInbox(ctx) },
  { name: 'sightings', everyMs: 5 * SECOND, run: (_, ctx) => lookAround(ctx) },
  { name: 'runs that appear late', everyMs: 15 * SECOND, run: (_, ctx) => seekLateRuns(ctx) },
  { name: 'what providers are told', everyMs: 2 * SECOND, run: (_, ctx) => tellDue(ctx) },
  { name: 'settings that are missing', everyMs: 60 * SECOND, run: (_, ctx) => refreshReadings(ctx) },
  { name: 'head of the audit log', everyMs: 5 * SECOND, run: (_, ctx) => signHead(ctx, auditSigner()) },
  { name: 'freezes that begin', everyMs: 15 * SECOND, run: (_, ctx) => announceFreezes(ctx.db) },
  { name: 'notifications', everyMs: SECOND, run: (_, ctx) => fanOut(ctx.db) },
  { name: 'deliveries to others', everyMs: SECOND, run: (_, ctx) => deliverDue(ctx) },
  { name: 'old notifications', everyMs: HOUR, run: (_, ctx) => pruneNotifications(ctx.db) },
  { name: 'quota usage', everyMs: 5 * SECOND, run: (runtime) => runtime.flushUsage() },
  { name: 'old quota usage', everyMs: HOUR, run: (_, ctx) => pruneUsage(ctx.db) },
  { name: 'old sessions', everyMs: HOUR, run: (_, ctx) => pruneSessions(ctx.db) },
  { name: 'old rate limits', everyMs: HOUR, run: (_, ctx) => pruneRateLimits(ctx.db) },
  { name: 'old API answers', everyMs: HOUR, run: (_, ctx) => pruneIdempotencyKeys(ctx.db) },
  { name: 'old deliveries', everyMs: HOUR, run: (_, ctx) => pruneInbox(ctx.db) },
];
