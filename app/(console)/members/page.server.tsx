import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { ApiTokens } from '@/components/members/api-tokens';
import { InviteButton } from '@/components/members/invite-button';
import { MemberTable } from '@/components/members/member-table';
import { OwnSessions } from '@/components/members/own-sessions';
import { OwnTokens } from '@/components/members/own-tokens';
import { PageHeader } from '@/components/ui/page-header';
import { currentActor } from '@/lib/auth/session';
import { ownTokenListQuery } from '@/lib/connections/queries';
import { matrixQuery } from '@/lib/deployments/queries';
import { memberListQuery, ownSessionsQuery } from '@/lib/members/queries';
import { tokenListQuery } from '@/lib/tokens/queries';
import { whyNot } from '../may';
import { readOrRefuse } from '../read-or-refuse';
import * as act from './actions';

export const metadata: Metadata = { title: 'Members' };

const actions = {
  newLink: act.newLinkAction,
  setGrants: act.setGrantsAction,
  disable: act.disableAction,
  enable: act.enableAction,
  revokeSessions: act.revokeSessionsAction,
};

const ownTokenActions = {
  store: act.storeOwnTokenAction,
  check: act.checkOwnTokenAction,
  remove: act.removeOwnTokenAction,
};

export default async function MembersPage() {
  const [members, sessions, tokens, own, estate, disabledReason, actor] = await Promise.all([
    readOrRefuse(memberListQuery, {}, '/members'),
    readOrRefuse(ownSessionsQuery, {}, '/members'),
    readOrRefuse(tokenListQuery, {}, '/members'),
    readOrRefuse(ownTokenListQuery, {}, '/members'),
    readOrRefuse(matrixQuery, {}, '/members'),
    whyNot('member.manage'),
    currentActor(),
  ]);
  const environments = estate.ok ? estate.value.environments.map((environment) => environment.slug) : [];
  return (
    <>
      <PageHeader
        title="Members"
        description="Who can sign in, and what each may do where. What is not granted is not allowed."
        actions={<InviteButton invite={act.inviteAction} environments={environments} disabledReason={disabledReason} />}
      />
      <div className="grid gap-5 *:min-w-0">
        {members.ok ? (
          <div className="overflow-clip rounded-lg border border-line bg-surface">
            <MemberTable
              rows={members.value}
              youId={actor.kind === 'user' ? actor.id : ''}
              actions={actions}
              environments={environments}
              disabledReason={disabledReason}
            />
          </div>
        ) : (
          <Refused refusal={members.refusal} />
        )}
        {tokens.ok ? (
          <ApiTokens
            tokens={tokens.value}
            environments={environments}
            create={act.createTokenAction}
            revoke={act.revokeTokenAction}
          />
        ) : null}
        {own.ok ? <OwnTokens rows={own.value} {...ownTokenActions} /> : null}
        {sessions.ok ? <OwnSessions sessions={sessions.value} revoke={act.revokeOwnSessionAction} /> : null}
      </div>
    </>
  );
}
