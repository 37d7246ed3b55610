// The database of a first start, made once for a file of tests: making it is most of what a start with Postgres costs.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '../bootstrap/postgres.mjs';

export interface PreparedCluster {
  /** Puts a copy of its own into a data folder, as an earlier start that was stopped has left one. */
  plantIn(dataDir: string): void;
  remove(): void;
}

export async function prepareCluster(): Promise<PreparedCluster> {
  const base = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-cluster-'));
  // The account that runs Postgres passes through to what is its own.
  chmodSync(base, 0o711);
  const dataDir = path.join(base, 'data');
  const server = await startPostgres({ dataDir });
  await server.stop();
  const { password } = JSON.parse(readFileSync(path.join(dataDir, 'postgres.json'), 'utf8'));
  let copies = 0;
  return {
    plantIn: (folder) => {
      const home = path.join(base, `copy-${++copies}`);
      // Unlike Node's own copy it leaves every file with its owner.
      execFileSync('cp', ['-a', server.home, home]);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'postgres.json'), JSON.stringify({ home, password }), { mode: 0o600 });
    },
    remove: () => {
      rmSync(server.home, { recursive: true, force: true });
      rmSync(base, { recursive: true, force: true });
    },
  };
}
