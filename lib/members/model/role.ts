export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Role on environments whose slug matches `environmentPattern` (`*` matches any run of characters). */
export interface Grant {
  role: Role;
  environmentPattern: string;
  /** A token's own pattern, which has to match as well; left out = no further limit. */
  within?: string | undefined;
}

/** What can be asked for. Resource.verb; the matrix over roles is `permits()` in policy.ts. */
export const PERMISSIONS = [
  'deployment.read',
  'deployment.request',
  'deployment.cancel',
  'deployment.retry',
  'deployment.rollback',
  'deployment.resolve',
  'deployment.approve',
  'gate.answer',
  'pin.lift',
  'lock.create',
  'freeze.manage',
  'freeze.override',
  'policy.manage',
  'incident.manage',
  'subscription.manage',
  'component.manage',
  'environment.manage',
  'target.manage',
  'configuration.manage',
  'connection.read',
  'connection.check',
  'connection.manage',
  'audit.read',
  'audit.export',
  'member.read',
  'member.manage',
  'session.manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];
