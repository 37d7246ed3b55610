import { setupNeeded } from '@/lib/auth/first-administrator';
import { heartbeatAge } from '@/lib/deployments/server';
import { getRuntime } from '@/lib/runtime';

/**
 * Ready means: migrated, connected. Whether work goes on says the age of the heartbeat: it may be another instance that does
 * it, so it takes nobody out of service. Says nothing about who or what is inside.
 */
export async function GET(): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  try {
    const runtime = await getRuntime();
    const { db } = runtime.database;
    const [needed, heartbeatAgeSeconds] = [await setupNeeded(db), await heartbeatAge(db)];
    return Response.json(
      { ready: true, setupNeeded: needed, mode: runtime.env.AETHERSTACK_MODE, heartbeatAgeSeconds },
      { headers },
    );
  } catch {
    return Response.json(
      { ready: false, sentence: 'The database cannot be reached. The server keeps trying.' },
      { status: 503, headers },
    );
  }
}
