CREATE TABLE "extension_installs" (
	"target_id" text NOT NULL,
	"day" text NOT NULL,
	"total" integer NOT NULL,
	"what" text NOT NULL,
	"version" text,
	CONSTRAINT "extension_installs_target_id_day_pk" PRIMARY KEY("target_id","day")
);
--> statement-breakpoint
CREATE TABLE "extension_publications" (
	"package_id" text NOT NULL,
	"target_id" text NOT NULL,
	"deployment_id" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"deadline_at" timestamp with time zone,
	"detail" text,
	"proof" jsonb,
	"url" text,
	CONSTRAINT "extension_publications_package_id_target_id_pk" PRIMARY KEY("package_id","target_id")
);
--> statement-breakpoint
ALTER TABLE "extension_installs" ADD CONSTRAINT "extension_installs_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extension_publications" ADD CONSTRAINT "extension_publications_package_id_extension_packages_id_fk" FOREIGN KEY ("package_id") REFERENCES "public"."extension_packages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extension_publications" ADD CONSTRAINT "extension_publications_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "extension_publications_target" ON "extension_publications" USING btree ("target_id");