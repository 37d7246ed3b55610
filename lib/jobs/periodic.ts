import { notesDue, tellDue } from '@/lib/announcements/server';
import { pruneIdempotencyKeys } from '@/lib/api/idempotency';
import { auditSigner, signHead } from '@/lib/audit/server';
import { pruneSessions } from '@/lib/auth/sessions';
import { refreshReadings } from '@/lib/configuration/server';
import { pruneNotices, pruneUsage, watchServices } from '@/lib/connections/server';
import {
  beat,
  callOffLeft,
  readFailureLogs,
  seekLatePublications,
  seekLateRuns,
  sweep,
} from '@/lib/deployments/server';
import { retireVersions } from '@/lib/gallery/server';
import { announceFreezes, deliverDue, fanOut, pruneNotifications } from '@/lib/notifications/server';
import { judgeDue, probeDue, pruneSamples, rollBackDue } from '@/lib/observability/server';
import { pruneRateLimits } from '@/lib/pipeline/rate-limit';
import { countInstalls, lookAgain } from '@/lib/publications/server';
import type { Runtime } from '@/lib/runtime';
import { lookAround } from '@/lib/sightings/server';
import { stopFollowers, tellMaintenances } from '@/lib/status/server';
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
  { name: 'our own probes', everyMs: 5 * SECOND, run: (_, ctx) => probeDue(ctx) },
  { name: 'verdicts', everyMs: 5 * SECOND, run: (_, ctx) => judgeDue(ctx) },
  { name: 'roll-backs that a policy asks for', everyMs: 5 * SECOND, run: (_, ctx) => rollBackDue(ctx) },
  { name: 'old samples of our own probes', everyMs: HOUR, run: (_, ctx) => pruneSamples(ctx.db) },
  { name: 'runs that appear late', everyMs: 15 * SECOND, run: (_, ctx) => seekLateRuns(ctx) },
  { name: 'second runs that nobody called off', everyMs: 10 * SECOND, run: (_, ctx) => callOffLeft(ctx) },
  { name: 'versions that appear late', everyMs: 60 * SECOND, run: (_, ctx) => seekLatePublications(ctx) },
  { name: 'logs of failures', everyMs: 10 * SECOND, run: (_, ctx) => readFailureLogs(ctx) },
  { name: 'status pages of providers', everyMs: 300 * SECOND, run: (_, ctx) => watchServices(ctx) },
  { name: 'what providers are told', everyMs: 2 * SECOND, run: (_, ctx) => tellDue(ctx) },
  { name: 'what is written where things are measured', everyMs: 5 * SECOND, run: (_, ctx) => notesDue(ctx) },
  { name: 'settings that are missing', everyMs: 60 * SECOND, run: (_, ctx) => refreshReadings(ctx) },
  { name: 'what galleries do with versions', everyMs: 60 * SECOND, run: (_, ctx) => lookAgain(ctx) },
  { name: 'installs at galleries', everyMs: HOUR, run: (_, ctx) => countInstalls(ctx) },
  { name: 'head of the audit log', everyMs: 5 * SECOND, run: (_, ctx) => signHead(ctx, auditSigner()) },
  { name: 'freezes that begin', everyMs: 15 * SECOND, run: (_, ctx) => announceFreezes(ctx.db) },
  { name: 'maintenance that begins or ends', everyMs: 15 * SECOND, run: (_, ctx) => tellMaintenances(ctx) },
  { name: 'notifications', everyMs: SECOND, run: (_, ctx) => fanOut(ctx.db) },
  { name: 'deliveries to others', everyMs: SECOND, run: (_, ctx) => deliverDue(ctx, undefined, 'team') },
  { name: 'deliveries to followers', everyMs: SECOND, run: (_, ctx) => deliverDue(ctx, undefined, 'followers') },
  { name: 'followers that nothing reaches', everyMs: HOUR, run: (_, ctx) => stopFollowers(ctx) },
  { name: 'old notifications', everyMs: HOUR, run: (_, ctx) => pruneNotifications(ctx.db) },
  { name: 'quota usage', everyMs: 5 * SECOND, run: (runtime) => runtime.flushUsage() },
  { name: 'old quota usage', everyMs: HOUR, run: (_, ctx) => pruneUsage(ctx.db) },
  { name: 'old notices of providers', everyMs: HOUR, run: (_, ctx) => pruneNotices(ctx) },
  { name: 'old sessions', everyMs: HOUR, run: (_, ctx) => pruneSessions(ctx.db) },
  { name: 'old rate limits', everyMs: HOUR, run: (_, ctx) => pruneRateLimits(ctx.db) },
  { name: 'old API answers', everyMs: HOUR, run: (_, ctx) => pruneIdempotencyKeys(ctx.db) },
  { name: 'versions that the gallery does not keep', everyMs: HOUR, run: (_, ctx) => retireVersions(ctx) },
  { name: 'old deliveries', everyMs: HOUR, run: (_, ctx) => pruneInbox(ctx.db) },
];
