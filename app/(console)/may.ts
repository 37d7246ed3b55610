import 'server-only';
import { currentActor } from '@/lib/auth/session';
import { explain } from '@/lib/members/model/policy';
import type { Permission } from '@/lib/members/model/role';

/** Why the person may not do it anywhere, for the control that is off; null when they may. The action asks again. */
export async function whyNot(permission: Permission): Promise<string | null> {
  const actor = await currentActor();
  if (actor.kind !== 'user') return 'You are signed out. Sign in and try again.';
  return explain(actor.grants, permission, null)?.sentence ?? null;
}
