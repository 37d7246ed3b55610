import { serverEnv } from '@/lib/env/server';
import { startWorkers } from '@/lib/jobs/runner';
import { composeRuntime } from '@/lib/runtime';

// One instance of the engine, as a process of its own, so that it can be killed like one.
const runtime = await composeRuntime(serverEnv());
await startWorkers(runtime, 8);
process.stdout.write('working\n');

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500);
