'use server';

import { rememberInvitation, signInBrowser } from '@/lib/auth/browser-session';
import { completeSetup } from '@/lib/auth/first-administrator';
import { HOME, safePath } from '@/lib/auth/safe-path';
import { auditedLogin, checkPassword } from '@/lib/auth/sign-in';
import { serverEnv } from '@/lib/env/server';
import { acceptInvitationInput, completeSetupInput, invitationRef, signInInput } from '@/lib/members/model/schemas';
import { acceptInvitation } from '@/lib/members/server';
import { defineAction } from '@/lib/pipeline/define-action';

const addressOf = (actor: { kind: string; ip?: string | null }) => actor.ip ?? null;

export const signInAction = defineAction({
  name: 'session.sign-in',
  permission: 'anyone',
  input: signInInput,
  resourceOf: (input, ctx) => auditedLogin(ctx.db, input.login),
  run: async (ctx, input) => {
    const who = await checkPassword(ctx.db, { ...input, ip: addressOf(ctx.actor) });
    await signInBrowser(ctx, who, 'password');
    return { to: safePath(input.callbackUrl, serverEnv().NEXTAUTH_URL) };
  },
});

export const completeSetupAction = defineAction({
  name: 'member.setup',
  permission: 'anyone',
  input: completeSetupInput,
  resourceOf: () => ({ kind: 'member', id: null }),
  rate: { perMinute: 10 },
  run: async (ctx, input) => {
    await signInBrowser(ctx, await completeSetup(ctx, input), 'set-up link');
    return { to: HOME };
  },
});

export const acceptInvitationAction = defineAction({
  name: 'member.join',
  permission: 'anyone',
  input: acceptInvitationInput,
  resourceOf: () => ({ kind: 'member', id: null }),
  rate: { perMinute: 10 },
  run: async (ctx, input) => {
    await signInBrowser(ctx, await acceptInvitation(ctx, input), 'invitation link');
    return { to: HOME };
  },
});

export const rememberInvitationAction = defineAction({
  name: 'member.remember-invitation',
  permission: 'anyone',
  input: invitationRef,
  resourceOf: () => ({ kind: 'member', id: null }),
  rate: { perMinute: 10 },
  run: async (_ctx, input) => {
    await rememberInvitation(input.token);
    return {};
  },
});
