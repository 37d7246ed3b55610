ALTER TABLE "attempts" ADD COLUMN "sought_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sightings" ADD COLUMN "branch_sha" text;--> statement-breakpoint
ALTER TABLE "sightings" ADD COLUMN "behind" integer;--> statement-breakpoint
ALTER TABLE "sightings" ADD COLUMN "behind_of" text;--> statement-breakpoint
ALTER TABLE "sightings" ADD COLUMN "behind_asked_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "attempts_unseen" ON "attempts" USING btree ("sent_at") WHERE state in ('unknown','absent') and remote_id is null;