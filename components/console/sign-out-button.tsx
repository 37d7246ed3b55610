'use client';

import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { notify } from '@/components/ui/notify';

/** Forgets what was to be sent for this person, ends this session on the server, then goes to sign-in. The client is fetched when it is pressed. */
export function SignOutButton() {
  const [pending, setPending] = useState(false);

  async function leave() {
    setPending(true);
    try {
      const [{ signOut }, { dropKept }] = await Promise.all([
        import('next-auth/react'),
        import('@/components/approval/kept-in-tab'),
      ]);
      dropKept(() => sessionStorage);
      await signOut({ callbackUrl: '/sign-in' });
    } catch {
      setPending(false);
      notify({ tone: 'bad', title: 'You are still signed in', body: 'The console could not be reached. Try again.' });
    }
  }

  return (
    <Button variant="quiet" icon={<LogOut aria-hidden />} pending={pending} onClick={leave}>
      Sign out
    </Button>
  );
}
