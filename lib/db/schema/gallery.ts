import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Listing } from '../../gallery/model/listing';
import { GALLERY_SCOPES, type GalleryScope } from '../../gallery/model/scope';
import { extensionPackages } from './extensions';
import { users } from './people';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const lower = (column: AnyPgColumn) => sql`lower(${column})`;

/** Whose extensions these are: the publisher of package.json. Never removed, so that a name never gets a second owner. */
export const galleryNamespaces = pgTable(
  'gallery_namespaces',
  {
    name: text('name').primaryKey(),
    /** What it is easily taken for: two namespaces never share one. */
    outline: text('outline').notNull(),
    /** Newest versions of each extension that are kept; null = all. */
    keep: integer('keep'),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('gallery_namespaces_lower_key').on(lower(t.name)),
    uniqueIndex('gallery_namespaces_outline_key').on(t.outline),
    check('gallery_namespaces_keep', sql`${t.keep} > 0`),
  ],
);

/** Who may publish in a namespace and yank from it. */
export const galleryOwners = pgTable(
  'gallery_owners',
  {
    namespace: text('namespace')
      .notNull()
      .references(() => galleryNamespaces.name),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    addedAt: at('added_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.namespace, t.userId] })],
);

/** What was published, once and for all: a version is never given to other bytes, not even after it is gone. */
export const galleryVersions = pgTable(
  'gallery_versions',
  {
    id: text('id').primaryKey(),
    namespace: text('namespace')
      .notNull()
      .references(() => galleryNamespaces.name),
    name: text('name').notNull(),
    version: text('version').notNull(),
    platform: text('platform').notNull(),
    /** Orders versions as text: three numbers of ten digits. */
    sortKey: text('sort_key').notNull(),
    /** The id by which an editor asks again: one for each extension, made from its name. */
    extensionId: text('extension_id').notNull(),
    packageId: text('package_id')
      .notNull()
      .references(() => extensionPackages.id),
    prerelease: boolean('prerelease').notNull().default(false),
    listing: jsonb('listing').$type<Listing>().notNull(),
    publishedBy: text('published_by').references(() => users.id, { onDelete: 'set null' }),
    publishedAt: at('published_at').notNull().defaultNow(),
    yankedAt: at('yanked_at'),
    yankedBy: text('yanked_by').references(() => users.id, { onDelete: 'set null' }),
    yankReason: text('yank_reason'),
    /** Since when it is not kept any more, by the namespace's own rule. */
    retiredAt: at('retired_at'),
  },
  (t) => [
    uniqueIndex('gallery_versions_key').on(lower(t.namespace), lower(t.name), t.version, t.platform),
    index('gallery_versions_extension').on(t.extensionId, t.sortKey),
    index('gallery_versions_package').on(t.packageId),
    check('gallery_versions_yanked', sql`(${t.yankedAt} is null) = (${t.yankReason} is null)`),
  ],
);

/** What an editor or a publisher shows. Only the SHA-256 of the token is kept. */
export const galleryTokens = pgTable(
  'gallery_tokens',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    tokenHash: text('token_hash').notNull(),
    last4: text('last4').notNull(),
    scope: text('scope', { enum: GALLERY_SCOPES }).$type<GalleryScope>().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (t) => [uniqueIndex('gallery_tokens_hash_key').on(t.tokenHash), index('gallery_tokens_user').on(t.userId)],
);

/** How often what was fetched or reported, by day in UTC. */
export const galleryDownloads = pgTable(
  'gallery_downloads',
  {
    versionId: text('version_id')
      .notNull()
      .references(() => galleryVersions.id, { onDelete: 'cascade' }),
    day: date('day').notNull(),
    kind: text('kind', { enum: ['download', 'install', 'update', 'uninstall'] }).notNull(),
    count: bigint('count', { mode: 'number' }).notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.day, t.kind] })],
);
