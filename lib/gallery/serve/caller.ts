import { networkOf } from '@/lib/auth/client-ip';
import type { Db } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { perMinute, requireToken } from '@/lib/pipeline/rate-limit';
import { type GalleryCaller, readGalleryToken } from '../server';

/** Editors ask often, and an office shares one token. */
const REQUESTS = perMinute(1_200);
const WRONG_TOKENS = perMinute(60);

/** From the path, else `Authorization: Bearer`, else Basic with the token as either half, else `?token=` as `ovsx` did once. */
export function tokenOf(inPath: string | null, authorization: string | null, query: URLSearchParams): string | null {
  if (inPath !== null) return inPath;
  const [, scheme, value = ''] = /^(Bearer|Basic) +([\w.~+/=-]{1,2000})$/i.exec(authorization ?? '') ?? [];
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme) {
    const [user = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
    return password.startsWith('aeg_') ? password : user;
  }
  return query.get('token');
}

/** Who asks. Throws `ServiceError`: `token_required`, `token_invalid`, or `rate_limited` for who tries many. */
export async function callerOf(db: Db, token: string | null, ip: string | null): Promise<GalleryCaller> {
  if (token === null)
    throw new ServiceError(
      'unauthenticated',
      'token_required',
      'This gallery is private. Make a token under Gallery → Tokens and put it into the address.',
    );
  const caller = await readGalleryToken(db, token, ip);
  if (!caller) {
    await requireToken(db, `gallery:wrong:${networkOf(ip)}`, WRONG_TOKENS, 'Too many wrong tokens.');
    throw new ServiceError('unauthenticated', 'token_invalid', 'Invalid access token.');
  }
  requireAnywhere(caller.actor, 'deployment.read');
  await requireToken(db, `gallery:token:${caller.actor.id}`, REQUESTS, 'Too many requests with this token.');
  return caller;
}
