CREATE TABLE "unpublish_asks" (
	"id" text PRIMARY KEY NOT NULL,
	"target_id" text NOT NULL,
	"extension" text NOT NULL,
	"reason" text NOT NULL,
	"asked_by_id" text NOT NULL,
	"asked_by_name" text NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"needed" integer NOT NULL,
	"agreed" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"begun_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "extension_publications" ADD COLUMN "looked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "extension_publications" ADD COLUMN "next_look_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "unpublish_asks" ADD CONSTRAINT "unpublish_asks_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "unpublish_asks_target" ON "unpublish_asks" USING btree ("target_id","ends_at");--> statement-breakpoint
CREATE INDEX "extension_publications_due" ON "extension_publications" USING btree ("next_look_at");--> statement-breakpoint
CREATE OR REPLACE FUNCTION gallery_versions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'a published version stays: yank it';
  END IF;
  IF (NEW.id, NEW.namespace, NEW.name, NEW.version, NEW.platform, NEW.sort_key, NEW.extension_id, NEW.package_id,
      NEW.prerelease, NEW.listing, NEW.published_at)
    IS DISTINCT FROM (OLD.id, OLD.namespace, OLD.name, OLD.version, OLD.platform, OLD.sort_key, OLD.extension_id,
      OLD.package_id, OLD.prerelease, OLD.listing, OLD.published_at) THEN
    RAISE EXCEPTION 'a published version never changes';
  END IF;
  -- A person may be forgotten; nobody else takes their place.
  IF NEW.published_by IS NOT NULL AND NEW.published_by IS DISTINCT FROM OLD.published_by THEN
    RAISE EXCEPTION 'a published version never changes';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER gallery_versions_stay_whole BEFORE TRUNCATE ON "gallery_versions" FOR EACH STATEMENT EXECUTE FUNCTION gallery_versions_stay();--> statement-breakpoint
CREATE OR REPLACE FUNCTION gallery_namespaces_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'the name of a namespace is never given up';
  END IF;
  IF (NEW.name, NEW.outline) IS DISTINCT FROM (OLD.name, OLD.outline) THEN
    RAISE EXCEPTION 'the name of a namespace is never given up';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER gallery_namespaces_stay_whole BEFORE TRUNCATE ON "gallery_namespaces" FOR EACH STATEMENT EXECUTE FUNCTION gallery_namespaces_stay();
