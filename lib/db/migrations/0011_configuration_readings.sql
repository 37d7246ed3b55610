CREATE TABLE "configuration_readings" (
	"target_id" text PRIMARY KEY NOT NULL,
	"missing" jsonb NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "configuration_readings" ADD CONSTRAINT "configuration_readings_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;