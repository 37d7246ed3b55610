CREATE TABLE "service_statuses" (
	"provider_id" text PRIMARY KEY NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	"status" jsonb,
	"problem" text
);
