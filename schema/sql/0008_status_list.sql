-- Status lists, and the published list of what was cancelled.

-- A copy's place in the lists, drawn by lot and reserved before its code is printed: neither the code
-- nor the log tells it.
CREATE TABLE registry.status_index (
    code_hash bytea PRIMARY KEY CHECK (octet_length(code_hash) = 32),
    list integer NOT NULL CHECK (list >= 0),
    index integer NOT NULL CHECK (index BETWEEN 0 AND 1048575),
    UNIQUE (list, index)
);

-- What was signed of a list at a checkpoint, in both forms. The newest is served; the earlier ones
-- are what we said then.
CREATE TABLE registry.status_list (
    list integer NOT NULL CHECK (list >= 0),
    size bigint NOT NULL REFERENCES registry.publication,
    signed_at timestamptz NOT NULL,
    jwt text NOT NULL CHECK (octet_length(jwt) <= 1048576),
    cwt bytea NOT NULL CHECK (octet_length(cwt) <= 1048576),
    PRIMARY KEY (list, size, signed_at)
);
ALTER TABLE registry.status_list ALTER cwt SET STORAGE EXTERNAL;

-- The published revocations in the order in which they were entered: how the public list finds them
-- by unit and by the month of the decision. Says nothing that the entries do not say.
CREATE TABLE registry.revocation (
    entry_index bigint PRIMARY KEY,
    issued_index bigint NOT NULL,
    unit_code text NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1)
);
CREATE INDEX revocation_unit ON registry.revocation (unit_code, entry_index);
CREATE INDEX revocation_month ON registry.revocation (month, entry_index);
CREATE INDEX revocation_unit_month ON registry.revocation (unit_code, month, entry_index);

-- Changes are few among issues: whoever follows statuses reads them alone.
CREATE INDEX entry_change ON registry.entry (index) WHERE decision IS NOT NULL;

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['status_index', 'status_list', 'revocation'] LOOP
        EXECUTE 'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.'
            || quote_ident(guarded)
            || ' FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change()';
    END LOOP;
END $$;

GRANT SELECT ON registry.status_index, registry.status_list, registry.revocation
    TO registry_writer, registry_publisher, registry_reader;
GRANT INSERT ON registry.status_index TO registry_writer;
GRANT INSERT ON registry.status_list, registry.revocation TO registry_publisher;
