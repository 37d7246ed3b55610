-- A console that is upgraded writes nothing into repositories until somebody says so; new targets keep the default.
UPDATE "targets" SET "tell" = 'nothing' WHERE "tell" <> 'nothing' AND NOT EXISTS (SELECT 1 FROM "announcements" a WHERE a."target_id" = "targets"."id");
