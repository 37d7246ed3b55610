import { recordCommits, takeCommits } from '@/lib/deployments/testing/commit-order';
import { type GateWorld, gateWorld } from '@/lib/deployments/testing/gate-world';

export async function raceWorld(): Promise<GateWorld> {
  const world = await gateWorld();
  await recordCommits(world);
  await world.person('ben');
  await world.person('cleo');
  await world.person('root', 'admin');
  return world;
}

/** Whatever a round left is over, except `kept`, which are live as before. */
export async function clear({ database: { pool } }: GateWorld, kept: readonly string[] = []): Promise<void> {
  await pool.query(
    'delete from attempts; delete from approvals; delete from freezes; delete from pins; delete from commits',
  );
  await pool.query(
    `update deployments set status = 'cancelled', next_check_at = null, deadline_at = null, attention = null,
       finished_at = coalesce(finished_at, now()) where status <> 'cancelled' and not id = any($1)`,
    [kept],
  );
}

/** Whatever the race before asked for: nobody has to approve anything. */
export async function ungated(world: GateWorld): Promise<void> {
  await world.policy('staging', { approvals: 0 });
}

/** A request of its own content, so that nothing older is in its place. */
export async function request(world: GateWorld): Promise<string> {
  return (await world.click()).deploymentId;
}

/** The places of the named commits since `clear`, in their order; -1 for what did not happen. */
export async function commitOrder(world: GateWorld, ...names: [what: string, id?: string][]): Promise<number[]> {
  const order = await takeCommits(world);
  return names.map(([what, id]) =>
    order.findIndex((each) => each.what === what && (id === undefined || each.id === id)),
  );
}
