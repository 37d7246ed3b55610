import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { approvals, environments, freezes, grants, users } from '@/lib/db/schema';
import type { Policy } from '@/lib/gates/model/policy';
import { createFreeze, lock, setPolicy } from '@/lib/gates/server';
import { newId } from '@/lib/kernel/ids';
import type { Role } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { approve } from '../server';
import { type EngineWorld, engineWorld } from './engine-world';

type Slug = 'staging' | 'production';

/** An engine's world with people in it, and short words for what holds things back. */
export interface GateWorld extends EngineWorld {
  /** A person with a role everywhere, as rows, and what they act with. */
  person(name: string, role?: Role): Promise<ServiceContext>;
  /** The same person through a token of theirs. */
  tokenOf(name: string, scopes: TokenScope[]): ServiceContext;
  policy(slug: Slug, policy: Partial<Policy>): Promise<number>;
  /** Freezes an environment (all when null) from an hour ago, for `minutes`. */
  freeze(slug: Slug | null, minutes?: number, who?: ServiceContext): Promise<string>;
  lock(scope: { environment?: Slug; component?: boolean; target?: Slug; expiresAt?: string }): Promise<string>;
  approveAs(who: ServiceContext, deploymentId: string): ReturnType<typeof approve>;
  standing(deploymentId: string): Promise<(typeof approvals.$inferSelect)[]>;
}

export async function gateWorld(): Promise<GateWorld> {
  const world = await engineWorld();
  const { db } = world.database;
  const admin = world.as('admin');
  return {
    ...world,
    person: async (name, role = 'approver') => {
      await db.insert(users).values({ id: `user_${name}`, login: name, name });
      await db.insert(grants).values({ id: newId('grt'), userId: `user_${name}`, role, environmentPattern: '*' });
      return world.as(role, name);
    },
    tokenOf: (name, scopes) => {
      const { actor } = world.as('approver', name);
      if (actor.kind !== 'user') throw new Error('Not a person.');
      const { id: userId, grants: held, ip } = actor;
      return { ...admin, actor: { kind: 'token', id: 'tok_1', userId, name, grants: held, scopes, ip } };
    },
    policy: async (slug, policy) => {
      const [row] = await db
        .select()
        .from(environments)
        .where(eq(environments.id, `env_${slug}`));
      const input = { environmentId: `env_${slug}`, policyVersion: row?.policyVersion ?? 0, policy };
      return (await setPolicy(admin, input)).policyVersion;
    },
    freeze: async (slug, minutes = 600, who = admin) => {
      const startsAt = new Date(Date.now() - 3_600_000).toISOString().slice(0, 16);
      const { freezeId } = await createFreeze(who, {
        name: 'Quarter end',
        reason: 'The books are closed',
        environmentId: slug && `env_${slug}`,
        timeZone: 'UTC',
        startsAt,
        durationMinutes: minutes,
      });
      return freezeId;
    },
    lock: async ({ environment, component, target, expiresAt }) =>
      (
        await lock(admin, {
          environmentId: environment ? `env_${environment}` : null,
          componentId: component ? 'cmp_backend' : null,
          targetId: target ? `tgt_${target}` : null,
          reason: 'Audit week',
          expiresAt: expiresAt ?? null,
        })
      ).pinId,
    approveAs: async (who, deploymentId) => {
      const { approvalDigest } = await world.row(deploymentId);
      return approve(who, { deploymentId, digest: approvalDigest ?? '', reason: '' });
    },
    standing: async (deploymentId) => {
      const rows = await db.select().from(approvals).where(eq(approvals.deploymentId, deploymentId));
      return rows.filter((row) => row.voidedAt === null);
    },
  };
}

/** Ends every freeze as time would, without anybody being told. */
export async function passFreezes({ database }: GateWorld): Promise<void> {
  await database.db.update(freezes).set({ startsAt: '2020-01-01T00:00' });
}
