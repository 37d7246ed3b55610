CREATE TABLE "incident_targets" (
	"incident_id" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "incident_targets_incident_id_target_id_pk" PRIMARY KEY("incident_id","target_id")
);
--> statement-breakpoint
CREATE TABLE "incident_updates" (
	"id" text PRIMARY KEY NOT NULL,
	"incident_id" text NOT NULL,
	"state" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"by_id" text,
	"by_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"impact" text NOT NULL,
	"state" text NOT NULL,
	"deployment_id" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "incidents_resolved_whole" CHECK ((state = 'resolved') = (resolved_at is not null))
);
--> statement-breakpoint
CREATE TABLE "maintenance_targets" (
	"maintenance_id" text NOT NULL,
	"target_id" text NOT NULL,
	CONSTRAINT "maintenance_targets_maintenance_id_target_id_pk" PRIMARY KEY("maintenance_id","target_id")
);
--> statement-breakpoint
CREATE TABLE "maintenances" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"text" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"freeze_id" text,
	"told" text DEFAULT 'scheduled' NOT NULL,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "maintenances_forward" CHECK (ends_at > starts_at)
);
--> statement-breakpoint
CREATE TABLE "public_names" (
	"target_id" text PRIMARY KEY NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"section" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "status_subscribers" (
	"subscription_id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"confirmed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "incident_targets" ADD CONSTRAINT "incident_targets_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_targets" ADD CONSTRAINT "incident_targets_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance_targets" ADD CONSTRAINT "maintenance_targets_maintenance_id_maintenances_id_fk" FOREIGN KEY ("maintenance_id") REFERENCES "public"."maintenances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance_targets" ADD CONSTRAINT "maintenance_targets_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_freeze_id_freezes_id_fk" FOREIGN KEY ("freeze_id") REFERENCES "public"."freezes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_names" ADD CONSTRAINT "public_names_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "status_subscribers" ADD CONSTRAINT "status_subscribers_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incident_targets_target" ON "incident_targets" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "incident_updates_of" ON "incident_updates" USING btree ("incident_id","at");--> statement-breakpoint
CREATE INDEX "incidents_recent" ON "incidents" USING btree ("started_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "incidents_open" ON "incidents" USING btree ("started_at") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "maintenance_targets_target" ON "maintenance_targets" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "maintenances_recent" ON "maintenances" USING btree ("starts_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "maintenances_untold" ON "maintenances" USING btree ("starts_at") WHERE told in ('scheduled', 'in_progress');--> statement-breakpoint
CREATE INDEX "status_subscribers_source" ON "status_subscribers" USING btree ("source");--> statement-breakpoint
CREATE FUNCTION incident_updates_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was said about an incident stays as it was said';
END $$;--> statement-breakpoint
CREATE TRIGGER incident_updates_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON "incident_updates"
  FOR EACH STATEMENT EXECUTE FUNCTION incident_updates_stay();
