CREATE TABLE "failures" (
	"deployment_id" text PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL,
	"line" text NOT NULL,
	"step" text,
	"exit_code" integer,
	"source" text NOT NULL,
	"failed_at" timestamp with time zone NOT NULL,
	"tries" integer DEFAULT 1 NOT NULL,
	"next_try_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "request_totals" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"charged" bigint DEFAULT 0 NOT NULL,
	"free" bigint DEFAULT 0 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service_notices" (
	"provider_id" text NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"url" text,
	"impact" text NOT NULL,
	"parts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"latest" text,
	"since" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "service_notices_provider_id_key_pk" PRIMARY KEY("provider_id","key")
);
--> statement-breakpoint
ALTER TABLE "verdicts" ADD COLUMN "found" text;--> statement-breakpoint
ALTER TABLE "verdicts" ADD COLUMN "found_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verdicts" ADD COLUMN "roll_back" jsonb;--> statement-breakpoint
ALTER TABLE "verdicts" ADD COLUMN "roll_back_next_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "failures" ADD CONSTRAINT "failures_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request_totals" ADD CONSTRAINT "request_totals_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "failures_alike" ON "failures" USING btree ("fingerprint","failed_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "failures_due" ON "failures" USING btree ("next_try_at") WHERE next_try_at is not null;--> statement-breakpoint
CREATE INDEX "service_notices_at" ON "service_notices" USING btree ("provider_id","seen_at" DESC NULLS FIRST);