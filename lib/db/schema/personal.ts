import { boolean, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { connections } from './estate';
import { users } from './people';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A person's own token at a connection's provider, for what the provider lets only people do. Used by nobody else. */
export const personalCredentials = pgTable(
  'personal_credentials',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** Sealed to this person, this connection, its provider and its address. */
    sealedCredential: text('sealed_credential').notNull(),
    last4: text('last4').notNull().default(''),
    /** Who the provider says it belongs to. */
    login: text('login').notNull(),
    /** What the provider said is missing at the last check. */
    problems: jsonb('problems').$type<string[]>().notNull().default([]),
    /** False once the provider has refused it. */
    accepted: boolean('accepted').notNull().default(true),
    checkedAt: at('checked_at').notNull().defaultNow(),
    expiresAt: at('expires_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.connectionId] })],
);
