CREATE TABLE "attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"deployment_id" text NOT NULL,
	"number" integer NOT NULL,
	"marker" text NOT NULL,
	"state" text NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone,
	"remote_id" text,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "deployment_steps" (
	"deployment_id" text NOT NULL,
	"remote_attempt" integer NOT NULL,
	"key" text NOT NULL,
	"position" integer NOT NULL,
	"job" text NOT NULL,
	"job_id" text NOT NULL,
	"number" integer NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "deployment_steps_deployment_id_remote_attempt_key_pk" PRIMARY KEY("deployment_id","remote_attempt","key")
);
--> statement-breakpoint
CREATE TABLE "deployments" (
	"id" text PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "deployments_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"target_id" text NOT NULL,
	"component_id" text NOT NULL,
	"environment_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"release_id" text NOT NULL,
	"kind" text DEFAULT 'deploy' NOT NULL,
	"source_deployment_id" text,
	"previous_deployment_id" text,
	"status" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"idempotency_key" text NOT NULL,
	"content_digest" text NOT NULL,
	"ref" text NOT NULL,
	"ref_kind" text NOT NULL,
	"sha" text NOT NULL,
	"inputs" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"config" jsonb NOT NULL,
	"dispatch" jsonb NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"requested_by_id" text,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"status_since" timestamp with time zone DEFAULT now() NOT NULL,
	"submitted_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"deadline_at" timestamp with time zone,
	"next_check_at" timestamp with time zone,
	"observed_at" timestamp with time zone,
	"remote_id" text,
	"remote_attempt" integer DEFAULT 1 NOT NULL,
	"remote_url" text,
	"raw_phase" text,
	"waiting_for" text,
	"attention" text,
	"attention_since" timestamp with time zone,
	"failure_code" text,
	"failure_sentence" text,
	"failure_step" text,
	"evidence" jsonb,
	"cancel_requested_by_name" text,
	"cancel_sent_at" timestamp with time zone,
	"trouble_count" integer DEFAULT 0 NOT NULL,
	"trouble_sentence" text,
	CONSTRAINT "deployments_ended_is_over" CHECK (status in ('awaiting_approval','queued','submitting','building','deploying','verifying','cancelling') or (next_check_at is null and deadline_at is null and attention is null))
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"topic" text NOT NULL,
	"kind" text NOT NULL,
	"deployment_id" text,
	"target_id" text,
	"from_status" text,
	"to_status" text,
	"actor_name" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text,
	"provider_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"event" text NOT NULL,
	"action" text,
	"remote_id" text,
	"repository" text,
	"bytes" integer NOT NULL,
	"body" "bytea" NOT NULL,
	"state" text NOT NULL,
	"note" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"duplicates" integer DEFAULT 0 NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"id" text PRIMARY KEY NOT NULL,
	"component_id" text NOT NULL,
	"version" text NOT NULL,
	"sha" text NOT NULL,
	"ref" text NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"author" text DEFAULT '' NOT NULL,
	"artifacts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "components" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"paths" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"provider_id" text NOT NULL,
	"origin" text NOT NULL,
	"credential_kind" text NOT NULL,
	"sealed_credential" text,
	"credential_last4" text DEFAULT '' NOT NULL,
	"app_id" text,
	"installation_id" text,
	"sealed_webhook_secret" text,
	"sealed_previous_webhook_secret" text,
	"state" text DEFAULT 'unchecked' NOT NULL,
	"report" jsonb,
	"checked_at" timestamp with time zone,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "environments" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"is_production" boolean DEFAULT false NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"id" text PRIMARY KEY NOT NULL,
	"target_id" text NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"deployment_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"lifted_at" timestamp with time zone,
	"lifted_by" text
);
--> statement-breakpoint
CREATE TABLE "quotas" (
	"connection_id" text NOT NULL,
	"resource" text NOT NULL,
	"limit" integer NOT NULL,
	"remaining" integer NOT NULL,
	"reset_at" timestamp with time zone NOT NULL,
	"blocked_until" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "targets" (
	"id" text PRIMARY KEY NOT NULL,
	"component_id" text NOT NULL,
	"environment_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"config" jsonb NOT NULL,
	"current_deployment_id" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"resource_kind" text NOT NULL,
	"resource_id" text,
	"environment" text,
	"outcome" text NOT NULL,
	"code" text,
	"sentence" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"request_id" text,
	"ip" text
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"environment_pattern" text NOT NULL,
	"granted_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"purpose" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"tokens" real NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"ip" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"locked" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"login" text NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"image" text,
	"password_hash" text,
	"identity_provider" text,
	"identity_account_id" text,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployment_steps" ADD CONSTRAINT "deployment_steps_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_release_id_releases_id_fk" FOREIGN KEY ("release_id") REFERENCES "public"."releases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotas" ADD CONSTRAINT "quotas_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "targets" ADD CONSTRAINT "targets_component_id_components_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."components"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "targets" ADD CONSTRAINT "targets_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "targets" ADD CONSTRAINT "targets_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_key" ON "attempts" USING btree ("deployment_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_marker_key" ON "attempts" USING btree ("marker");--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_number_key" ON "deployments" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_idempotency_key" ON "deployments" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_one_in_flight" ON "deployments" USING btree ("target_id") WHERE status in ('submitting','building','deploying','verifying','cancelling');--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_one_active_content" ON "deployments" USING btree ("content_digest") WHERE status in ('awaiting_approval','queued','submitting','building','deploying','verifying','cancelling');--> statement-breakpoint
CREATE INDEX "deployments_due" ON "deployments" USING btree ("next_check_at") WHERE next_check_at is not null;--> statement-breakpoint
CREATE INDEX "deployments_target" ON "deployments" USING btree ("target_id","number" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "deployments_recent" ON "deployments" USING btree ("number" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "deployments_component" ON "deployments" USING btree ("component_id","number" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "deployments_environment" ON "deployments" USING btree ("environment_id","number" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "deployments_status" ON "deployments" USING btree ("status","number" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "deployments_person" ON "deployments" USING btree (lower("requested_by_name"),"number" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "deployments_remote" ON "deployments" USING btree ("connection_id","remote_id");--> statement-breakpoint
CREATE INDEX "events_order" ON "events" USING btree ("xid","id");--> statement-breakpoint
CREATE INDEX "events_deployment" ON "events" USING btree ("deployment_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_delivery_key" ON "inbox" USING btree ("provider_id","delivery_id");--> statement-breakpoint
CREATE INDEX "inbox_recent" ON "inbox" USING btree ("received_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "releases_key" ON "releases" USING btree ("component_id","sha");--> statement-breakpoint
CREATE UNIQUE INDEX "components_slug_key" ON "components" USING btree ("slug");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_name_key" ON "connections" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "environments_slug_key" ON "environments" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "pins_target" ON "pins" USING btree ("target_id","lifted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "quotas_key" ON "quotas" USING btree ("connection_id","resource");--> statement-breakpoint
CREATE UNIQUE INDEX "targets_key" ON "targets" USING btree ("component_id","environment_id","label");--> statement-breakpoint
CREATE INDEX "targets_connection" ON "targets" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_resource" ON "audit" USING btree ("resource_kind","resource_id");--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree ("actor_id");--> statement-breakpoint
CREATE UNIQUE INDEX "grants_key" ON "grants" USING btree ("user_id","role","environment_pattern");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_login_key" ON "users" USING btree ("login");--> statement-breakpoint
CREATE UNIQUE INDEX "users_identity_key" ON "users" USING btree ("identity_provider","identity_account_id");