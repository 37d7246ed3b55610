import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { type Finding, type PackagedFile, type PackageSource, SCANS } from '../../extensions/model/package';
import { components } from './estate';
import { users } from './people';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A .vsix, once for each content. The bytes lie in the blob store under the same id. */
export const extensionPackages = pgTable(
  'extension_packages',
  {
    /** SHA-256 of the bytes, in hex. */
    id: text('id').primaryKey(),
    componentId: text('component_id').references(() => components.id, { onDelete: 'set null' }),
    publisher: text('publisher').notNull(),
    name: text('name').notNull(),
    version: text('version').notNull(),
    targetPlatform: text('target_platform').notNull().default('universal'),
    prerelease: boolean('prerelease').notNull().default(false),
    /** `engines.vscode`, as written. */
    engine: text('engine').notNull(),
    /** Bytes of the package. */
    size: bigint('size', { mode: 'number' }).notNull(),
    /** package.json, as read, its name and description with their words; null where there is none that can be read. */
    manifest: jsonb('manifest').$type<Record<string, unknown>>(),
    files: jsonb('files').$type<PackagedFile[]>().notNull().default([]),
    findings: jsonb('findings').$type<Finding[]>().notNull().default([]),
    /** Only `passed` may be published. */
    scan: text('scan', { enum: SCANS }).notNull().default('pending'),
    source: jsonb('source').$type<PackageSource>().notNull(),
    uploadedBy: text('uploaded_by').references(() => users.id, { onDelete: 'set null' }),
    uploadedAt: at('uploaded_at').notNull().defaultNow(),
    scannedAt: at('scanned_at'),
  },
  (t) => [
    index('extension_packages_name').on(t.publisher, t.name, t.version),
    index('extension_packages_uploaded').on(t.uploadedAt),
  ],
);

/** A person's packages under way, in whatever instance; a place whose holder says nothing more is free from its end on. */
export const packageSeats = pgTable(
  'package_seats',
  {
    person: text('person').notNull(),
    /** 1, 2, … */
    seat: integer('seat').notNull(),
    holder: text('holder').notNull(),
    endsAt: at('ends_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.person, t.seat] })],
);
