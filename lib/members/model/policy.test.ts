import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain, isAdministrator, matchesPattern, permits, permitsEverywhere } from './policy';
import { type Grant, PERMISSIONS, type Permission, ROLES, type Role } from './role';

/** The whole matrix, written out a second time on purpose. `*` marks what only a grant on `*` gives. */
const EXPECTED: Record<Permission, Partial<Record<Role, 'yes' | '*'>>> = {
  'deployment.read': { viewer: 'yes', operator: 'yes', approver: 'yes', admin: 'yes' },
  'deployment.request': { operator: 'yes', admin: 'yes' },
  'deployment.cancel': { operator: 'yes', admin: 'yes' },
  'deployment.retry': { operator: 'yes', admin: 'yes' },
  'deployment.rollback': { operator: 'yes', admin: 'yes' },
  'deployment.resolve': { operator: 'yes', admin: 'yes' },
  'gate.answer': { approver: 'yes' },
  'deployment.approve': { approver: 'yes' },
  'pin.lift': { approver: 'yes', admin: 'yes' },
  'lock.create': { operator: 'yes', approver: 'yes', admin: 'yes' },
  'freeze.manage': { operator: 'yes', approver: 'yes', admin: 'yes' },
  'freeze.override': { admin: 'yes' },
  'policy.manage': { admin: 'yes' },
  'incident.manage': { operator: '*', admin: '*' },
  'subscription.manage': { admin: '*' },
  'component.manage': { admin: '*' },
  'environment.manage': { admin: '*' },
  'target.manage': { admin: 'yes' },
  'configuration.manage': { admin: 'yes' },
  'connection.read': { viewer: 'yes', operator: 'yes', approver: 'yes', admin: 'yes' },
  'connection.check': { admin: '*' },
  'connection.manage': { admin: '*' },
  'audit.read': { approver: 'yes', admin: 'yes' },
  'audit.export': { approver: 'yes', admin: 'yes' },
  'member.read': { admin: '*' },
  'member.manage': { admin: '*' },
  'session.manage': { admin: '*' },
};

/** Pattern → slugs that it covers and slugs that it does not. */
const PATTERNS: Record<string, { yes: string[]; no: string[] }> = {
  '*': { yes: ['production', 'staging', 'preview-1', 'a'], no: [] },
  production: { yes: ['production'], no: ['staging', 'Production', 'production-2', 'my-production', 'roduction', ''] },
  'preview-*': { yes: ['preview-', 'preview-1', 'preview-a-b'], no: ['preview', 'xpreview-1', 'Preview-1'] },
  '*-eu': { yes: ['prod-eu', '-eu'], no: ['prod-eu2', 'eu', 'prod-EU'] },
  'a*b*c': { yes: ['abc', 'axbxc', 'abbcc', 'abcbc'], no: ['ab', 'acb', 'abcd', 'xabc', 'ac'] },
  'ab*ba': { yes: ['abba', 'abxba'], no: ['aba', 'ab', 'ba'] },
};

const cells = ROLES.flatMap((role) =>
  PERMISSIONS.flatMap((permission) => Object.keys(PATTERNS).map((pattern) => ({ role, permission, pattern }))),
);

describe('the permission matrix', () => {
  test.each(cells)('$role on $pattern: $permission', ({ role, permission, pattern }) => {
    const grants: Grant[] = [{ role, environmentPattern: pattern }];
    const cell = EXPECTED[permission][role];
    const holds = cell === 'yes' || (cell === '*' && pattern === '*');
    expect(permits(grants, permission, null)).toBe(holds);
    expect(permitsEverywhere(grants, permission)).toBe(holds && pattern === '*');
    for (const slug of PATTERNS[pattern]?.yes ?? []) expect(permits(grants, permission, slug)).toBe(holds);
    for (const slug of PATTERNS[pattern]?.no ?? []) expect(permits(grants, permission, slug)).toBe(false);
  });

  test('a refusal names the role that is needed and who can grant it', () => {
    const refusal = explain([{ role: 'viewer', environmentPattern: '*' }], 'deployment.request', 'production');
    expect(refusal?.sentence).toBe(
      'To deploy on production you need the role operator or admin. An administrator can grant it under Members.',
    );
    expect(
      explain([{ role: 'operator', environmentPattern: 'production' }], 'deployment.request', 'production'),
    ).toBeNull();
  });

  test('an administrator of one environment is not the administrator', () => {
    expect(isAdministrator([{ role: 'admin', environmentPattern: 'staging' }])).toBe(false);
    expect(isAdministrator([{ role: 'admin', environmentPattern: '*' }])).toBe(true);
  });
});

describe('properties of the policy', () => {
  const slug = fc.stringMatching(/^[a-z0-9-]{0,12}$/);
  const pattern = fc.stringMatching(/^[a-z0-9*-]{1,12}$/);
  const grant = fc.record({ role: fc.constantFrom(...ROLES), environmentPattern: pattern });
  const permission = fc.constantFrom(...PERMISSIONS);
  const where = fc.option(slug, { nil: null });

  test('no grant permits nothing', () => {
    fc.assert(fc.property(permission, where, (what, environment) => !permits([], what, environment)));
  });

  test('another grant never takes anything away', () => {
    fc.assert(
      fc.property(fc.array(grant), grant, permission, where, (grants, extra, what, environment) => {
        if (permits(grants, what, environment)) expect(permits([...grants, extra], what, environment)).toBe(true);
      }),
    );
  });

  test('what holds everywhere holds on any environment, and on an environment only if anywhere', () => {
    fc.assert(
      fc.property(fc.array(grant), permission, slug, (grants, what, environment) => {
        if (permitsEverywhere(grants, what)) expect(permits(grants, what, environment)).toBe(true);
        if (permits(grants, what, environment)) expect(permits(grants, what, null)).toBe(true);
      }),
    );
  });

  test('patterns mean what the same regular expression means', () => {
    fc.assert(
      fc.property(pattern, slug, (glob, text) => {
        const expression = new RegExp(`^${glob.split('*').join('[a-z0-9-]*')}$`);
        expect(matchesPattern(glob, text)).toBe(expression.test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('a pattern made to be slow is answered', () => {
    expect(matchesPattern(`${'*a'.repeat(5_000)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});
