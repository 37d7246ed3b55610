import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere } from '@/lib/auth/require';
import { requirePublisher } from '@/lib/gallery/server/may-publish';
import { ServiceError } from '@/lib/kernel/errors';
import type { AnyProvider } from '@/lib/providers/port';
import type { OwnNamespace } from '../model/view';

type Publishing = Pick<AnyProvider['manifest'], 'capabilities'>;

/**
 * Whoever asks has to own the publisher's namespace where the console's own gallery is published to; elsewhere the gallery
 * says itself. The same is asked again when it is sent. Throws `ServiceError` `no_such_namespace`, `not_an_owner`.
 */
export async function requireOwnNamespace(
  { db, actor }: Pick<ServiceContext, 'db' | 'actor'>,
  { capabilities }: Publishing,
  publisher: string,
): Promise<void> {
  if (capabilities.publish?.audience === 'own') await requirePublisher(db, publisher, personId(actor));
}

interface Lacking {
  closed: { code: string; sentence: string };
  ownNamespace: OwnNamespace;
}

/** The same before the press, with the way out of who may take it at once; null where nothing stands in the way. */
export async function lackingNamespace(
  ctx: Pick<ServiceContext, 'db' | 'actor'>,
  manifest: Publishing,
  publisher: string,
): Promise<Lacking | null> {
  try {
    await requireOwnNamespace(ctx, manifest, publisher);
    return null;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { code, sentence } = error;
    const lacks = code === 'no_such_namespace' ? 'namespace' : 'owner';
    const mends = ctx.actor.kind === 'user' && isPermittedEverywhere(ctx.actor, 'component.manage');
    return {
      closed: { code, sentence },
      ownNamespace: { publisher, lacks, mendBy: mends ? personId(ctx.actor) : null },
    };
  }
}
