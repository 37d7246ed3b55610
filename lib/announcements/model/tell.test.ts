import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_STATUSES } from '@/lib/deployments/model/status';
import { ProviderError } from '@/lib/providers/port';
import {
  contextName,
  describe as describeState,
  environmentName,
  isShut,
  markSkipFor,
  mayFollow,
  skipFor,
  stateFor,
} from './tell';

describe('what a provider is told', () => {
  it('only what is live is a success; an unknown end is never one', () => {
    const successes = DEPLOYMENT_STATUSES.filter((status) => stateFor(status, true) === 'success');
    expect(successes).toEqual(['succeeded']);
    expect(stateFor('succeeded', false)).toBe('inactive');
    expect(stateFor('awaiting_approval', false)).toBeNull();
  });

  it('never goes backwards, and an end is not exchanged for another', () => {
    expect(mayFollow(null, 'queued')).toBe(true);
    expect(mayFollow('queued', 'success')).toBe(true);
    expect(mayFollow('in_progress', 'queued')).toBe(false);
    expect(mayFollow('success', 'in_progress')).toBe(false);
    expect(mayFollow('success', 'failure')).toBe(false);
    expect(mayFollow('success', 'inactive')).toBe(true);
    expect(mayFollow('inactive', 'success')).toBe(false);
    expect(mayFollow('success', 'success')).toBe(false);
  });

  it('every target has a name of its own', () => {
    const place = { environment: 'production', component: 'backend', label: '' };
    expect([environmentName(place), contextName(place)]).toEqual([
      'production-backend',
      'aetherstack/backend/production',
    ]);
    expect(environmentName({ ...place, label: 'open-vsx' })).toBe('production-backend-open-vsx');
    expect(environmentName({ ...place, label: 'Open VSX!' })).toMatch(/^production-backend-open-vsx\.[a-z0-9]+$/);
    const labels = ['', '東京', '大阪', 'EU 1', 'eu-1', 'EU-1', 'eu 1', '-eu-1', '🚀', '🚂', '-', '--'];
    for (const name of [environmentName, contextName])
      expect(new Set(labels.map((label) => name({ ...place, label }))).size).toBe(labels.length);
  });

  it('says no name and no reason of anybody', () => {
    expect(describeState(128, 'failed', 'failure')).toBe('#128: The change failed.');
    expect(describeState(7, 'succeeded', 'inactive')).toBe('#7: replaced by a newer deployment.');
  });

  it('what would run something counts before what would be shown twice, and that before what nobody knows', () => {
    const none = { ownRecord: null, triggered: [], unread: [], unknown: null };
    expect([skipFor(none, 'GitHub'), markSkipFor(none, 'GitHub', 'status')]).toEqual([null, null]);
    expect(skipFor({ ...none, ownRecord: 'Deploy', unknown: 'x' }, 'GitHub')?.code).toBe('own_record');
    const all = { ...none, ownRecord: 'Deploy', triggered: ['a.yml', 'b.yml', 'c.yml', 'd.yml'] };
    expect(skipFor(all, 'GitHub')).toMatchObject({
      ...{ code: 'triggers', sentence: expect.stringContaining('a.yml, b.yml, c.yml and 1 more because') },
    });
    expect(markSkipFor({ ...all, ownRecord: null }, 'GitHub', 'status')?.sentence).toContain('on: status');
    expect(markSkipFor({ ...all, ownRecord: null }, 'GitHub', 'check')?.sentence).toContain('on: check_run');
    for (const skip of [skipFor, markSkipFor])
      expect(skip({ ...none, unknown: 'it is hidden' }, 'GitHub', 'check')).toMatchObject({ code: 'not_known' });
  });

  it('a way is shut only while nothing was said there', () => {
    for (const code of ['own_record', 'triggers', 'not_known', 'missing_permission'])
      expect([isShut({ shown: false, code }), isShut({ shown: true, code })]).toEqual([true, false]);
    expect(isShut({ shown: false, code: 'credential_refused' })).toBe(false);
  });
});

it('a provider error carries no secret into the row', () => {
  expect(new ProviderError('rejected', 'x', 'token ghp_0123456789abcdefghijklmnopqrstuvwxyzAB').message).not.toContain(
    'ghp_0123',
  );
});
