import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { RequestFacts } from '@/lib/pipeline/request';
import { readToken, type TokenActor } from '@/lib/tokens/server';

/** What the API needs from the outside; Next and the composition root in production, literals in tests. */
export interface ApiHost {
  facts: RequestFacts;
  /** This installation's own address. */
  ownOrigin: string;
  /** Whom the session cookie stands for; reads accept it. */
  cookieActor(): Promise<Actor>;
  contextFor(actor: Actor, requestId: string): ServiceContext;
}

/**
 * Nothing here is for a page of another site: with the session's cookie it could make the console read, ask outside or
 * export. The address bar (`none`) and our own pages stay; a program sends neither header.
 */
function refuseForeignPages({ origin, secFetchSite }: RequestFacts, ownOrigin: string): void {
  const foreign = (origin !== null && origin !== ownOrigin) || /^(?:cross-site|same-site)$/.test(secFetchSite ?? '');
  if (!foreign) return;
  throw new ServiceError(
    'forbidden',
    'origin_foreign',
    'The API is not for pages of other sites. Call it from a program.',
  );
}

/** Who the `Authorization` header stands for, or a refusal; null when there is none. */
async function tokenCaller(authorization: string | null, host: ApiHost): Promise<TokenActor | null> {
  refuseForeignPages(host.facts, host.ownOrigin);
  if (authorization === null) return null;
  const { ip, requestId } = host.facts;
  const token = /^Bearer +([\w.~+/=-]{1,200})$/i.exec(authorization)?.[1];
  const anonymous: Actor = { kind: 'anonymous', name: 'anonymous', ip };
  const actor = token ? await readToken(host.contextFor(anonymous, requestId).db, token, ip) : null;
  if (actor) return actor;
  throw new ServiceError(
    'unauthenticated',
    'token_invalid',
    'This token opens nothing: it has ended, was revoked or was not copied whole. Make one under Members → API tokens.',
  );
}

/** For reads: a token, or the browser's session. A bad token never falls back to the session. */
export async function readingCaller(authorization: string | null, host: ApiHost): Promise<Actor> {
  return (await tokenCaller(authorization, host)) ?? (await host.cookieActor());
}

/** For changes: a token only. A cookie goes wherever the browser is sent, so it is not enough. */
export async function changingCaller(authorization: string | null, host: ApiHost): Promise<TokenActor> {
  const actor = await tokenCaller(authorization, host);
  if (actor) return actor;
  throw new ServiceError(
    'unauthenticated',
    'token_required',
    'Changes over the API need a token: Authorization: Bearer aes_… Make one under Members → API tokens.',
  );
}
