ALTER TABLE "announcements" ADD COLUMN "mark_as" text DEFAULT 'status' NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "credential_since" timestamp with time zone;--> statement-breakpoint
UPDATE "connections" SET "credential_since" = "credential_at";
