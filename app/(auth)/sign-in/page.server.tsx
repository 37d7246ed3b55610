import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { EntryCard } from '@/components/members/entry-card';
import { SignInForm } from '@/components/members/sign-in-form';
import { Notice } from '@/components/ui/notice';
import { setupNeeded } from '@/lib/auth/first-administrator';
import { identityProviders } from '@/lib/auth/identity-providers';
import { safePath } from '@/lib/auth/safe-path';
import { currentActor } from '@/lib/auth/session';
import { signInProblem } from '@/lib/auth/sign-in-problem';
import { serverEnv } from '@/lib/env/server';
import { getRuntime } from '@/lib/runtime';
import { signInAction } from '../actions';

export const metadata: Metadata = { title: 'Sign in' };

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const [query, actor, runtime] = await Promise.all([searchParams, currentActor(), getRuntime()]);
  const env = serverEnv();
  const callbackUrl = safePath(query.callbackUrl, env.NEXTAUTH_URL);
  if (actor.kind === 'user') redirect(callbackUrl);
  const fresh = await setupNeeded(runtime.contextFor(actor).db);
  return (
    <EntryCard title="Sign in" lead={fresh ? undefined : 'See what runs where, and release.'}>
      {fresh ? (
        <Notice tone="neutral" title="There is no administrator yet">
          Open the set-up link that the server printed when it started.
        </Notice>
      ) : null}
      <SignInForm
        signIn={signInAction}
        callbackUrl={callbackUrl}
        problem={signInProblem(query.error)}
        providers={identityProviders(env)}
      />
    </EntryCard>
  );
}
