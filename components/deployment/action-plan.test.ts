import { describe, expect, test } from 'vitest';
import { DEPLOYMENT_STATUSES, isTerminal } from '@/lib/deployments/model/status';
import type { Allowed, DeploymentDetail } from '@/lib/deployments/model/view';
import { planActions } from './action-plan';
import { confirmationOf } from './confirmations';

const yes: Allowed = { allowed: true, refusal: null };
const no = (code: string): Allowed => ({ allowed: false, refusal: { code, sentence: `No: ${code}.` } });

function deployment(more: Partial<DeploymentDetail>): DeploymentDetail {
  return {
    id: 'dep_12',
    number: 12,
    targetId: 'tgt_1',
    status: 'succeeded',
    isCurrent: false,
    component: { slug: 'backend', name: 'Backend' },
    environment: { slug: 'staging', name: 'Staging', isProduction: false },
    revision: { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40), message: '', author: '' },
    provider: { label: 'Vendor', connectionName: 'acme', runsAt: 'Vendor' },
    remote: null,
    previous: { id: 'dep_8', number: 8, sha: 'b'.repeat(40) },
    current: { id: 'dep_8', number: 8, sha: 'b'.repeat(40) },
    actions: {
      cancel: yes,
      stopWaiting: yes,
      retry: yes,
      redeploy: yes,
      rollBack: yes,
      rollBackFrom: yes,
      resolve: yes,
      approve: no('not_waiting'),
      reject: no('not_waiting'),
      overrideFreeze: no('not_waiting'),
    },
    ...more,
  } as DeploymentDetail;
}

const ids = (of: DeploymentDetail) => planActions(of).buttons.map((action) => action.id);

describe('actions', () => {
  test.each(DEPLOYMENT_STATUSES)('%s: every action is in exactly one place and has its reason', (status) => {
    const { buttons, menu } = planActions(
      deployment({
        status,
        actions: {
          ...deployment({}).actions,
          cancel: no('a'),
          stopWaiting: no('a'),
          retry: no('b'),
          redeploy: no('c'),
          rollBack: no('d'),
        },
      }),
    );
    const end = status === 'verifying' ? 'stopWaiting' : 'cancel';
    expect([...buttons, ...menu].map((action) => action.id)).toEqual(
      expect.arrayContaining([end, 'redeploy', 'retry', 'rollBack']),
    );
    expect(buttons.length + menu.length).toBe(4);
    expect([...buttons, ...menu].every((action) => action.allowed.refusal !== null)).toBe(true);
    expect(buttons.some((action) => action.id === end)).toBe(!isTerminal(status));
  });

  const live = (actions: Partial<DeploymentDetail['actions']>, more: Partial<DeploymentDetail> = {}) =>
    deployment({
      isCurrent: true,
      actions: { ...deployment({}).actions, rollBack: no('is_current'), ...actions },
      ...more,
    });

  test.each(['pinned_rollback', 'order_unmet', 'checklist_open', 'soak_worse', 'pinned_freeze', 'checks_failed'])(
    'what is live leads back to what was live before, whatever closes a deployment of it: %s',
    (code) => {
      const of = live({ redeploy: no(code) });
      expect(ids(of)).toEqual(['redeploy', 'rollBackPrevious']);
      expect(planActions(of).buttons[1]).toMatchObject({ label: 'Roll back to #8', allowed: yes });
    },
  );

  test.each(['forbidden', 'connection_failing', 'pinned_lock'])(
    'what keeps every roll-back from going is said there: %s',
    (code) => {
      expect(planActions(live({ rollBackFrom: no(code) })).buttons[1]?.allowed.refusal?.code).toBe(code);
    },
  );

  test('where something else went there after it, what counts as live offers itself first', () => {
    const { buttons, menu } = planActions(live({ rollBack: yes }));
    expect(buttons[1]).toMatchObject({ id: 'rollBack', href: '/targets/tgt_1/roll-back?to=dep_12' });
    expect(menu.map(({ id }) => id)).toContain('rollBackPrevious');
  });

  test('going back leads to the page that says what it brings about', () => {
    const previous = planActions(live({})).buttons[1];
    expect(previous?.href).toBe('/targets/tgt_1/roll-back?to=dep_8');
    const old = planActions(deployment({})).buttons[1];
    expect(old).toMatchObject({ id: 'rollBack', href: '/targets/tgt_1/roll-back?to=dep_12' });
  });

  test('without a predecessor going back is off and says why', () => {
    const first = planActions(live({}, { previous: null })).buttons[1];
    expect(first?.allowed.refusal?.code).toBe('no_previous');
  });
});

describe('confirmations', () => {
  test('production is asked about in the danger tone', () => {
    const production = { slug: 'production', name: 'Production', isProduction: true };
    expect(confirmationOf('redeploy', deployment({ environment: production })).tone).toBe('danger');
    expect(confirmationOf('redeploy', deployment({})).tone).toBe('primary');
  });

  test('cancelling what never started says that nothing changes', () => {
    expect(confirmationOf('cancel', deployment({ status: 'queued' })).consequences[0]).toContain('No run has started');
  });

  test.each(['rollback', 'retry'] as const)('no longer waiting for a %s says whether its own hold stays', (kind) => {
    const said = (holdsTarget: boolean) =>
      confirmationOf('stopWaiting', deployment({ status: 'verifying', kind, holdsTarget })).consequences[0];
    expect(said(true)).toContain('Its own hold stays: until that is lifted, only a roll-back goes there.');
    expect(said(false)).toContain('What waits for this target takes its turn.');
  });
});
