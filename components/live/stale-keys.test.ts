import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { gatesKey } from '@/components/rendering/switch-gates';
import type { LiveEvent } from '@/lib/realtime/protocol';
import { parseLiveEvent, reconnectDelay, staleKeys } from './stale-keys';

const event: LiveEvent = {
  cursor: '1-1',
  topic: 'deployment',
  kind: 'status',
  at: '2026-01-01T00:00:00.000Z',
  deploymentId: 'dep_1',
  targetId: 'tgt_1',
  fromStatus: 'queued',
  toStatus: 'submitting',
  actorName: 'AetherStack',
};

describe('staleKeys', () => {
  it('names every screen that shows a deployment, and only the one deployment page', () => {
    expect(staleKeys(event)).toEqual([
      ['now'],
      ['matrix'],
      ['waiting'],
      ['rendering'],
      ['component'],
      ['deployments'],
      ['deployment', 'dep_1'],
      ['approval', 'dep_1'],
      ['approvals'],
      ['roll-back'],
      ['promotion'],
      ['switching', 'tgt_1'],
      ['holds'],
    ]);
  });

  it('news of another target leaves an open switch alone; its own, a freeze and a policy ask its gates anew', () => {
    const client = new QueryClient();
    const key = gatesKey('tgt_1', { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40) });
    const asksAnew = (news: Partial<LiveEvent>) => {
      client.setQueryData(key, {});
      for (const queryKey of staleKeys({ ...event, ...news })) void client.invalidateQueries({ queryKey });
      return client.getQueryState(key)?.isInvalidated;
    };
    const other = { targetId: 'tgt_2', deploymentId: 'dep_2' };
    for (const topic of ['deployment', 'pin', 'target'] as const) {
      expect(asksAnew({ topic, ...other }), topic).toBe(false);
      expect(asksAnew({ topic }), topic).toBe(true);
    }
    expect(asksAnew({ topic: 'connection', targetId: null, deploymentId: null })).toBe(false);
    for (const topic of ['freeze', 'policy'] as const)
      expect(asksAnew({ topic, targetId: null, deploymentId: null }), topic).toBe(true);
  });

  it('names all deployment pages when a pin changes what they allow', () => {
    expect(staleKeys({ ...event, topic: 'pin', deploymentId: null })).toContainEqual(['deployment']);
  });

  it.each(['pin', 'freeze'] as const)('a %s changes what is held and what waits for approval', (topic) => {
    const keys = staleKeys({ ...event, topic, deploymentId: null });
    for (const key of [['holds'], ['approval'], ['approvals'], ['roll-back'], ['now'], ['matrix'], ['waiting']])
      expect(keys).toContainEqual(key);
  });

  it('another policy voids approvals', () => {
    expect(staleKeys({ ...event, topic: 'policy', deploymentId: null })).toEqual(
      expect.arrayContaining([['policy'], ['approval'], ['deployment']]),
    );
  });

  it('a connection makes its own screens and the overview stale', () => {
    const keys = staleKeys({ ...event, topic: 'connection', deploymentId: null });
    expect(keys).toContainEqual(['connections']);
    expect(keys).toContainEqual(['now']);
    expect(keys).not.toContainEqual(['deployments']);
  });
});

describe('parseLiveEvent', () => {
  it('reads an event and ignores what is not one', () => {
    expect(parseLiveEvent(JSON.stringify(event))).toEqual(event);
    expect(parseLiveEvent('<html>')).toBeNull();
    expect(parseLiveEvent('42')).toBeNull();
  });
});

describe('reconnectDelay', () => {
  it('grows with every failure and never passes 36 seconds', () => {
    expect(reconnectDelay(1, 0)).toBe(1000);
    expect(reconnectDelay(3, 0)).toBe(4000);
    expect(reconnectDelay(50, 1)).toBe(36_000);
  });
});
