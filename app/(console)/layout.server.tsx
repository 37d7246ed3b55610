import type { ReactNode } from 'react';
import { ConsoleFrame } from '@/components/console/console-frame';
import { roleInWords } from '@/components/members/role-words';
import { currentActor } from '@/lib/auth/session';
import { serverEnv } from '@/lib/env/server';

/** Everything below depends on who asks; nothing of it is made ahead of time. */
export const dynamic = 'force-dynamic';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await currentActor();
  // Each page sends a stranger to sign-in itself: only it knows the address to come back to.
  if (actor.kind !== 'user') return children;
  return (
    <ConsoleFrame
      viewer={{ name: actor.name, role: roleInWords(actor.grants) }}
      sandbox={serverEnv().AETHERSTACK_MODE === 'sandbox'}
    >
      {children}
    </ConsoleFrame>
  );
}
