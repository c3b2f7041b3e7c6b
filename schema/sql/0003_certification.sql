-- The certification of a dossier, from the intent to the released copy. Run as bansao_owner.
-- A row is the memory of a certification in progress: whatever dies in between, the next worker
-- reads here which code, number and file this dossier already has, and goes on from there.

CREATE TABLE intake.certification (
    dossier_id uuid PRIMARY KEY REFERENCES intake.dossier,
    -- 1. the intent: what will be certified, by whom, under which code
    code         text NOT NULL UNIQUE CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{6}(-[0-9A-HJKMNP-TV-Z]{6}){2}$'),
    unit_code    text NOT NULL REFERENCES intake.unit,
    officer      text NOT NULL REFERENCES intake.officer,
    -- as they were at the decision; officers change their office and renew their keys meanwhile
    signer       text NOT NULL,
    signer_title text NOT NULL,
    watermark    text NOT NULL,
    decided_at   timestamptz NOT NULL,
    certified_at timestamptz NOT NULL,
    -- personal data and what opens its commitment: they leave with the release, the registry has them
    salt  bytea CHECK (octet_length(salt) = 32),
    facts jsonb,
    -- 2. the line in the book
    book   text,
    number bigint CHECK (number > 0),
    -- 3. the signed PDF, which lies in the blob store
    pdf_digest         bytea UNIQUE CHECK (octet_length(pdf_digest) = 32),
    pdf_size           bigint CHECK (pdf_size > 0),
    signer_fingerprint bytea CHECK (octet_length(signer_fingerprint) = 32),
    seal_fingerprint   bytea CHECK (octet_length(seal_fingerprint) = 32),
    -- 4. the registry's receipt
    entry_index   bigint UNIQUE CHECK (entry_index >= 0),
    leaf_hash     bytea CHECK (octet_length(leaf_hash) = 32),
    entry_hash    bytea CHECK (octet_length(entry_hash) = 32),
    registered_at timestamptz,
    -- 5. the copy is the citizen's
    released_at timestamptz,

    UNIQUE (unit_code, book, number),
    -- the steps come in order, each whole
    CHECK (num_nulls(book, number) IN (0, 2)),
    CHECK (num_nulls(pdf_digest, pdf_size, signer_fingerprint, seal_fingerprint) IN (0, 4)),
    CHECK (num_nulls(entry_index, leaf_hash, entry_hash, registered_at) IN (0, 4)),
    CHECK (pdf_digest IS NULL OR number IS NOT NULL),
    CHECK (entry_index IS NULL OR pdf_digest IS NOT NULL),
    CHECK (released_at IS NULL OR entry_index IS NOT NULL),
    CHECK (num_nonnulls(salt, facts) = CASE WHEN released_at IS NULL THEN 2 ELSE 0 END)
);

-- What a step has written stays: two workers on one dossier cannot undo each other's.
CREATE FUNCTION intake.keep_certification() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM jsonb_each(to_jsonb(OLD)) AS was
        WHERE was.value <> 'null'
          AND to_jsonb(NEW) -> was.key IS DISTINCT FROM was.value
          AND NOT (was.key IN ('salt', 'facts') AND to_jsonb(NEW) -> was.key = 'null')
    ) THEN
        RAISE EXCEPTION 'intake.certification is written once: % refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER certification_is_written_once
    BEFORE UPDATE ON intake.certification
    FOR EACH ROW EXECUTE FUNCTION intake.keep_certification();
CREATE TRIGGER certification_stays
    BEFORE DELETE OR TRUNCATE ON intake.certification
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_rewriting();

GRANT SELECT, INSERT ON intake.certification TO intake_app;
GRANT UPDATE (salt, facts, book, number, pdf_digest, pdf_size, signer_fingerprint, seal_fingerprint,
    entry_index, leaf_hash, entry_hash, registered_at, released_at)
    ON intake.certification TO intake_app;
