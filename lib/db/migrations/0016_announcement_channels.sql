ALTER TABLE "announcements" ADD COLUMN "mark_code" text;--> statement-breakpoint
ALTER TABLE "announcements" ADD COLUMN "mark_sentence" text;