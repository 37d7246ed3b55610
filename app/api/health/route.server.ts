import { setupNeeded } from '@/lib/auth/first-administrator';
import { getRuntime } from '@/lib/runtime';

/** Ready means: migrated, connected, workers running. Says nothing about who or what is inside. */
export async function GET(): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  try {
    const runtime = await getRuntime();
    return Response.json(
      { ready: true, setupNeeded: await setupNeeded(runtime.database.db), mode: runtime.env.AETHERSTACK_MODE },
      { headers },
    );
  } catch {
    return Response.json(
      { ready: false, sentence: 'The database cannot be reached. The server keeps trying.' },
      { status: 503, headers },
    );
  }
}
