CREATE TABLE "health_samples" (
	"target_id" text NOT NULL,
	"width" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"ok" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"ms" double precision DEFAULT 0 NOT NULL,
	"status" integer,
	"version" text,
	CONSTRAINT "health_samples_target_id_width_at_pk" PRIMARY KEY("target_id","width","at")
);
--> statement-breakpoint
CREATE TABLE "verdicts" (
	"deployment_id" text PRIMARY KEY NOT NULL,
	"target_id" text NOT NULL,
	"verdict" text DEFAULT 'inconclusive' NOT NULL,
	"why" text DEFAULT '' NOT NULL,
	"report" jsonb,
	"settings" jsonb NOT NULL,
	"live_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"closed" boolean DEFAULT false NOT NULL,
	"judged_at" timestamp with time zone,
	"worse_since" timestamp with time zone,
	"next_look_at" timestamp with time zone DEFAULT now()
);
--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "health" jsonb;--> statement-breakpoint
ALTER TABLE "health_samples" ADD CONSTRAINT "health_samples_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "health_samples_old" ON "health_samples" USING btree ("width","at");--> statement-breakpoint
CREATE INDEX "verdicts_due" ON "verdicts" USING btree ("next_look_at") WHERE next_look_at is not null;--> statement-breakpoint
CREATE INDEX "verdicts_target" ON "verdicts" USING btree ("target_id","live_at" DESC NULLS FIRST);