import { sql } from 'drizzle-orm';
import { it } from 'vitest';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { readComponent } from './read-component';
import { listDeployments } from './read-list';
import { readMatrix } from './read-matrix';
import { readNow } from './read-now';

it('perf', async () => {
  const d = await openTestDatabase({ max: 10 });
  const { db } = d;
  await db.execute(sql`set statement_timeout=0`);
  const N = Number(process.env.PERF_N ?? 1000000);
  const q = async (s: string) => {
    const c = await d.pool.connect();
    try {
      await c.query('set statement_timeout=0');
      await (c as any).query({ text: s, query_timeout: 600000 });
    } finally {
      c.release();
    }
  };
  await q(
    `insert into connections(id,name,provider_id,origin,credential_kind,sealed_credential,state) values('c','c','fake','x','token','v','ok')`,
  );
  await q(
    `insert into environments(id,slug,name,position) select 'e'||g,'env-'||g,'Env '||g,g from generate_series(0,3) g`,
  );
  await q(
    `insert into components(id,slug,name,kind,position) select 'm'||g,'comp-'||g,'Comp '||g,'other',g from generate_series(0,99) g`,
  );
  await q(
    `insert into targets(id,component_id,environment_id,connection_id,config) select 't'||c||'-'||e,'m'||c,'e'||e,'c','{}' from generate_series(0,99) c, generate_series(0,3) e`,
  );
  await q(
    `insert into releases(id,component_id,version,sha,ref,message,author) select 'r'||g,'m'||(g%100),'v'||g,md5(g::text)||'00000000','main','Change number '||g,'Ada' from generate_series(0,9999) g`,
  );
  for (let i = 0; i < N; i += 100000)
    await q(
      `insert into deployments(id,target_id,component_id,environment_id,connection_id,provider_id,release_id,status,idempotency_key,content_digest,ref,ref_kind,sha,config,requested_by_name,dispatch,started_at,finished_at) select 'd'||g,'t'||(g%100)||'-'||((g/100)%4),'m'||(g%100),'e'||((g/100)%4),'c','fake','r'||(g%10000),case when g > ${N}-40 then 'queued' when g%10=0 then 'failed' when g%23=0 then 'cancelled' else 'succeeded' end,'k'||g,'g'||g,'main','branch',md5(g::text)||'00000000','{}','Person '||(g%20),'{}',now()-((${N}-g)||' seconds')::interval,now()-((${N}-g-60)||' seconds')::interval from generate_series(${i},${i + 99999}) g`,
    );
  await q(
    `update targets t set current_deployment_id=(select id from deployments d where d.target_id=t.id and status='succeeded' order by number desc limit 1)`,
  );
  await q('vacuum analyze');
  const ctx = testContext(db, { actor: personActor([{ role: 'operator', environmentPattern: '*' }]) });
  const some = testContext(db, { actor: personActor([{ role: 'operator', environmentPattern: 'env-1' }]) });
  const time = async (name: string, f: () => Promise<unknown>, n = 60) => {
    for (let i = 0; i < 8; i++) await f();
    const t: number[] = [];
    for (let i = 0; i < n; i++) {
      const s = performance.now();
      await f();
      t.push(performance.now() - s);
    }
    t.sort((a, b) => a - b);
    console.log(name, 'p50', t[n >> 1]?.toFixed(1), 'p95', t[Math.floor(n * 0.95)]?.toFixed(1));
  };
  const real = d.pool.query.bind(d.pool);
  const seen: any[] = [];
  (d.pool as any).query = async (config: any, params: any) => {
    const s = performance.now();
    const r: any = await real(config, params);
    seen.push({ text: config.text, params: params ?? config.values, ms: performance.now() - s });
    return r;
  };
  await readMatrix(ctx);
  seen.length = 0;
  await readMatrix(ctx);
  for (const each of seen) {
    console.log('-----', each.ms.toFixed(1), each.text.slice(0, 200));
    const r: any = await real({ text: 'explain (analyze, buffers off) ' + each.text, values: each.params });
    console.log(r.rows.map((x: any) => x['QUERY PLAN']).join('\n'));
  }
  seen.length = 0;
  await readComponent(ctx, { slug: 'comp-5' });
  await listDeployments(ctx, { q: 'abcdef0123' });
  for (const each of seen) {
    if (each.ms < 8) continue;
    console.log('----- component', each.ms.toFixed(1), each.text.slice(0, 200));
    const r: any = await real({ text: 'explain (analyze, buffers off) ' + each.text, values: each.params });
    console.log(r.rows.map((x: any) => x['QUERY PLAN']).join('\n'));
  }
  (d.pool as any).query = real;
  await time('matrix', () => readMatrix(ctx));
  await time('now', () => readNow(ctx));
  await time('component', () => readComponent(ctx, { slug: 'comp-5' }), 20);
  await time('list', () => listDeployments(ctx, {}));
  await time('list env', () => listDeployments(ctx, { environment: 'env-2', status: 'failed' }));
  await time('list comp+env', () => listDeployments(ctx, { environment: 'env-2', component: 'comp-3' }));
  await time('list some', () => listDeployments(some, {}));
  await time('list active', () => listDeployments(ctx, { status: 'active' }));
  await time('list person', () => listDeployments(ctx, { person: 'person 3' }));
  await time('list nobody', () => listDeployments(ctx, { person: 'nobody' }), 3);
  await time('list q', () => listDeployments(ctx, { q: 'nothing like it' }), 3);
  await time('list sha', () => listDeployments(ctx, { q: 'abcdef0123' }), 3);
  const size = JSON.stringify(await readMatrix(ctx)).length;
  console.log('matrix bytes', size);
  await d.close();
}, 900000);
