ALTER TABLE "audit_heads" DROP CONSTRAINT "audit_heads_pkey";--> statement-breakpoint
ALTER TABLE "audit_heads" ADD COLUMN "id" integer PRIMARY KEY NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "audit_heads_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);--> statement-breakpoint
CREATE INDEX "audit_heads_seq" ON "audit_heads" USING btree ("seq");--> statement-breakpoint
-- Lengths in the canonical form are bytes of UTF-8.
DO $$
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'This database is encoded as %. Make one with ENCODING ''UTF8'' and start again.', current_setting('server_encoding');
  END IF;
END $$;--> statement-breakpoint
-- No line may slip in between those that are chained here and those that the trigger chains.
LOCK TABLE "audit" IN SHARE ROW EXCLUSIVE MODE;--> statement-breakpoint
-- The same form is defined in lib/audit/model/chain.ts; a property test holds the two together.
CREATE FUNCTION audit_field(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN value IS NULL THEN '-,' ELSE octet_length(value)::text || ':' || value || ',' END $$;--> statement-breakpoint
-- Text of a moment or a number never depends on the session: microseconds since 1970, and jsonb as Postgres prints it.
CREATE FUNCTION audit_canonical(line public.audit) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT convert_to(
  public.audit_field(line.id::text)
  || public.audit_field(trunc(extract(epoch FROM line.at) * 1000000)::text)
  || public.audit_field(line.actor_kind)
  || public.audit_field(line.actor_id)
  || public.audit_field(line.actor_name)
  || public.audit_field(line.action)
  || public.audit_field(line.resource_kind)
  || public.audit_field(line.resource_id)
  || public.audit_field(line.environment)
  || public.audit_field(line.outcome)
  || public.audit_field(line.code)
  || public.audit_field(line.sentence)
  || public.audit_field(line.data::text)
  || public.audit_field(line.request_id)
  || public.audit_field(line.ip), 'UTF8') $$;--> statement-breakpoint
CREATE FUNCTION audit_link(previous bytea, seq bigint, line public.audit) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT sha256(previous || int8send(seq) || public.audit_canonical(line)) $$;--> statement-breakpoint
DO $$
DECLARE
  line public.audit;
  place bigint := 0;
  link bytea := decode(repeat('00', 32), 'hex');
BEGIN
  FOR line IN SELECT * FROM public.audit ORDER BY id LOOP
    place := place + 1;
    link := public.audit_link(link, place, line);
    INSERT INTO public.audit_chain (seq, audit_id, hash) VALUES (place, line.id, link);
  END LOOP;
END $$;--> statement-breakpoint
-- Runs at COMMIT and takes its lock last, so whoever holds it waits for nobody. As the owner: the app's role need not write the chain.
CREATE FUNCTION audit_append_to_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last_seq bigint;
  last_hash bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(7420113);
  SELECT c.seq, c.hash INTO last_seq, last_hash FROM public.audit_chain c ORDER BY c.seq DESC LIMIT 1;
  last_seq := coalesce(last_seq, 0) + 1;
  INSERT INTO public.audit_chain (seq, audit_id, hash)
    VALUES (last_seq, NEW.id, public.audit_link(coalesce(last_hash, decode(repeat('00', 32), 'hex')), last_seq, NEW));
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_append_to_chain AFTER INSERT ON "audit"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_append_to_chain();--> statement-breakpoint
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log only grows: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();--> statement-breakpoint
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_chain"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();--> statement-breakpoint
CREATE TRIGGER audit_chain_by_trigger_only BEFORE INSERT ON "audit_chain"
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_refuse();--> statement-breakpoint
CREATE TRIGGER audit_heads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_heads"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
