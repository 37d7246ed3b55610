import { eq } from 'drizzle-orm';
import { lacking } from '@/lib/connections/model/lacking';
import { credentialEnd } from '@/lib/connections/model/way-out';
import type { DbOrTx } from '@/lib/db/client';
import { quotas } from '@/lib/db/schema';
import { readPolicyOf } from '@/lib/gates/model/policy';
import type { PreflightFact } from '@/lib/gates/model/preflight';
import { ALL_RESOURCES } from '@/lib/http/quota';
import { catalog } from '@/lib/providers/catalog.generated';
import type { CredentialReport } from '@/lib/providers/port';
import type { GateTarget } from './gate';
import { readUsual } from './read-usual';
import { startingConnection } from './starting-connection';

/** The allowance that sending and watching draw on; others are for searches and the like. */
const MAIN = 'core';
/** What took longer waited for people there; a credential need not last for that. */
const LONGEST_MS = 6 * 3_600_000;

/** What is known of the connection that starts it, without asking anybody. */
export async function readPreflight(db: DbOrTx, loaded: GateTarget): Promise<PreflightFact> {
  const { environment, target } = loaded;
  const connection = await startingConnection(db, loaded);
  const usual = await readUsual(db, [target.id]);
  const p90 = usual.get(target.id)?.p90Ms;
  const rows = await db.select().from(quotas).where(eq(quotas.connectionId, connection.id));
  const report = connection.report as CredentialReport | null;
  const manifest = Object.hasOwn(catalog, connection.providerId) ? catalog[connection.providerId] : undefined;
  const end = credentialEnd(manifest, report, target.config);
  const asksChecks = (readPolicyOf(environment.policy)?.checks ?? 'ignore') !== 'ignore';
  const scopes = connection.state === 'ok' ? (report?.scopes ?? []) : [];
  const rights = asksChecks ? lacking(scopes, manifest?.needs?.checks?.[connection.credentialKind]) : [];
  return {
    connection: connection.name,
    provider: manifest?.label ?? connection.providerId,
    expiresAt: end.at === null ? null : Date.parse(end.at),
    wayOut: end.wayOut,
    usualMs: p90 === undefined ? null : Math.min(p90, LONGEST_MS),
    lacks: rights.length > 0 ? { rights, what: 'to read the checks of a commit' } : null,
    quota: quotaOf(rows),
  };
}

type Row = typeof quotas.$inferSelect;

/** The main allowance, and any pause that binds it too; null where neither was told. */
export function quotaOf(rows: readonly Row[]): PreflightFact['quota'] {
  const told = rows.filter(({ resource }) => resource !== ALL_RESOURCES);
  const main = told.find(({ resource }) => resource === MAIN) ?? (told.length === 1 ? told[0] : undefined);
  const all = rows.find(({ resource }) => resource === ALL_RESOURCES);
  const one = main ?? all;
  if (!one) return null;
  const pauses = [main, all].flatMap((each) => each?.blockedUntil?.getTime() ?? []);
  return {
    ...{ limit: one.limit, remaining: one.remaining, resetAt: one.resetAt.getTime() },
    blockedUntil: pauses.length > 0 ? Math.max(...pauses) : null,
  };
}
