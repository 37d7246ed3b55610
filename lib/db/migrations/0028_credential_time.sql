ALTER TABLE "connections" ADD COLUMN "credential_at" timestamp with time zone;--> statement-breakpoint
UPDATE "connections" SET "credential_at" = "created_at" WHERE "sealed_credential" IS NOT NULL;
