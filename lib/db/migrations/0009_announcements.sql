CREATE TABLE "announcements" (
	"deployment_id" text PRIMARY KEY NOT NULL,
	"target_id" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"asked_at" timestamp with time zone,
	"remote_id" text,
	"remote_url" text,
	"said" text,
	"said_version" integer DEFAULT 0 NOT NULL,
	"marked" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp with time zone,
	"code" text,
	"sentence" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"said_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "tell" text DEFAULT 'record' NOT NULL;--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "announcements_due" ON "announcements" USING btree ("next_try_at") WHERE next_try_at is not null;--> statement-breakpoint
CREATE INDEX "announcements_open" ON "announcements" USING btree ("deployment_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "announcements_live" ON "announcements" USING btree ("target_id") WHERE said = 'success';