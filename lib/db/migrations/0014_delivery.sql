CREATE TABLE "classifications" (
	"id" text PRIMARY KEY NOT NULL,
	"deployment_id" text NOT NULL,
	"axis" text NOT NULL,
	"word" text NOT NULL,
	"reason" text NOT NULL,
	"by_id" text,
	"by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_at" timestamp with time zone,
	"undone_by_name" text
);
--> statement-breakpoint
ALTER TABLE "releases" ADD COLUMN "committed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "classifications" ADD CONSTRAINT "classifications_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "classifications_deployment" ON "classifications" USING btree ("deployment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "classifications_one_answer" ON "classifications" USING btree ("deployment_id","axis") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "deployments_ended" ON "deployments" USING btree ("environment_id","finished_at" DESC NULLS FIRST) WHERE finished_at is not null;