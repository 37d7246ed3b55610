import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/db/client';

type Found = { name: string; reason: string | null };

/**
 * Whether the tables that the console means by `audit`, `audit_chain` and `audit_heads` are the ones that are verified, and ordinary
 * ones, which show every reader the same. From then on no name of this transaction means anything but Postgres's own.
 * Returns a sentence, or null when all is well.
 */
export async function standing(tx: Tx): Promise<string | null> {
  // No operator yet: one of somebody else's could stand in for it.
  const { rows: meant } = await tx.execute<{ audit: number; chain: number; heads: number }>(
    sql`select pg_catalog.to_regclass('audit')::pg_catalog.oid as audit, pg_catalog.to_regclass('audit_chain')::pg_catalog.oid as chain,
      pg_catalog.to_regclass('audit_heads')::pg_catalog.oid as heads, pg_catalog.set_config('search_path', 'pg_catalog', true)`,
  );
  const { audit = 0, chain = 0, heads = 0 } = meant[0] ?? {};
  const { rows } = await tx.execute<Found>(
    sql`select n.name, case
        when c.oid is null then 'is not there'
        when n.meant is null or n.meant::oid <> c.oid then 'is not the table that this connection means by that name: its search path was changed, or another table put before it'
        when c.relkind <> 'r' then 'is not an ordinary table, so it can show the console other lines than the verifier'
        when c.relrowsecurity or exists (select from pg_policy p where p.polrelid = c.oid) then 'has row security, so not everybody is shown the same lines'
        when exists (select from pg_rewrite w where w.ev_class = c.oid) then 'has rules, which can answer in its place'
        when exists (select from pg_attribute t where t.attrelid = c.oid and t.attnum > 0 and t.attgenerated <> '') then 'has columns that are computed, not written'
        end as reason
      from (values ('audit', ${audit}::text), ('audit_chain', ${chain}::text), ('audit_heads', ${heads}::text)) n (name, meant)
      left join pg_class c on c.relname = n.name and c.relnamespace = (select s.oid from pg_namespace s where s.nspname = 'public')`,
  );
  const wrong = rows.find((row) => row.reason !== null);
  return wrong ? `The log cannot be trusted: public.${wrong.name} ${wrong.reason}.` : null;
}
