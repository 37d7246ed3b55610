import type { Refusal } from '@/lib/kernel/errors';
import { type Grant, PERMISSIONS, type Permission, type Role } from './role';

const READS = ['deployment.read', 'connection.read'] as const satisfies readonly Permission[];
const RELEASES = [
  'deployment.request',
  'deployment.cancel',
  'deployment.retry',
  'deployment.rollback',
  'deployment.resolve',
] as const satisfies readonly Permission[];

/** Holding back is safe, so many may; letting through again takes more, see `pin.lift` and `freeze.override`. */
const HOLDS = ['lock.create', 'freeze.manage'] as const satisfies readonly Permission[];

/** Role → what it may ask for. Admin does not imply approver: whoever grants roles cannot also wave a release through. */
const MATRIX: Record<Role, ReadonlySet<Permission>> = {
  viewer: new Set(READS),
  operator: new Set([...READS, ...RELEASES, ...HOLDS, 'incident.manage']),
  approver: new Set([
    ...READS,
    ...HOLDS,
    'deployment.approve',
    'gate.answer',
    'pin.lift',
    'audit.read',
    'audit.export',
  ]),
  admin: new Set(
    PERMISSIONS.filter((permission) => permission !== 'deployment.approve' && permission !== 'gate.answer'),
  ),
};

/** These touch the whole installation, so a grant on some environments is not enough: the pattern must be `*`. */
const WHOLE_INSTALLATION: ReadonlySet<Permission> = new Set([
  'component.manage',
  'environment.manage',
  'connection.check',
  'connection.manage',
  'member.read',
  'member.manage',
  'session.manage',
  'subscription.manage',
  // What is said to everybody is said for all of it.
  'incident.manage',
]);

/** `*` matches any run of characters, also none; everything else is itself. Leftmost matching, so no backtracking. */
export function matchesPattern(pattern: string, slug: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return pattern === slug;
  if (slug.length < first.length + last.length || !slug.startsWith(first) || !slug.endsWith(last)) return false;
  const end = slug.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = slug.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

/** Both patterns of a grant have to match: that of the role and, for a token, that of the token. */
export function reaches(grant: Grant, environment: string): boolean {
  return (
    matchesPattern(grant.environmentPattern, environment) &&
    (grant.within === undefined || matchesPattern(grant.within, environment))
  );
}

function reachesAll(grant: Grant): boolean {
  return grant.environmentPattern === '*' && (grant.within === undefined || grant.within === '*');
}

/**
 * The one answer to "may they?". Deny by default.
 * `environment` is the slug of the thing's environment; null asks "anywhere at all?", which is only the first of two
 * questions for a thing that lives in an environment.
 */
export function permits(grants: readonly Grant[], permission: Permission, environment: string | null): boolean {
  return grants.some((grant) => {
    if (!MATRIX[grant.role]?.has(permission)) return false;
    if (WHOLE_INSTALLATION.has(permission)) return reachesAll(grant);
    return environment === null || reaches(grant, environment);
  });
}

/** True when the permission holds in every environment, present and future. */
export function permitsEverywhere(grants: readonly Grant[], permission: Permission): boolean {
  return grants.some((grant) => reachesAll(grant) && MATRIX[grant.role]?.has(permission));
}

/** A full administrator: what the installation must never run out of. */
export function isAdministrator(grants: readonly Grant[]): boolean {
  return grants.some((grant) => grant.role === 'admin' && reachesAll(grant));
}

/** The roles that carry a permission, least powerful first. */
export function rolesFor(permission: Permission): Role[] {
  return (['viewer', 'operator', 'approver', 'admin'] as const).filter((role) => MATRIX[role].has(permission));
}

const DOING: Record<Permission, string> = {
  'deployment.read': 'see deployments',
  'deployment.request': 'deploy',
  'deployment.cancel': 'cancel a deployment',
  'deployment.retry': 'retry a deployment',
  'deployment.rollback': 'roll back',
  'deployment.resolve': 'decide what became of a deployment',
  'deployment.approve': 'approve a deployment',
  'gate.answer': 'answer a provider’s question about a run',
  'pin.lift': 'lift a hold',
  'lock.create': 'lock anything',
  'freeze.manage': 'plan a freeze',
  'freeze.override': 'let a deployment through a freeze',
  'policy.manage': 'change what a deployment needs',
  'incident.manage': 'write on the status page',
  'subscription.manage': 'change who is told',
  'component.manage': 'change components',
  'environment.manage': 'change environments',
  'target.manage': 'change targets',
  'configuration.manage': 'change secrets and variables',
  'connection.read': 'see connections',
  'connection.check': 'check connections',
  'connection.manage': 'change connections',
  'audit.read': 'read the audit log',
  'audit.export': 'take the audit log away',
  'member.read': 'see members',
  'member.manage': 'change members',
  'session.manage': 'end other people’s sessions',
};

function roleList(roles: readonly Role[]): string {
  return roles.length < 2 ? roles.join('') : `${roles.slice(0, -1).join(', ')} or ${roles.at(-1)}`;
}

/** Why not, and who can change it. Null when it is permitted. */
export function explain(grants: readonly Grant[], permission: Permission, environment: string | null): Refusal | null {
  if (permits(grants, permission, environment)) return null;
  if (WHOLE_INSTALLATION.has(permission)) return refusal(permission, ' on all environments');
  return refusal(permission, environment === null ? '' : ` on ${environment}`);
}

/** The same for what spans all environments: no pattern but `*` reaches it, however the words for it may read. */
export function explainEverywhere(grants: readonly Grant[], permission: Permission): Refusal | null {
  return permitsEverywhere(grants, permission) ? null : refusal(permission, ' on all environments');
}

function refusal(permission: Permission, where: string): Refusal {
  const roles = roleList(rolesFor(permission));
  return {
    code: 'forbidden',
    sentence: `To ${DOING[permission]}${where} you need the role ${roles}. An administrator can grant it under Members.`,
  };
}
