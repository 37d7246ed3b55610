CREATE TABLE "personal_credentials" (
	"user_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"sealed_credential" text NOT NULL,
	"last4" text DEFAULT '' NOT NULL,
	"login" text NOT NULL,
	"problems" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"accepted" boolean DEFAULT true NOT NULL,
	"checked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "personal_credentials_user_id_connection_id_pk" PRIMARY KEY("user_id","connection_id")
);
--> statement-breakpoint
ALTER TABLE "deployments" ADD COLUMN "held_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deployments" ADD COLUMN "held_by" jsonb;--> statement-breakpoint
ALTER TABLE "personal_credentials" ADD CONSTRAINT "personal_credentials_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "personal_credentials" ADD CONSTRAINT "personal_credentials_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;