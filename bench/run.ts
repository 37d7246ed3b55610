import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ServiceContext } from '@/lib/auth/context';
import { openDatabase } from '@/lib/db/client';
import { migrateDatabase } from '@/lib/db/migrate';
import { listDeployments, readComponent, readMatrix, readNow } from '@/lib/deployments/server';
import { startPostgres } from '../scripts/bootstrap/postgres.mjs';
import { identify } from '../scripts/bootstrap/process-identity.mjs';
import { startGuard } from '../scripts/start/start-guard.mjs';
import { measureAudit } from './audit';
import { fillEstate } from './estate';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '200' } },
});
const rows = Number(values.rows);
const runs = Number(values.runs);

const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-bench-'));
chmodSync(folder, 0o711);
const guard = startGuard();
const audit = positionals.includes('audit');
// A read costs the same without; an append waits for the disk.
const settings: Record<string, string> = audit ? {} : { fsync: 'off' };
const server = await startPostgres({ dataDir: path.join(folder, 'data'), settings });
const identity = identify(server.pid);
guard.watch(identity ? [{ name: 'postgres', ...identity }] : []);
const database = openDatabase(server.url);
try {
  await migrateDatabase(server.url);
  if (audit) await measureAudit(database, rows);
  else {
    console.log(`filling: 100 components × 4 environments, ${rows.toLocaleString('en')} deployments`);
    await fillEstate(database, rows);
    await measureReads();
  }
} finally {
  await database.close();
  await server.stop();
  await guard.dismiss();
  rmSync(server.home, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** Server time of each read, and its ratio to one primary-key look-up measured in the same run. */
async function measureReads(): Promise<void> {
  const unused = async () => {
    throw new Error('A read asked the provider.');
  };
  const ctx: ServiceContext = {
    db: database.db,
    clock: { now: () => Date.now() },
    requestId: 'bench',
    queue: { wakeDeployment: unused, wakeInbox: unused },
    openConnection: unused,
    fetchOutside: unused,
    actor: {
      kind: 'user',
      id: 'u',
      name: 'U',
      grants: [{ role: 'operator', environmentPattern: '*' }],
      sessionHash: '',
      ip: null,
    },
  };
  const reference = await time(() => database.pool.query(`select * from deployments where id = 'd1000'`));
  print('reference: one row by primary key', reference, reference);
  print('what runs where (matrix)', await time(() => readMatrix(ctx)), reference);
  print('now', await time(() => readNow(ctx)), reference);
  print('component page', await time(() => readComponent(ctx, { slug: 'comp-5' })), reference);
  print('list, newest 30', await time(() => listDeployments(ctx, {})), reference);
  print(
    'list, environment and status',
    await time(() => listDeployments(ctx, { environment: 'env-2', status: 'failed' })),
    reference,
  );
  print('list, a person who deployed nothing', await time(() => listDeployments(ctx, { person: 'nobody' })), reference);
}

async function time(read: () => Promise<unknown>): Promise<number[]> {
  for (let i = 0; i < 20; i++) await read();
  const taken: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await read();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b);
}

function print(name: string, taken: number[], reference: number[]): void {
  const at = (sorted: number[], share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const ratio = at(taken, 0.5) / at(reference, 0.5);
  console.log(
    `${name.padEnd(38)} p50 ${at(taken, 0.5).toFixed(1).padStart(6)} ms   p95 ${at(taken, 0.95).toFixed(1).padStart(6)} ms   ${ratio.toFixed(1).padStart(6)} × the reference`,
  );
}
