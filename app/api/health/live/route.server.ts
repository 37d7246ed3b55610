/** The process answers. Asks nobody else, so that a database that is away does not get every instance restarted. */
export function GET(): Response {
  return Response.json({ live: true }, { headers: { 'Cache-Control': 'no-store' } });
}
