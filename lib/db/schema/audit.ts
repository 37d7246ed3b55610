import { bigint, customType, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Who did what to which thing, asked for and refused alike. Append-only. */
export const audit = pgTable(
  'audit',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    at: at('at').notNull().defaultNow(),
    actorKind: text('actor_kind', { enum: ['user', 'system', 'webhook', 'token', 'anonymous'] }).notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    resourceKind: text('resource_kind').notNull(),
    resourceId: text('resource_id'),
    environment: text('environment'),
    outcome: text('outcome', { enum: ['done', 'refused', 'failed'] }).notNull(),
    code: text('code'),
    sentence: text('sentence').notNull(),
    /** Names, ids and digests only; never a credential or a value of a secret. */
    data: jsonb('data').notNull().default({}),
    requestId: text('request_id'),
    ip: text('ip'),
  },
  (t) => [
    index('audit_at').on(t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('audit_resource').on(t.resourceKind, t.resourceId),
    index('audit_actor').on(t.actorId),
  ],
);

/** Each line's place in the chain; written by a trigger when the line's transaction commits. */
export const auditChain = pgTable(
  'audit_chain',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    auditId: integer('audit_id').notNull(),
    /** SHA-256 over the previous hash, `seq` and the line's canonical form; see lib/audit/model/chain.ts. */
    hash: bytea('hash').notNull(),
  },
  (t) => [uniqueIndex('audit_chain_line_key').on(t.auditId)],
);

/** Heads of the chain, signed with a key that is not in this database. Append-only, so a second try is a second row. */
export const auditHeads = pgTable(
  'audit_heads',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    hash: bytea('hash').notNull(),
    signedAt: at('signed_at').notNull().defaultNow(),
    keyId: text('key_id').notNull(),
    signature: text('signature').notNull(),
    /** Where it was also written, outside this database; null when nowhere. */
    anchor: text('anchor'),
  },
  (t) => [index('audit_heads_seq').on(t.seq)],
);
