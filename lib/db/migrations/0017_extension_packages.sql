CREATE TABLE "extension_packages" (
	"id" text PRIMARY KEY NOT NULL,
	"component_id" text,
	"publisher" text NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"target_platform" text DEFAULT 'universal' NOT NULL,
	"prerelease" boolean DEFAULT false NOT NULL,
	"engine" text NOT NULL,
	"size" bigint NOT NULL,
	"manifest" jsonb,
	"files" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"findings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"scan" text DEFAULT 'pending' NOT NULL,
	"source" jsonb NOT NULL,
	"uploaded_by" text,
	"uploaded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"scanned_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "extension_packages" ADD CONSTRAINT "extension_packages_component_id_components_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."components"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extension_packages" ADD CONSTRAINT "extension_packages_uploaded_by_users_id_fk" FOREIGN KEY ("uploaded_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "extension_packages_name" ON "extension_packages" USING btree ("publisher","name","version");--> statement-breakpoint
CREATE INDEX "extension_packages_uploaded" ON "extension_packages" USING btree ("uploaded_at");--> statement-breakpoint
ALTER TABLE "extension_packages" ADD CONSTRAINT "extension_packages_id_is_a_digest" CHECK ("id" ~ '^[0-9a-f]{64}$');--> statement-breakpoint
ALTER TABLE "extension_packages" ADD CONSTRAINT "extension_packages_scan_is_known" CHECK ("scan" in ('pending', 'passed', 'refused', 'unknown'));
