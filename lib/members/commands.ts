import 'server-only';
import { serverEnv } from '@/lib/env/server';
import {
  inviteMemberInput,
  memberRef,
  proveInput,
  revokeSessionInput,
  setGrantsInput,
} from '@/lib/members/model/schemas';
import type { InvitationView } from '@/lib/members/model/view';
import {
  disableMember,
  enableMember,
  inviteMember,
  proveIdentity,
  renewInvitation,
  revokeMemberSessions,
  revokeOwnSession,
  setGrants,
} from '@/lib/members/server';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource, resource } from '@/lib/pipeline/resource';

const permission = 'member.manage';
const resourceOf = resource('member', 'userId');

/** Behind the `#`, so that neither a server log nor a proxy ever sees the token. */
function linkFrom({ token, expiresAt }: InvitationView) {
  return { url: `${serverEnv().NEXTAUTH_URL}/join#${token}`, expiresAt };
}

export const inviteCommand = defineCommand({
  name: 'member.invite',
  permission,
  risk: 'high',
  input: inviteMemberInput,
  resourceOf: newResource('member'),
  run: async (ctx, input) => linkFrom(await inviteMember(ctx, input)),
});

export const newLinkCommand = defineCommand({
  name: 'member.renew-link',
  permission,
  risk: 'high',
  input: memberRef,
  resourceOf,
  run: async (ctx, input) => linkFrom(await renewInvitation(ctx, input)),
});

export const setGrantsCommand = defineCommand({
  name: 'member.set-grants',
  permission,
  risk: 'high',
  input: setGrantsInput,
  resourceOf,
  run: setGrants,
});

export const disableCommand = defineCommand({
  name: 'member.disable',
  permission,
  input: memberRef,
  resourceOf,
  run: disableMember,
});

export const enableCommand = defineCommand({
  name: 'member.enable',
  permission,
  input: memberRef,
  resourceOf,
  run: enableMember,
});

export const revokeSessionsCommand = defineCommand({
  name: 'member.end-sessions',
  permission: 'session.manage',
  input: memberRef,
  resourceOf,
  run: revokeMemberSessions,
});

export const revokeOwnSessionCommand = defineCommand({
  name: 'session.end-own',
  permission: 'signedIn',
  input: revokeSessionInput,
  resourceOf: newResource('session'),
  run: revokeOwnSession,
});

export const proveCommand = defineCommand({
  name: 'session.prove',
  permission: 'signedIn',
  input: proveInput,
  resourceOf: newResource('session'),
  // A guess costs a stolen session as much as it costs the sign-in page.
  rate: { perMinute: 10 },
  run: proveIdentity,
});
