ALTER TABLE "deployments" ADD COLUMN "rendering" text;--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "rendering" text;