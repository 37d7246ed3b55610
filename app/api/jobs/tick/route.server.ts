import { createHash, timingSafeEqual } from 'node:crypto';
import { drain } from '@/lib/jobs/runner';
import { getRuntime } from '@/lib/runtime';

const WORK_MS = 45_000;

/** For hosts whose processes do not last: a cron calls it each minute with `Authorization: Bearer $CRON_SECRET`. */
export async function GET(request: Request): Promise<Response> {
  const secret = process.env.CRON_SECRET;
  if (!secret) return Response.json({ sentence: 'Set CRON_SECRET to let a scheduler call this.' }, { status: 503 });
  const given = request.headers.get('authorization') ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(`Bearer ${secret}`)))
    return Response.json({ sentence: 'Not allowed.' }, { status: 401 });
  return Response.json({ done: await drain(await getRuntime(), WORK_MS) });
}
