import { eq } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import {
  components,
  connections,
  deploymentSteps,
  deployments,
  environments,
  events,
  freezes,
  grants,
  pins,
  releases,
  targets,
  users,
} from '@/lib/db/schema';
import { type DeploymentStatus, isTerminal } from '@/lib/deployments/model/status';
import { newId } from '@/lib/kernel/ids';
import type { Grant } from '@/lib/members/model/role';

let serial = 0;
const next = () => ++serial;

/** A 40-character commit id that reads as its number. */
export function fakeSha(number: number): string {
  return number.toString(16).padStart(8, '0').repeat(5);
}

function only<T>(rows: T[]): T {
  const row = rows[0];
  if (!row) throw new Error('The database returned no row.');
  return row;
}

export async function makeUser(db: Db, over: Partial<typeof users.$inferInsert> & { grants?: Grant[] } = {}) {
  const n = next();
  const { grants: given = [{ role: 'operator', environmentPattern: '*' }], ...columns } = over;
  const user = only(
    await db
      .insert(users)
      .values({ id: newId('usr'), login: `person-${n}`, name: `Person ${n}`, ...columns })
      .returning(),
  );
  for (const grant of given) await db.insert(grants).values({ id: newId('grn'), userId: user.id, ...grant });
  return { ...user, grants: given };
}

export async function makeConnection(db: Db, over: Partial<typeof connections.$inferInsert> = {}) {
  const n = next();
  const values = {
    id: newId('con'),
    name: `Connection ${n}`,
    providerId: 'fake',
    origin: 'https://api.fake.test',
    credentialKind: 'token',
    sealedCredential: 'v1.sealed',
    state: 'ok',
    ...over,
  } as const;
  return only(await db.insert(connections).values(values).returning());
}

export async function makeComponent(db: Db, over: Partial<typeof components.$inferInsert> = {}) {
  const n = next();
  const values = { id: newId('cmp'), slug: `component-${n}`, name: `Component ${n}`, kind: 'other', ...over } as const;
  return only(await db.insert(components).values(values).returning());
}

export async function makeEnvironment(db: Db, over: Partial<typeof environments.$inferInsert> = {}) {
  const n = next();
  const values = { id: newId('env'), slug: `environment-${n}`, name: `Environment ${n}`, position: n, ...over };
  return only(await db.insert(environments).values(values).returning());
}

export interface TargetParts {
  component?: { id: string };
  environment?: { id: string };
  connection?: { id: string };
  label?: string;
  config?: Record<string, unknown>;
}

/** A target with whatever it needs around it; parts that are given are used. */
export async function makeTarget(db: Db, parts: TargetParts = {}) {
  const component = parts.component ?? (await makeComponent(db));
  const environment = parts.environment ?? (await makeEnvironment(db));
  const connection = parts.connection ?? (await makeConnection(db));
  const values = {
    id: newId('tgt'),
    componentId: component.id,
    environmentId: environment.id,
    connectionId: connection.id,
    label: parts.label ?? '',
    config: parts.config ?? { repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' },
  };
  return only(await db.insert(targets).values(values).returning());
}

export type DeploymentOver = Partial<Omit<typeof deployments.$inferInsert, 'status'>> & {
  message?: string;
  /** Makes it the live one; a success is unless told otherwise. */
  current?: boolean;
};

/** A deployment of the target in any status, with its release, as the engine would have left it. */
export async function makeDeployment(
  db: Db,
  target: typeof targets.$inferSelect,
  status: DeploymentStatus = 'succeeded',
  { message, current = status === 'succeeded', ...over }: DeploymentOver = {},
) {
  const n = next();
  const sha = over.sha ?? fakeSha(n);
  const releaseId = over.releaseId ?? (await makeRelease(db, target.componentId, sha, message ?? `Change ${n}`));
  const connection = only(await db.select().from(connections).where(eq(connections.id, target.connectionId)));
  const started = status === 'queued' || status === 'awaiting_approval' ? null : new Date(Date.now() - 120_000);
  const row = only(
    await db
      .insert(deployments)
      .values({
        id: newId('dep'),
        targetId: target.id,
        componentId: target.componentId,
        environmentId: target.environmentId,
        connectionId: target.connectionId,
        providerId: connection.providerId,
        idempotencyKey: newId('key'),
        contentDigest: newId('digest'),
        ref: 'main',
        refKind: 'branch',
        config: target.config,
        dispatch: { findable: true, markerInput: 'aether_marker', shaInput: 'sha' },
        requestedByName: 'Ada',
        startedAt: started,
        submittedAt: started,
        finishedAt: isTerminal(status) ? new Date() : null,
        ...over,
        sha,
        releaseId,
        status,
      })
      .returning(),
  );
  if (current) await db.update(targets).set({ currentDeploymentId: row.id }).where(eq(targets.id, target.id));
  return row;
}

async function makeRelease(db: Db, componentId: string, sha: string, message: string): Promise<string> {
  const values = { id: newId('rel'), componentId, sha, ref: 'main', version: sha.slice(0, 7), message, author: 'Ada' };
  const row = await db
    .insert(releases)
    .values(values)
    .onConflictDoUpdate({ target: [releases.componentId, releases.sha], set: { message } })
    .returning();
  return only(row).id;
}

export async function makeStep(
  db: Db,
  deployment: { id: string; remoteAttempt: number },
  over: Partial<typeof deploymentSteps.$inferInsert> = {},
) {
  const n = next();
  const jobId = over.jobId ?? 'job1';
  const number = over.number ?? 1;
  const values = {
    deploymentId: deployment.id,
    remoteAttempt: deployment.remoteAttempt,
    key: `${jobId}:${number}`,
    position: n,
    job: jobId,
    jobId,
    number,
    name: `Step ${n}`,
    status: 'succeeded',
    ...over,
  } as const;
  return only(await db.insert(deploymentSteps).values(values).returning());
}

export async function makePin(db: Db, target: { id: string }, over: Partial<typeof pins.$inferInsert> = {}) {
  const values = {
    id: newId('pin'),
    targetId: target.id,
    kind: 'lock',
    reason: 'Release freeze',
    createdBy: 'usr_x',
    createdByName: 'Grace',
    ...over,
  } as const;
  return only(await db.insert(pins).values(values).returning());
}

/** A freeze of four hours that began an hour ago. */
export async function makeFreeze(db: Db, over: Partial<typeof freezes.$inferInsert> = {}) {
  const values = {
    id: newId('frz'),
    name: 'Quarter end',
    reason: 'The books are closed',
    timeZone: 'UTC',
    startsAt: new Date(Date.now() - 3_600_000).toISOString().slice(0, 16),
    durationMinutes: 240,
    createdBy: 'usr_x',
    createdByName: 'Grace',
    ...over,
  };
  return only(await db.insert(freezes).values(values).returning());
}

export async function makeEvent(
  db: Db,
  deployment: { id: string; targetId: string },
  over: Partial<typeof events.$inferInsert> = {},
) {
  const values = {
    topic: 'deployment',
    kind: 'claim',
    deploymentId: deployment.id,
    targetId: deployment.targetId,
    actorName: 'Ada',
    ...over,
  } as const;
  return only(await db.insert(events).values(values).returning());
}
