import { type Grant, ROLES, type Role } from '@/lib/members/model/role';

export const ROLE_WORDS = {
  viewer: { label: 'Viewer', can: 'sees everything there, changes nothing' },
  operator: { label: 'Operator', can: 'deploys, cancels, retries and rolls back' },
  approver: { label: 'Approver', can: 'approves deployments, lifts pins, reads the audit log' },
  admin: { label: 'Administrator', can: 'deploys, and manages members, connections and targets' },
} as const satisfies Record<Role, { label: string; can: string }>;

/** The most powerful role somebody has anywhere, for the place under their name. */
export function roleInWords(grants: readonly Grant[]): string {
  const best = ROLES.findLast((role) => grants.some((grant) => grant.role === role));
  return best ? ROLE_WORDS[best].label : 'No role yet';
}

/** "all environments", "production", "environments like preview-*". */
export function patternInWords(pattern: string): string {
  if (pattern === '*') return 'all environments';
  return pattern.includes('*') ? `environments like ${pattern}` : pattern;
}
