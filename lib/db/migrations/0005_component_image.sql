ALTER TABLE "components" ADD COLUMN "image_connection_id" text;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "image" jsonb;--> statement-breakpoint
ALTER TABLE "components" ADD CONSTRAINT "components_image_connection_id_connections_id_fk" FOREIGN KEY ("image_connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "components_image_connection" ON "components" USING btree ("image_connection_id") WHERE image_connection_id is not null;--> statement-breakpoint
ALTER TABLE "components" ADD CONSTRAINT "components_image_whole" CHECK ((image_connection_id is null) = (image is null));