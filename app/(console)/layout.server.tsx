import type { ReactNode } from 'react';
import { ConsoleFrame } from '@/components/console/console-frame';
import { roleInWords } from '@/components/members/role-words';
import { identityProviders } from '@/lib/auth/identity-providers';
import { currentActor } from '@/lib/auth/session';
import { serverEnv } from '@/lib/env/server';
import { proveAction } from './members/actions';

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
      proof={{ prove: proveAction, identities: identityProviders(serverEnv()) }}
    >
      {children}
    </ConsoleFrame>
  );
}
