import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import type { GalleryCaller } from '../server';

/** What the gallery needs from the outside; Next and the composition root in production, literals in tests. */
export interface GalleryHost {
  requestId: string;
  ip: string | null;
  /** This installation's own address, without a slash at its end. */
  origin: string;
  contextFor(actor: Actor, requestId: string): ServiceContext;
}

/** A request whose caller is known. */
export interface Asked {
  request: Request;
  /** Behind the gallery's address and the token, decoded. */
  path: readonly string[];
  query: URLSearchParams;
  ctx: ServiceContext;
  caller: GalleryCaller;
  /** The gallery's address as this caller knows it: with the token in it where it came that way. */
  base: string;
}

export const ROOT = '/api/gallery';
/** Segments of a path, with the token of `t/<token>/…` taken out. Null = it cannot be read. */
export function readPlace(pathname: string): { token: string | null; path: string[] } | null {
  const raw = pathname.slice(ROOT.length).split('/').filter(Boolean);
  if (raw.length > 20) return null;
  try {
    const parts = raw.map(decodeURIComponent);
    if (parts.some((part) => part.length > 300 || part.includes('\u0000'))) return null;
    return parts[0] === 't' ? { token: parts[1] ?? '', path: parts.slice(2) } : { token: null, path: parts };
  } catch {
    return null;
  }
}
