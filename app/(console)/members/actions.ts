'use server';

import { serverEnv } from '@/lib/env/server';
import { inviteMemberInput, memberRef, revokeSessionInput, setGrantsInput } from '@/lib/members/model/schemas';
import type { InvitationView } from '@/lib/members/model/view';
import {
  disableMember,
  enableMember,
  inviteMember,
  renewInvitation,
  revokeMemberSessions,
  revokeOwnSession,
  setGrants,
} from '@/lib/members/server';
import { defineAction } from '@/lib/pipeline/define-action';

const permission = 'member.manage';
const resourceOf = (input: { userId: string }) => ({ kind: 'member', id: input.userId });

/** Behind the `#`, so that neither a server log nor a proxy ever sees the token. */
function linkFrom({ token, expiresAt }: InvitationView) {
  return { url: `${serverEnv().NEXTAUTH_URL}/join#${token}`, expiresAt };
}

export const inviteAction = defineAction({
  name: 'member.invite',
  permission,
  input: inviteMemberInput,
  resourceOf: () => ({ kind: 'member', id: null }),
  run: async (ctx, input) => linkFrom(await inviteMember(ctx, input)),
});

export const newLinkAction = defineAction({
  name: 'member.renew-link',
  permission,
  input: memberRef,
  resourceOf,
  run: async (ctx, input) => linkFrom(await renewInvitation(ctx, input)),
});

export const setGrantsAction = defineAction({
  name: 'member.set-grants',
  permission,
  input: setGrantsInput,
  resourceOf,
  run: setGrants,
});

export const disableAction = defineAction({
  name: 'member.disable',
  permission,
  input: memberRef,
  resourceOf,
  run: disableMember,
});

export const enableAction = defineAction({
  name: 'member.enable',
  permission,
  input: memberRef,
  resourceOf,
  run: enableMember,
});

export const revokeSessionsAction = defineAction({
  name: 'member.end-sessions',
  permission: 'session.manage',
  input: memberRef,
  resourceOf,
  run: revokeMemberSessions,
});

export const revokeOwnSessionAction = defineAction({
  name: 'session.end-own',
  permission: 'signedIn',
  input: revokeSessionInput,
  resourceOf: () => ({ kind: 'session', id: null }),
  run: revokeOwnSession,
});
