import { boolean, index, jsonb, pgTable, real, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    /** What a person types at sign-in; lower case. */
    login: text('login').notNull(),
    name: text('name').notNull(),
    email: text('email'),
    image: text('image'),
    /** scrypt, self-describing; null for people who sign in through an identity provider. */
    passwordHash: text('password_hash'),
    /** Identity = (provider, account id), never the e-mail address. */
    identityProvider: text('identity_provider'),
    identityAccountId: text('identity_account_id'),
    disabledAt: at('disabled_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('users_login_key').on(t.login),
    uniqueIndex('users_identity_key').on(t.identityProvider, t.identityAccountId),
  ],
);

export const sessions = pgTable(
  'sessions',
  {
    /** SHA-256 of the opaque session id in the cookie. */
    idHash: text('id_hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: at('created_at').notNull().defaultNow(),
    lastSeenAt: at('last_seen_at').notNull().defaultNow(),
    /** When the person last proved who they are; risky actions ask again after a while. */
    authenticatedAt: at('authenticated_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    ip: text('ip'),
    userAgent: text('user_agent'),
  },
  (t) => [index('sessions_user').on(t.userId)],
);

/** Role on the environments whose slug matches the pattern (`*`, `production`, `preview-*`). Deny by default. */
export const grants = pgTable(
  'grants',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role', { enum: ['viewer', 'operator', 'approver', 'admin'] }).notNull(),
    environmentPattern: text('environment_pattern').notNull(),
    grantedBy: text('granted_by'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('grants_key').on(t.userId, t.role, t.environmentPattern)],
);

/** One-time links: the first administrator's set-up and invitations. Only the token's SHA-256 is kept. */
export const invitations = pgTable('invitations', {
  tokenHash: text('token_hash').primaryKey(),
  userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
  purpose: text('purpose', { enum: ['first_admin', 'invite', 'reset'] }).notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
});

/** Token buckets shared by all instances; `key` names actor and action, e.g. `login:ip:127.0.0.1`. */
export const rateLimits = pgTable('rate_limits', {
  key: text('key').primaryKey(),
  tokens: real('tokens').notNull(),
  updatedAt: at('updated_at').notNull(),
});

export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  locked: boolean('locked').notNull().default(false),
});
