-- What a step of certifying has written stays; only a signed file whose signatures lost their right
-- before the registry took it over is forgotten, and made anew under the same code and number.
CREATE OR REPLACE FUNCTION intake.keep_certification() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM jsonb_each(to_jsonb(OLD)) AS was
        WHERE was.value <> 'null'
          AND to_jsonb(NEW) -> was.key IS DISTINCT FROM was.value
          AND NOT (was.key IN ('salt', 'facts') AND to_jsonb(NEW) -> was.key = 'null')
          AND NOT (was.key IN ('certified_at', 'facts') AND OLD.number IS NULL)
          AND NOT (was.key IN ('pdf_digest', 'pdf_size', 'signer_fingerprint', 'seal_fingerprint')
                   AND to_jsonb(NEW) -> was.key = 'null' AND OLD.entry_index IS NULL)
    ) THEN
        RAISE EXCEPTION 'intake.certification is written once: % refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
REVOKE UPDATE (officer, officer_id, signer, signer_title, decided_at)
    ON intake.certification FROM intake_app;
