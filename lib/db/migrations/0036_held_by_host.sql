ALTER TABLE "sightings" ADD COLUMN "held_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sightings" ADD COLUMN "held_sentence" text;