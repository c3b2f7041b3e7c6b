-- The stages of a checkpoint: signed (registry.checkpoint), cosigned, published; and its time stamp.
-- A checkpoint is signed once and never unsaid, so what happens to it later stands in rows beside it.

-- One line a witness's key, as it stands under the note (C2SP tlog-cosignature), newline included.
CREATE TABLE registry.cosignature (
    size bigint NOT NULL REFERENCES registry.checkpoint,
    name text NOT NULL CHECK (name ~ '^[^[:space:]+]+$'),
    key_id bytea NOT NULL CHECK (octet_length(key_id) = 4),
    line text NOT NULL CHECK (line ~ '\A— [^[:space:]+]+ [A-Za-z0-9+/]+=*\n\Z'),
    obtained_at timestamptz NOT NULL,
    PRIMARY KEY (size, name, key_id)
);
-- How far a witness has come.
CREATE INDEX cosignature_of ON registry.cosignature (name, key_id, size);

-- What lookups answer by: the newest of these.
CREATE TABLE registry.publication (
    size bigint PRIMARY KEY REFERENCES registry.checkpoint,
    published_at timestamptz NOT NULL
);

-- An RFC 3161 token (DER) over the note that the log signed, without cosignatures.
CREATE TABLE registry.checkpoint_time (
    size bigint PRIMARY KEY REFERENCES registry.checkpoint,
    token bytea NOT NULL CHECK (octet_length(token) BETWEEN 1 AND 65536),
    obtained_at timestamptz NOT NULL
);
ALTER TABLE registry.checkpoint_time ALTER token SET STORAGE EXTERNAL;

-- Until now every checkpoint was public as soon as it was signed.
INSERT INTO registry.publication (size, published_at)
    SELECT c.size, c.signed_at FROM registry.checkpoint c;

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['cosignature', 'publication', 'checkpoint_time'] LOOP
        EXECUTE 'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.'
            || quote_ident(guarded)
            || ' FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change()';
    END LOOP;
END $$;

CREATE FUNCTION registry.check_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.lock_publishing();
    PERFORM FROM registry.publication p WHERE p.size >= NEW.size;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG008', MESSAGE =
            'a publication is larger than the one before';
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION registry.check_publication() FROM PUBLIC;

CREATE TRIGGER in_turn BEFORE INSERT ON registry.publication
FOR EACH ROW EXECUTE FUNCTION registry.check_publication();

GRANT SELECT ON registry.cosignature, registry.publication, registry.checkpoint_time
    TO registry_writer, registry_publisher, registry_reader;
GRANT INSERT ON registry.cosignature, registry.publication, registry.checkpoint_time
    TO registry_publisher;
