ALTER TABLE "targets" ADD COLUMN "runtime_connection_id" text;--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "runtime" jsonb;--> statement-breakpoint
ALTER TABLE "targets" ADD CONSTRAINT "targets_runtime_connection_id_connections_id_fk" FOREIGN KEY ("runtime_connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "targets_runtime_connection" ON "targets" USING btree ("runtime_connection_id") WHERE runtime_connection_id is not null;--> statement-breakpoint
ALTER TABLE "targets" ADD CONSTRAINT "targets_runtime_whole" CHECK ((runtime_connection_id is null) = (runtime is null));