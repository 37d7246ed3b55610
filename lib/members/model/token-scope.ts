import type { Permission } from './role';

export const TOKEN_SCOPES = ['read', 'deploy', 'approve', 'hold', 'audit', 'manage'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/**
 * Scope → what a token may ask for, if its owner may. Deny by default; a scope never adds to its owner's roles. Whom the
 * console trusts (members, sessions, tokens) and whom the provider trusts (changes of connections) are in no scope: a token that got
 * out would make itself an administrator, and it cannot prove afresh who it is.
 */
export const SCOPE_PERMISSIONS: Record<TokenScope, readonly Permission[]> = {
  read: ['deployment.read', 'connection.read'],
  deploy: ['deployment.request', 'deployment.cancel', 'deployment.retry', 'deployment.rollback', 'deployment.resolve'],
  approve: ['deployment.approve'],
  hold: ['lock.create', 'freeze.manage', 'freeze.override', 'pin.lift'],
  audit: ['audit.read', 'audit.export'],
  manage: [
    'component.manage',
    'environment.manage',
    'policy.manage',
    'target.manage',
    'configuration.manage',
    'incident.manage',
    // Nothing is sent anywhere new: the credential that is there is asked of, and what came in is read once more.
    'connection.check',
    'subscription.manage',
    'member.read',
  ],
};

export function scopesPermit(scopes: readonly TokenScope[], permission: Permission): boolean {
  return scopes.some((scope) => SCOPE_PERMISSIONS[scope].includes(permission));
}

/** The scope to ask for; null for what no token may do. */
export function scopeFor(permission: Permission): TokenScope | null {
  return TOKEN_SCOPES.find((scope) => SCOPE_PERMISSIONS[scope].includes(permission)) ?? null;
}
