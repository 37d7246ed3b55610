export const dynamic = 'force-dynamic';

/** Asks the API from the server, so that browsers need not reach it. */
export async function GET() {
  const answer = await fetch(process.env.API_URL ?? 'http://127.0.0.1:8000/', { signal: AbortSignal.timeout(4000) });
  return Response.json(await answer.json());
}
