import type { Database } from '@/lib/db/client';

/** 100 components × 4 environments and `rows` past deployments, the newest 40 still queued. */
export async function fillEstate(database: Database, rows: number): Promise<void> {
  const client = await database.pool.connect();
  const run = (sql: string) => client.query({ text: sql, query_timeout: 600_000 } as { text: string });
  try {
    await run('set statement_timeout = 0');
    await run(`insert into connections (id, name, provider_id, origin, credential_kind, sealed_credential, state)
      values ('c', 'c', 'bench', 'https://bench.test', 'token', 'v1', 'ok')`);
    await run(
      `insert into environments (id, slug, name, position) select 'e' || g, 'env-' || g, 'Env ' || g, g from generate_series(0, 3) g`,
    );
    await run(
      `insert into components (id, slug, name, kind, position) select 'm' || g, 'comp-' || g, 'Comp ' || g, 'other', g from generate_series(0, 99) g`,
    );
    await run(`insert into targets (id, component_id, environment_id, connection_id, config)
      select 't' || c || '-' || e, 'm' || c, 'e' || e, 'c', '{}' from generate_series(0, 99) c, generate_series(0, 3) e`);
    await run(`insert into releases (id, component_id, version, sha, ref, message, author)
      select 'r' || g, 'm' || (g % 100), 'v' || g, md5(g::text) || '00000000', 'main', 'Change ' || g, 'Ana' from generate_series(0, 9999) g`);
    await run(deploymentsSql(rows));
    await run(`update targets t set current_deployment_id =
      (select id from deployments d where d.target_id = t.id and status = 'succeeded' order by number desc limit 1)`);
    await run('vacuum analyze');
  } finally {
    client.release();
  }
}

function deploymentsSql(rows: number): string {
  return `insert into deployments (id, target_id, component_id, environment_id, connection_id, provider_id, release_id, status,
      idempotency_key, content_digest, ref, ref_kind, sha, config, dispatch, requested_by_name, started_at, finished_at)
    select 'd' || g, 't' || (g % 100) || '-' || ((g / 100) % 4), 'm' || (g % 100), 'e' || ((g / 100) % 4), 'c', 'bench', 'r' || (g % 10000),
      case when g > ${rows} - 40 then 'queued' when g % 10 = 0 then 'failed' when g % 23 = 0 then 'cancelled' else 'succeeded' end,
      'k' || g, 'g' || g, 'main', 'branch', md5(g::text) || '00000000', '{}', '{}', 'Person ' || (g % 20),
      now() - ((${rows} - g) || ' seconds')::interval, now() - ((${rows} - g - 60) || ' seconds')::interval
    from generate_series(1, ${rows}) g`;
}
