CREATE TABLE "deployment_notes" (
	"deployment_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"scope" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"asked_at" timestamp with time zone,
	"remote_id" text,
	"remote_url" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp with time zone DEFAULT now(),
	"code" text,
	"sentence" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"written_at" timestamp with time zone,
	CONSTRAINT "deployment_notes_deployment_id_connection_id_pk" PRIMARY KEY("deployment_id","connection_id")
);
--> statement-breakpoint
ALTER TABLE "deployment_notes" ADD CONSTRAINT "deployment_notes_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployment_notes" ADD CONSTRAINT "deployment_notes_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deployment_notes_due" ON "deployment_notes" USING btree ("next_try_at") WHERE next_try_at is not null;--> statement-breakpoint
CREATE INDEX "deployment_notes_connection" ON "deployment_notes" USING btree ("connection_id");