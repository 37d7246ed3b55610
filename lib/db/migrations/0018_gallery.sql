CREATE TABLE "gallery_downloads" (
	"version_id" text NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"count" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "gallery_downloads_version_id_day_kind_pk" PRIMARY KEY("version_id","day","kind")
);
--> statement-breakpoint
CREATE TABLE "gallery_namespaces" (
	"name" text PRIMARY KEY NOT NULL,
	"outline" text NOT NULL,
	"keep" integer,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gallery_namespaces_keep" CHECK ("gallery_namespaces"."keep" > 0)
);
--> statement-breakpoint
CREATE TABLE "gallery_owners" (
	"namespace" text NOT NULL,
	"user_id" text NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gallery_owners_namespace_user_id_pk" PRIMARY KEY("namespace","user_id")
);
--> statement-breakpoint
CREATE TABLE "gallery_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"last4" text NOT NULL,
	"scope" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "gallery_versions" (
	"id" text PRIMARY KEY NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"platform" text NOT NULL,
	"sort_key" text NOT NULL,
	"extension_id" text NOT NULL,
	"package_id" text NOT NULL,
	"prerelease" boolean DEFAULT false NOT NULL,
	"listing" jsonb NOT NULL,
	"published_by" text,
	"published_at" timestamp with time zone DEFAULT now() NOT NULL,
	"yanked_at" timestamp with time zone,
	"yanked_by" text,
	"yank_reason" text,
	"retired_at" timestamp with time zone,
	CONSTRAINT "gallery_versions_yanked" CHECK (("gallery_versions"."yanked_at" is null) = ("gallery_versions"."yank_reason" is null))
);
--> statement-breakpoint
ALTER TABLE "gallery_downloads" ADD CONSTRAINT "gallery_downloads_version_id_gallery_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."gallery_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_namespaces" ADD CONSTRAINT "gallery_namespaces_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_owners" ADD CONSTRAINT "gallery_owners_namespace_gallery_namespaces_name_fk" FOREIGN KEY ("namespace") REFERENCES "public"."gallery_namespaces"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_owners" ADD CONSTRAINT "gallery_owners_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_tokens" ADD CONSTRAINT "gallery_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_versions" ADD CONSTRAINT "gallery_versions_namespace_gallery_namespaces_name_fk" FOREIGN KEY ("namespace") REFERENCES "public"."gallery_namespaces"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_versions" ADD CONSTRAINT "gallery_versions_package_id_extension_packages_id_fk" FOREIGN KEY ("package_id") REFERENCES "public"."extension_packages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_versions" ADD CONSTRAINT "gallery_versions_published_by_users_id_fk" FOREIGN KEY ("published_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gallery_versions" ADD CONSTRAINT "gallery_versions_yanked_by_users_id_fk" FOREIGN KEY ("yanked_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "gallery_namespaces_lower_key" ON "gallery_namespaces" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "gallery_namespaces_outline_key" ON "gallery_namespaces" USING btree ("outline");--> statement-breakpoint
CREATE UNIQUE INDEX "gallery_tokens_hash_key" ON "gallery_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "gallery_tokens_user" ON "gallery_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "gallery_versions_key" ON "gallery_versions" USING btree (lower("namespace"),lower("name"),"version","platform");--> statement-breakpoint
CREATE INDEX "gallery_versions_extension" ON "gallery_versions" USING btree ("extension_id","sort_key");--> statement-breakpoint
CREATE INDEX "gallery_versions_package" ON "gallery_versions" USING btree ("package_id");--> statement-breakpoint
ALTER TABLE "gallery_tokens" ADD CONSTRAINT "gallery_tokens_scope_is_known" CHECK ("scope" in ('read', 'publish'));--> statement-breakpoint
ALTER TABLE "gallery_downloads" ADD CONSTRAINT "gallery_downloads_kind_is_known" CHECK ("kind" in ('download', 'install', 'update', 'uninstall'));--> statement-breakpoint
CREATE FUNCTION gallery_versions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a published version stays: yank it';
  END IF;
  IF (NEW.id, NEW.namespace, NEW.name, NEW.version, NEW.platform, NEW.package_id, NEW.published_at)
    IS DISTINCT FROM (OLD.id, OLD.namespace, OLD.name, OLD.version, OLD.platform, OLD.package_id, OLD.published_at) THEN
    RAISE EXCEPTION 'a published version never changes';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER gallery_versions_stay BEFORE UPDATE OR DELETE ON "gallery_versions" FOR EACH ROW EXECUTE FUNCTION gallery_versions_stay();--> statement-breakpoint
CREATE FUNCTION gallery_namespaces_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.name IS DISTINCT FROM OLD.name THEN
    RAISE EXCEPTION 'the name of a namespace is never given up';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER gallery_namespaces_stay BEFORE UPDATE OR DELETE ON "gallery_namespaces" FOR EACH ROW EXECUTE FUNCTION gallery_namespaces_stay();
