ALTER TABLE "connections" ADD COLUMN "sealed_authorities" text;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "authorities" jsonb;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_authorities_whole" CHECK ((sealed_authorities is null) = (authorities is null));