import type { Metadata } from 'next';
import { EntryCard } from '@/components/members/entry-card';
import { JoinForm } from '@/components/members/join-form';
import { identityProviders } from '@/lib/auth/identity-providers';
import { serverEnv } from '@/lib/env/server';
import { acceptInvitationAction, rememberInvitationAction } from '../actions';

export const metadata: Metadata = { title: 'Join' };

export default function JoinPage() {
  return (
    <EntryCard
      title="Choose a password"
      lead="Your link works once. Afterwards you sign in with your login and this password."
    >
      <JoinForm
        join={acceptInvitationAction}
        remember={rememberInvitationAction}
        providers={identityProviders(serverEnv())}
      />
    </EntryCard>
  );
}
