import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { connections, deployments } from '@/lib/db/schema';
import { wakeAll } from '@/lib/gates/server/wake-held';
import { redactText } from '@/lib/kernel/redact';
import { type AnyProvider, type Credential, type CredentialReport, ProviderError } from '@/lib/providers/port';
import type { connectionRef } from '../model/schemas';
import { imagesThrough } from './list';
import { record } from './record';
import { lockConnection } from './rows';

/** A provider that is down or wants a pause says nothing about the credential; everything else does. */
function isVerdict(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind !== 'unavailable' && error.kind !== 'rateLimited';
}

/** A form that gives the user name is known again by it, also where the check failed; '' = who it is nobody knows. */
function givenUser({ credentialForms }: AnyProvider['manifest'], credential: Credential): string {
  if (credential.kind !== 'basic') return '';
  return credentialForms?.find(({ username }) => username.fixed === credential.username)?.username.fixed ?? '';
}

async function ask(ctx: ServiceContext, id: string): Promise<CredentialReport> {
  const { provider, context } = await ctx.openConnection(id);
  try {
    const used = await imagesThrough(ctx, id);
    const repositories = [...new Set(used.map((each) => each.repository))];
    const report = await provider.verifyCredential(context, repositories);
    return { ...report, problems: report.problems.map(redactText).slice(0, 20) };
  } catch (error) {
    if (!isVerdict(error)) throw error;
    return {
      ok: false,
      account: givenUser(provider.manifest, context.credential),
      scopes: [],
      problems: [redactText(error.message)],
      expiresAt: null,
    };
  }
}

/** What was set aside because of this connection is looked at again in the same commit. */
async function wakeWaiting(tx: Tx, ctx: ServiceContext, connectionId: string): Promise<void> {
  const waiting = await tx
    .select({ id: deployments.id })
    .from(deployments)
    .where(
      and(
        eq(deployments.connectionId, connectionId),
        isNotNull(deployments.nextCheckAt),
        gt(deployments.troubleCount, 0),
      ),
    )
    .orderBy(asc(deployments.number))
    .limit(500);
  await wakeAll(
    tx,
    ctx,
    waiting.map(({ id }) => id),
  );
}

/** Asks the provider whether the credential is good enough, and keeps what it said. */
export async function verifyConnection(
  ctx: ServiceContext,
  input: z.output<typeof connectionRef>,
): Promise<CredentialReport> {
  requirePermission(ctx.actor, 'connection.check', null);
  const report = await ask(ctx, input.id);
  await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.id);
    await tx
      .update(connections)
      .set({ report, state: report.ok ? 'ok' : 'failing', checkedAt: sql`now()` })
      .where(and(eq(connections.id, row.id), isNotNull(connections.sealedCredential)));
    if (report.ok) await wakeWaiting(tx, ctx, row.id);
    await record(tx, ctx, row.id, {
      verb: 'verify',
      outcome: report.ok ? 'done' : 'failed',
      ...(report.ok ? {} : { code: 'credential_problem' }),
      sentence: report.ok
        ? `“${row.name}” works, as ${report.account}.`
        : `“${row.name}” does not work: ${report.problems[0] ?? 'the provider refused the credential.'}`,
      data: { account: report.account, scopes: report.scopes, problems: report.problems },
    });
  });
  return report;
}
