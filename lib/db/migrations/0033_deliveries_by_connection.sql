-- One id may come from several connections of a provider. Dropped first: one lock, that stays until both are done, so nothing is
-- kept twice meanwhile and nobody waits crosswise. Instances of before name no index in their ON CONFLICT.
DROP INDEX "inbox_delivery_key";--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_delivery_key" ON "inbox" USING btree ("connection_id","delivery_id");
