import { describe, expect, test } from 'vitest';
import type { Role } from '@/lib/members/model/role';
import type { Actor } from './actor';
import { isPermittedEverywhere, requirePermission, whyNot, whyNotEverywhere } from './require';

const who = (role: Role, environmentPattern: string, within?: string): Actor => ({
  kind: 'user',
  id: 'user_1',
  name: 'Ana',
  grants: [{ role, environmentPattern, within }],
  sessionHash: 'hash',
  ip: null,
});

describe('what spans all environments', () => {
  test.each(['a*', '*s', '*e*', 'all*', '*environments', '**a*', 'staging'])(
    'a role on %s never reaches it, whatever the words for it are',
    (pattern) => {
      for (const [role, permission] of [
        ['operator', 'lock.create'],
        ['approver', 'pin.lift'],
        ['approver', 'audit.read'],
        ['admin', 'freeze.override'],
        ['admin', 'connection.manage'],
      ] as const) {
        const actor = who(role, pattern);
        expect(() => requirePermission(actor, permission, null), `${role} ${permission}`).toThrow(
          /on all environments you need the role/,
        );
        expect(isPermittedEverywhere(actor, permission)).toBe(false);
        expect(whyNotEverywhere(actor, permission)).toContain('on all environments');
      }
    },
  );

  test('a role on * does, unless a token of it is confined', () => {
    expect(() => requirePermission(who('operator', '*'), 'lock.create', null)).not.toThrow();
    expect(isPermittedEverywhere(who('operator', '*'), 'lock.create')).toBe(true);
    expect(() => requirePermission(who('operator', '*', 'a*'), 'lock.create', null)).toThrow();
    expect(() => requirePermission({ kind: 'system', name: 'AetherStack' }, 'lock.create', null)).not.toThrow();
  });

  test('a question about anywhere at all stays another question', () => {
    expect(whyNot(who('operator', 'a*'), 'lock.create', null)).toBeNull();
    expect(whyNotEverywhere({ kind: 'webhook', name: 'GitHub', connectionId: 'con_1' } as Actor, 'audit.read')).toMatch(
      /signed out/,
    );
  });
});
