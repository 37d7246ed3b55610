import { describe, expect, it } from 'vitest';
import type { DeploymentSummary, MatrixCell, MatrixView } from '@/lib/deployments/model/view';
import { deploymentLinks, estateLinks } from './palette-search';

function cell(environmentSlug: string, allowed = true): MatrixCell {
  return {
    targetId: `tgt_${environmentSlug}`,
    environmentSlug,
    label: '',
    current: null,
    latest: null,
    queued: 0,
    commitsBehind: null,
    pins: [],
    drift: null,
    changed: null,
    connection: { id: 'con_1', name: 'Main', state: 'ok' },
    deploy: { allowed, refusal: null },
    mayOverride: false,
  };
}

const matrix: MatrixView = {
  environments: [
    { slug: 'staging', name: 'Staging', isProduction: false },
    { slug: 'production', name: 'Production', isProduction: true },
  ],
  rows: [
    {
      component: { slug: 'backend', name: 'Backend', kind: 'backend', description: '' },
      cells: { staging: [cell('staging')], production: [cell('production', false)] },
    },
  ],
};

const labels = (query: string) => estateLinks(matrix, query).flatMap((group) => group.items.map((item) => item.label));

describe('estateLinks', () => {
  it('finds a target by the words of the sentence in any order', () => {
    expect(labels('deploy backend staging')).toEqual(['Deploy Backend to Staging…']);
    expect(labels('prod backend')).toEqual(['Deploy Backend to Production…']);
  });

  it('offers the component and all its targets by its name alone', () => {
    expect(labels('back')).toEqual(['Deploy Backend to Staging…', 'Deploy Backend to Production…', 'Backend']);
  });

  it('says when a target cannot be deployed now, and still leads there', () => {
    const [group] = estateLinks(matrix, 'production');
    expect(group?.items[0]).toMatchObject({ href: '/deploy/tgt_production', hint: 'not possible now' });
    const frozen = { ...cell('production', false), mayOverride: true };
    const row = { ...matrix.rows[0], cells: { production: [frozen] } } as MatrixView['rows'][number];
    expect(estateLinks({ ...matrix, rows: [row] }, 'production')[0]?.items[0]).toMatchObject({
      hint: 'a freeze holds',
    });
  });

  it('finds the way back by its own words, and only where something is live', () => {
    expect(labels('roll back backend')).toEqual([]);
    const live = { ...cell('production'), current: { id: 'dep_1' } as MatrixCell['current'] };
    const [row] = matrix.rows;
    if (!row) throw new Error('The matrix has a row.');
    const withLive: MatrixView = { ...matrix, rows: [{ ...row, cells: { production: [live] } }] };
    const found = estateLinks(withLive, 'rollback prod').flatMap((group) => group.items);
    expect(found).toMatchObject([
      { label: 'Roll back Backend in Production…', href: '/targets/tgt_production/roll-back' },
    ]);
  });

  it('answers nothing for words that name nothing', () => {
    expect(labels('zebra')).toEqual([]);
  });

  it('tells several targets there apart, to deploy to and among the deployments', () => {
    const [row] = matrix.rows;
    if (!row) throw new Error('The matrix has a row.');
    const several = ['', 'Open VSX'].map((label) => ({ ...cell('production'), label }));
    const found = estateLinks({ ...matrix, rows: [{ ...row, cells: { production: several } }] }, 'deploy production');
    expect(found[0]?.items.map(({ label }) => label)).toEqual([
      'Deploy Backend to Production…',
      'Deploy Backend to Production (Open VSX)…',
    ]);
    const deployment = {
      ...{ id: 'dep_1', number: 7, status: 'succeeded', label: 'Open VSX', revision: { ref: 'main' } },
      ...{ component: { name: 'Backend' }, environment: { name: 'Production' } },
    } as DeploymentSummary;
    expect(deploymentLinks([deployment])[0]?.items[0]?.label).toBe('#7 Backend → Production (Open VSX), main');
  });
});
