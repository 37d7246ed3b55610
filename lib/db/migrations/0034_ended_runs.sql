ALTER TABLE "deployments" ADD COLUMN "run_ended_at" timestamp with time zone;--> statement-breakpoint
-- Until now only the sentence told it, and the wait was counted from this moment where the run told no end. What an instance of before
-- begins to wait for afterwards gets its moment at the next look of one that knows the column; the sentence still begins like this.
UPDATE "deployments" SET "run_ended_at" = "status_since" WHERE "status" = 'deploying' AND starts_with("waiting_for", 'The run ended (');
