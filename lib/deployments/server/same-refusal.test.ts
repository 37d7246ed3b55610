import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { composerPlan, redeploy } from './index';

const [OLD, MID, NEW] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, MID, NEW];
});
afterEach(() => world.close());

const targetId = 'tgt_production';
const button = async (sha: string) =>
  (await composerPlan(world.as('operator'), { targetId, ref: 'main', sha })).gate.refusal?.code;
const press = async (sha: string, checklist: string[] = []) =>
  world.click({ target: 'production', sha, checklist }).then(
    () => expect.fail('it was let in'),
    ({ code }: { code: string }) => code,
  );

describe('where several gates are closed, the press names the one that the button names', () => {
  test('older than live before the order of environments', async () => {
    await world.deployed('done', { target: 'production', sha: NEW });
    await world.policy('production', { afterEnvironmentId: 'env_staging' });
    expect([await button(OLD), await press(OLD)]).toEqual(['older_than_live', 'older_than_live']);
  });

  test('failed checks before the order, and a freeze before both', async () => {
    await world.policy('production', { afterEnvironmentId: 'env_staging', checks: 'success' });
    world.vendor.checks[MID] = 'failure';
    expect([await button(MID), await press(MID)]).toEqual(['checks_failed', 'checks_failed']);
    await world.freeze('production');
    expect([await button(MID), await press(MID)]).toEqual(['pinned_freeze', 'pinned_freeze']);
    world.vendor.readError = new ProviderError('unavailable', 'unreachable', 'It cannot be reached.');
    expect(await press(MID), 'what no reading can open is refused before').toBe('pinned_freeze');
  });

  test('older than live before a checklist that is open', async () => {
    await world.deployed('done', { target: 'production', sha: NEW });
    await world.policy('production', { checklist: ['Backup taken'] });
    expect([await button(OLD), await press(OLD)]).toEqual(['older_than_live', 'older_than_live']);
    await world.policy('production', {});
    world.vendor.history = [NEW, OLD, MID];
    await world.policy('production', { checklist: ['Backup taken'] });
    expect([await button(MID), await press(MID)]).toEqual([undefined, 'checklist_open']);
  });

  test('“Deploy again” reads nothing at the provider, so its press says the order first as well', async () => {
    const deploymentId = await world.deployed('done', { target: 'production', sha: OLD });
    await world.deployed('done', { target: 'production', sha: NEW });
    await world.policy('production', { afterEnvironmentId: 'env_staging' });
    const again = redeploy(world.as('operator'), { deploymentId, idempotencyKey: 'key-again-1' });
    await expect(again).rejects.toMatchObject({ code: 'order_unmet' });
  });
});
