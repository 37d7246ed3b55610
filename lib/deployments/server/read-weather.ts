import type { Db } from '@/lib/db/client';
import { quotas } from '@/lib/db/schema';
import { preflightWeather, type Weather } from '@/lib/gates/model/preflight';
import { catalog } from '@/lib/providers/catalog.generated';
import type { CredentialReport } from '@/lib/providers/port';
import { quotaOf } from './preflight';
import type { LoadedTarget } from './rows';

type Row = LoadedTarget['connection'];

/** What is about to go wrong with each account: credentials that end within days, allowances that are nearly used up. */
export async function readWeather(db: Db, rows: readonly Row[], now: number): Promise<(row: Row) => Weather[]> {
  const figures = Map.groupBy(rows.length > 0 ? await db.select().from(quotas) : [], (each) => each.connectionId);
  return (row) => {
    const report = row.report as CredentialReport | null;
    const manifest = Object.hasOwn(catalog, row.providerId) ? catalog[row.providerId] : undefined;
    const fact = {
      ...{ connection: row.name, provider: manifest?.label ?? row.providerId, usualMs: null, lacks: null },
      expiresAt: report?.expiresAt ? Date.parse(report.expiresAt) : null,
      quota: quotaOf(figures.get(row.id) ?? []),
    };
    return preflightWeather(fact, now).filter(({ tone }) => tone !== 'good');
  };
}
