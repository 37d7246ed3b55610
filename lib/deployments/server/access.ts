import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import type { Allowed } from '../model/view';

export function requireAllowed(check: Allowed): void {
  if (check.allowed) return;
  throw new ServiceError(
    'precondition',
    check.refusal?.code ?? 'refused',
    check.refusal?.sentence ?? 'This is not possible now.',
  );
}

export function actorId(ctx: ServiceContext): string | null {
  return personId(ctx.actor);
}
