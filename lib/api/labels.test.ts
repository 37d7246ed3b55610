import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeDeployment, makeEnvironment, makePin, makeTarget } from '@/lib/db/testing/factories';
import { readApproval } from '@/lib/deployments/server/read-approval';
import { readComponent } from '@/lib/deployments/server/read-component';
import { readDeployment } from '@/lib/deployments/server/read-deployment';
import { listDeployments } from '@/lib/deployments/server/read-list';
import { readMatrix } from '@/lib/deployments/server/read-matrix';
import { readNow } from '@/lib/deployments/server/read-now';
import { readHolds } from '@/lib/gates/server';
import { readStatusPage } from '@/lib/status/server/read-page';
import * as deployments from './answers/deployments';
import * as gates from './answers/gates';
import { StatusPage } from './answers/status';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const LABELS = ['', 'Open VSX', 'Private gallery'];
const sorted = (rows: readonly { label: string }[]) => rows.map(({ label }) => label).sort();

/** One component with several targets in one environment, each with something live and something that waits. */
async function makeSeveral() {
  const { db } = database;
  const component = await makeComponent(db);
  const environment = await makeEnvironment(db, { isProduction: true });
  const made = [];
  for (const label of LABELS) {
    const target = await makeTarget(db, { component, environment, label });
    const live = await makeDeployment(db, target, 'succeeded');
    const asked = await makeDeployment(db, target, 'awaiting_approval');
    await makePin(db, target);
    made.push({ label, live, asked });
  }
  return { component, environment, made, ctx: testContext(db) };
}

test('several targets of a component in one environment are told apart wherever a deployment is named', async () => {
  const { component, environment, made, ctx } = await makeSeveral();
  const page = await listDeployments(ctx, { environment: environment.slug });
  expect(sorted(page.rows)).toEqual(LABELS.flatMap((label) => [label, label]));
  expect(sorted((await readComponent(ctx, { slug: component.slug })).history)).toEqual(sorted(page.rows));
  const { rows } = await readMatrix(ctx);
  const cells = rows.flatMap((row) => row.cells[environment.slug] ?? []);
  for (const cell of cells)
    expect([cell.current?.label, cell.latest?.label], cell.label).toEqual([cell.label, cell.label]);
  expect(sorted(cells)).toEqual(LABELS);
  const now = await readNow(ctx);
  expect([sorted(now.recent), sorted(deployments.Now.parse(now).pins)]).toEqual([LABELS, LABELS]);
  const holds = gates.Holds.parse(await readHolds(ctx, {}));
  expect(sorted(holds.pins.flatMap(({ heldBack }) => heldBack))).toEqual(LABELS);
  expect(sorted(StatusPage.parse(await readStatusPage(ctx)).recent)).toEqual(LABELS);
  for (const { label, live, asked } of made) {
    const detail = await readDeployment(ctx, { deploymentId: live.id });
    const packet = await readApproval(ctx, { deploymentId: asked.id });
    expect([detail.label, packet.deployment.label]).toEqual([label, label]);
    expect(deployments.DeploymentDetail.parse(detail).label, 'as the API says it').toBe(label);
    expect(gates.ApprovalPacket.parse(packet).deployment.label).toBe(label);
  }
});
