import 'server-only';
import { ignoreClaimedAddresses } from '@/lib/auth/claimed-address';
import { storeSetupToken } from '@/lib/auth/first-administrator';
import { seedSandbox } from '@/lib/boot-sandbox';
import { rewrapSecrets } from '@/lib/connections/server/rewrap';
import { EnvError } from '@/lib/env/server';
import { letUploadsFinish } from '@/lib/extensions/server/upload-time';
import { startWorkers } from '@/lib/jobs/runner';
import { describeError, log } from '@/lib/kernel/log';
import { rewrapSubscriptions } from '@/lib/notifications/server';
import { getRuntime, type Runtime } from '@/lib/runtime';
import { startTelemetry } from '@/lib/telemetry/start';

const store = globalThis as unknown as { aetherstackBoot?: Promise<void> };

/** Once per process: migrate, first administrator, demo data in the sandbox, workers. A failure ends the process with a sentence. */
export function boot(): Promise<void> {
  store.aetherstackBoot ??= bootOnce().catch((error) => {
    process.stderr.write(
      `${error instanceof EnvError ? error.message : `The server cannot start: ${describeError(error).message ?? error}`}\n`,
    );
    process.exit(1);
  });
  return store.aetherstackBoot;
}

async function bootOnce(): Promise<void> {
  const runtime = await getRuntime();
  letUploadsFinish();
  ignoreClaimedAddresses(runtime.env.AETHERSTACK_TRUSTED_PROXY_HOPS);
  if (runtime.env.AETHERSTACK_KEK_PREVIOUS)
    log.info('secrets sealed anew', {
      ...(await rewrapSecrets(runtime.database.db)),
      subscriptions: await rewrapSubscriptions(runtime.database.db),
    });
  await storeSetupToken(runtime.database.db, runtime.env.AETHERSTACK_SETUP_TOKEN);
  if (runtime.env.AETHERSTACK_MODE === 'sandbox') await seedSandbox(runtime);
  const stopWorkers = await startWorkers(runtime);
  const stopTelemetry = startTelemetry(runtime.env);
  stopOnSignal(runtime, () => stopWorkers().finally(stopTelemetry));
  log.info('ready', { mode: runtime.env.AETHERSTACK_MODE });
}

/** Work in hand is finished or left to its lease; nothing is lost either way. */
function stopOnSignal(runtime: Runtime, stopWorkers: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void stopWorkers()
        .then(() => runtime.close())
        .finally(() => process.exit(0));
    });
  }
}
