import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { explain } from '@/lib/members/model/policy';
import type { Permission } from '@/lib/members/model/role';
import type { Allowed } from '../model/view';

/** Every verb asks again, whoever calls it: action, API, job. The engine itself is trusted. */
export function requirePermission(ctx: ServiceContext, permission: Permission, environment: string): void {
  if (ctx.actor.kind === 'system') return;
  const refusal = explain(ctx.actor.kind === 'user' ? ctx.actor.grants : [], permission, environment);
  if (refusal) throw new ServiceError('forbidden', refusal.code, refusal.sentence);
}

export function requireAllowed(check: Allowed): void {
  if (check.allowed) return;
  throw new ServiceError(
    'precondition',
    check.refusal?.code ?? 'refused',
    check.refusal?.sentence ?? 'This is not possible now.',
  );
}

export function actorId(ctx: ServiceContext): string | null {
  return ctx.actor.kind === 'user' ? ctx.actor.id : null;
}
