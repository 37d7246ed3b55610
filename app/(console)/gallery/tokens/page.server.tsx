import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { GalleryTokens } from '@/components/gallery/gallery-tokens';
import { Namespaces } from '@/components/gallery/namespaces';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { personId } from '@/lib/auth/actor';
import { currentActor } from '@/lib/auth/session';
import { serverEnv } from '@/lib/env/server';
import { galleryPeopleQuery, galleryTokenListQuery, namespaceListQuery } from '@/lib/gallery/queries';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';
import * as act from '../actions';

export const metadata: Metadata = { title: 'Tokens of the gallery' };

const PATH = '/gallery/tokens';

export default async function GalleryTokensPage() {
  const [tokens, namespaces, disabledReason, actor] = await Promise.all([
    readOrRefuse(galleryTokenListQuery, {}, PATH),
    readOrRefuse(namespaceListQuery, {}, PATH),
    whyNot('component.manage'),
    currentActor(),
  ]);
  const manages = namespaces.ok && namespaces.value.some(({ mayManage }) => mayManage);
  const people = manages ? await readOrRefuse(galleryPeopleQuery, {}, PATH) : null;
  const origin = serverEnv().NEXTAUTH_URL.replace(/\/+$/, '');
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'Gallery', href: '/gallery' }, { label: 'Tokens and namespaces' }]} />}
        title="Tokens and namespaces"
        description="Who may install from the gallery, and who may publish in it."
      />
      <div className="grid gap-5 *:min-w-0">
        {tokens.ok ? (
          <GalleryTokens
            tokens={tokens.value}
            origin={origin}
            create={act.createGalleryTokenAction}
            revoke={act.revokeGalleryTokenAction}
          />
        ) : (
          <Refused refusal={tokens.refusal} />
        )}
        {namespaces.ok ? (
          <Namespaces
            namespaces={namespaces.value}
            actions={{
              create: act.createNamespaceAction,
              addOwner: act.addOwnerAction,
              removeOwner: act.removeOwnerAction,
              setKeep: act.setKeepAction,
            }}
            people={people?.ok ? people.value : []}
            userId={personId(actor)}
            {...{ disabledReason }}
          />
        ) : (
          <Refused refusal={namespaces.refusal} />
        )}
      </div>
    </>
  );
}
