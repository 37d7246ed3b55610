ALTER TABLE "configuration_readings" ALTER COLUMN "read_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "announcements" ADD COLUMN "mark_name" text;--> statement-breakpoint
ALTER TABLE "configuration_readings" ADD COLUMN "tried_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "configuration_readings" ADD COLUMN "problem" text;--> statement-breakpoint
CREATE INDEX "announcements_mark_name" ON "announcements" USING btree ("mark_name") WHERE mark_name is not null;--> statement-breakpoint
-- Whatever was marked so far keeps the name that it had.
UPDATE "announcements" a SET "mark_name" = left(concat_ws('/', 'aetherstack', m."slug", e."slug",
    nullif(trim(both '-' from regexp_replace(lower(t."label"), '[^a-z0-9]+', '-', 'g')), '')), 255)
  FROM "targets" t
  JOIN "components" m ON m."id" = t."component_id"
  JOIN "environments" e ON e."id" = t."environment_id"
  WHERE t."id" = a."target_id" AND a."marked" IS NOT NULL;--> statement-breakpoint
UPDATE "configuration_readings" SET "tried_at" = "read_at";
