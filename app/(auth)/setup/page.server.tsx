import type { Metadata } from 'next';
import { EntryCard } from '@/components/members/entry-card';
import { SetupForm } from '@/components/members/setup-form';
import { ButtonLink } from '@/components/ui/button-link';
import { setupNeeded } from '@/lib/auth/first-administrator';
import { currentActor } from '@/lib/auth/session';
import { getRuntime } from '@/lib/runtime';
import { completeSetupAction } from '../actions';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetupPage() {
  const [actor, runtime] = await Promise.all([currentActor(), getRuntime()]);
  if (!(await setupNeeded(runtime.contextFor(actor).db))) {
    return (
      <EntryCard title="Already set up" lead="This installation has an administrator. The link has done its work.">
        <ButtonLink href="/sign-in" variant="primary" className="h-10 justify-center">
          Go to sign-in
        </ButtonLink>
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Welcome" lead="Choose how the first administrator signs in. Everything else can wait.">
      <SetupForm completeSetup={completeSetupAction} />
    </EntryCard>
  );
}
