import type { Actor } from '@/lib/auth/actor';

/** Somebody who may do everything, by name, the same in the harness and in every worker. */
export function person(name: string): Actor {
  return {
    kind: 'user',
    id: `user_${name}`,
    name,
    grants: [
      { role: 'admin', environmentPattern: '*' },
      { role: 'approver', environmentPattern: '*' },
    ],
    sessionHash: name,
    ip: null,
  };
}
