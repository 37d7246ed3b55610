import type { Credential } from '@/lib/providers/port';

/** Kinds of credential as people call them. */
export const KIND_WORDS = {
  token: { short: 'Token', long: 'Access token' },
  app: { short: 'App', long: 'App with a private key' },
  basic: { short: 'User and password', long: 'User name with a password or token' },
} as const satisfies Record<Credential['kind'], { short: string; long: string }>;
