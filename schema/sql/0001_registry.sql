-- The registry: an append-only, hash-chained book and the transparency log over it.
-- Formats: registry/README.md. Grants and why: schema/README.md.
--
-- SQLSTATE of our own refusals, read by registry/store:
--   RG001 a stored row was to be changed      RG002 not at the head (lock discipline broken)
--   RG003 a link, hash or column is false     RG004 unlawful change of status
--   RG005 the book line is void               RG006 the book line stands in an issued copy
--   RG007 book number out of turn             RG008 tile or checkpoint out of turn
--   RG009 a status change for a code that was never issued

CREATE SCHEMA registry;

-- Locks --------------------------------------------------------------------------------------

CREATE FUNCTION registry.lock_appends() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
RETURN pg_advisory_xact_lock(4242001);

CREATE FUNCTION registry.lock_publishing() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
RETURN pg_advisory_xact_lock(4242002);

-- One lock a unit and year, since numbers run through a year's volumes.
CREATE FUNCTION registry.lock_book(unit_code text, year integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
RETURN pg_advisory_xact_lock(hashtextextended('registry.book/' || unit_code || '/' || year, 0));

-- The book's lines ---------------------------------------------------------------------------

CREATE TABLE registry.book (
    unit_code text NOT NULL CHECK (unit_code <> ''),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    volume integer NOT NULL CHECK (volume > 0),
    book text NOT NULL CHECK (book <> ''),
    opened_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (unit_code, year, volume),
    UNIQUE (unit_code, book)
);

-- A number belongs to its original from the intent on, through every crash and retry.
CREATE TABLE registry.book_number (
    unit_code text NOT NULL,
    book text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    year integer NOT NULL,
    original_id uuid NOT NULL UNIQUE,
    reserved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (unit_code, book, number),
    UNIQUE (unit_code, year, number),
    FOREIGN KEY (unit_code, book) REFERENCES registry.book (unit_code, book)
);

CREATE TABLE registry.book_void (
    unit_code text NOT NULL,
    book text NOT NULL,
    number integer NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    voided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (unit_code, book, number),
    FOREIGN KEY (unit_code, book, number) REFERENCES registry.book_number
);

-- Entries ------------------------------------------------------------------------------------

-- Every column after entry_hash is a field of body; the link trigger compares them.
CREATE TABLE registry.entry (
    index bigint PRIMARY KEY CHECK (index >= 0),
    body bytea NOT NULL CHECK (octet_length(body) <= 65535),
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    entry_hash bytea NOT NULL CHECK (octet_length(entry_hash) = 32),
    kind text NOT NULL
        CHECK (kind IN ('issued', 'suspended', 'reinstated', 'revoked', 'superseded', 'erased')),
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    occurred_at timestamptz NOT NULL,
    pdf_digest bytea CHECK (octet_length(pdf_digest) = 32),
    commitment bytea CHECK (octet_length(commitment) = 32),
    signer_fingerprint bytea CHECK (octet_length(signer_fingerprint) = 32),
    seal_fingerprint bytea CHECK (octet_length(seal_fingerprint) = 32),
    unit_code text,
    book text,
    number integer,
    certified_at timestamptz,
    decision text,
    decided_on date,
    reason text,
    FOREIGN KEY (unit_code, book, number) REFERENCES registry.book_number,
    CHECK (num_nulls(pdf_digest, commitment, signer_fingerprint, seal_fingerprint,
                     unit_code, book, number, certified_at)
           = CASE kind WHEN 'issued' THEN 0 ELSE 8 END),
    CHECK (num_nulls(decision, decided_on, reason) = CASE kind WHEN 'issued' THEN 3 ELSE 0 END)
);
CREATE UNIQUE INDEX entry_issued_code ON registry.entry (code_hash) WHERE kind = 'issued';
CREATE UNIQUE INDEX entry_issued_pdf ON registry.entry (pdf_digest) WHERE kind = 'issued';
CREATE INDEX entry_history ON registry.entry (code_hash, index);
-- Several copies of one original share its number, so this is not unique.
CREATE INDEX entry_book_line ON registry.entry (unit_code, book, number) WHERE kind = 'issued';

CREATE TABLE registry.head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    size bigint NOT NULL,
    entry_hash bytea NOT NULL CHECK (octet_length(entry_hash) = 32)
);
INSERT INTO registry.head (size, entry_hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- What the log only commits to. Erasing a person means losing this row.
CREATE TABLE registry.copy (
    entry_index bigint PRIMARY KEY REFERENCES registry.entry,
    code_hash bytea NOT NULL UNIQUE CHECK (octet_length(code_hash) = 32),
    facts jsonb NOT NULL,
    salt bytea NOT NULL CHECK (octet_length(salt) = 32)
);

-- The transparency log -----------------------------------------------------------------------

-- Full tiles only; root_hash is the node above, kept so that the level above needs no re-hashing.
CREATE TABLE registry.tile (
    level integer NOT NULL CHECK (level BETWEEN 0 AND 7),
    index bigint NOT NULL CHECK (index >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
    root_hash bytea NOT NULL CHECK (octet_length(root_hash) = 32),
    PRIMARY KEY (level, index)
);
-- Hashes do not compress: spare the attempt.
ALTER TABLE registry.tile ALTER hashes SET STORAGE EXTERNAL;

CREATE TABLE registry.checkpoint (
    size bigint PRIMARY KEY CHECK (size >= 0),
    root_hash bytea NOT NULL CHECK (octet_length(root_hash) = 32),
    note text NOT NULL,
    signed_at timestamptz NOT NULL
);

-- Nothing is ever changed --------------------------------------------------------------------

CREATE FUNCTION registry.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- The head moves, but only when the link trigger of entry moves it.
    IF TG_TABLE_NAME = 'head' AND TG_OP = 'UPDATE' AND pg_trigger_depth() = 2 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'RG001', MESSAGE =
        'registry.' || TG_TABLE_NAME || ' is append-only: ' || TG_OP || ' refused';
END $$;

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['book', 'book_number', 'book_void', 'entry', 'head', 'copy',
                                   'tile', 'checkpoint'] LOOP
        EXECUTE 'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.'
            || quote_ident(guarded)
            || ' FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change()';
    END LOOP;
END $$;

-- Links --------------------------------------------------------------------------------------

-- Whether a status may follow another; the same table as registry/status.py.
CREATE FUNCTION registry.may_follow(previous text, next text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN CASE previous
    WHEN 'issued' THEN next IN ('suspended', 'revoked', 'superseded')
    WHEN 'reinstated' THEN next IN ('suspended', 'revoked', 'superseded')
    WHEN 'suspended' THEN next IN ('reinstated', 'revoked')
    WHEN 'superseded' THEN next = 'revoked'
    ELSE false
END;

-- Checks a whole INSERT against the head and moves it, in the same transaction. SECURITY DEFINER
-- because writers may not touch the head themselves.
CREATE FUNCTION registry.check_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head registry.head;
    added_count bigint;
    first_index bigint;
    last_index bigint;
    at bigint;
    fault text;
BEGIN
    SELECT * INTO STRICT head FROM registry.head FOR UPDATE;
    SELECT count(*), min(a.index), max(a.index) INTO added_count, first_index, last_index
        FROM added a;
    IF added_count = 0 THEN
        RETURN NULL;
    END IF;
    IF first_index <> head.size OR last_index <> head.size + added_count - 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'RG002', MESSAGE = 'entries do not continue at the head';
    END IF;

    SELECT c.index, c.fault INTO at, fault FROM (
        SELECT a.index, CASE
            WHEN a.prev_hash
                <> coalesce(lag(a.entry_hash) OVER (ORDER BY a.index), head.entry_hash)
                THEN 'prev_hash'
            WHEN a.leaf_hash <> sha256('\x00'::bytea || a.body) THEN 'leaf_hash'
            WHEN a.entry_hash <> sha256('\x02'::bytea || a.prev_hash || a.leaf_hash)
                THEN 'entry_hash'
            -- Comparing whole objects also refuses fields without a column.
            WHEN convert_from(a.body, 'UTF8')::jsonb <> jsonb_strip_nulls(jsonb_build_object(
                'version', 1,
                'kind', a.kind,
                'code_hash', encode(a.code_hash, 'hex'),
                'occurred_at',
                to_char(a.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'pdf_digest', encode(a.pdf_digest, 'hex'),
                'commitment', encode(a.commitment, 'hex'),
                'signer_fingerprint', encode(a.signer_fingerprint, 'hex'),
                'seal_fingerprint', encode(a.seal_fingerprint, 'hex'),
                'unit_code', a.unit_code,
                'book', a.book,
                'number', a.number,
                'certified_at',
                to_char(a.certified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'decision', a.decision,
                'decided_on', to_char(a.decided_on, 'YYYY-MM-DD'),
                'reason', a.reason)) THEN 'body'
        END AS fault
        FROM added a
    ) c WHERE c.fault IS NOT NULL ORDER BY c.index LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE =
            'entry ' || at || ': false ' || fault;
    END IF;

    PERFORM registry.check_statuses(array_agg(a.index)) FROM added a
        WHERE a.kind <> 'issued' HAVING count(*) > 0;

    SELECT a.index INTO at FROM added a
        JOIN registry.book_void v USING (unit_code, book, number) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = 'entry ' || at || ': void book number';
    END IF;

    UPDATE registry.head SET size = last_index + 1,
        entry_hash = (SELECT a.entry_hash FROM added a WHERE a.index = last_index);
    RETURN NULL;
END $$;

-- A status entry must lawfully follow what was last said of its code. Erasure takes the facts,
-- leaves the status alone and happens once.
CREATE FUNCTION registry.check_statuses(indexes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    change record;
    status text;
    erased boolean;
    lawful boolean;
BEGIN
    FOR change IN SELECT e.index, e.code_hash, e.kind FROM registry.entry e
                  WHERE e.index = ANY (indexes) LOOP
        SELECT (array_agg(e.kind ORDER BY e.index DESC) FILTER (WHERE e.kind <> 'erased'))[1],
               bool_or(e.kind = 'erased') INTO status, erased
            FROM registry.entry e
            WHERE e.code_hash = change.code_hash AND e.index < change.index;
        IF status IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'RG009', MESSAGE =
                'entry ' || change.index || ': its code was never issued';
        END IF;
        lawful := CASE change.kind WHEN 'erased' THEN NOT erased
                                   ELSE registry.may_follow(status, change.kind) END;
        IF NOT lawful THEN
            RAISE EXCEPTION USING ERRCODE = 'RG004', MESSAGE =
                'entry ' || change.index || ': ' || change.kind || ' cannot follow ' || status;
        END IF;
    END LOOP;
END $$;

CREATE TRIGGER links AFTER INSERT ON registry.entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION registry.check_links();

-- A copy's facts stand beside the issuing entry of the same code.
CREATE FUNCTION registry.check_copies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM added a LEFT JOIN registry.entry e
        ON e.index = a.entry_index AND e.code_hash = a.code_hash AND e.kind = 'issued'
        WHERE e.index IS NULL;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE = 'facts of another entry';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER beside_its_entry AFTER INSERT ON registry.copy
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION registry.check_copies();

-- Book numbers in turn -----------------------------------------------------------------------

CREATE FUNCTION registry.check_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last integer;
BEGIN
    PERFORM registry.lock_book(NEW.unit_code, NEW.year);
    SELECT coalesce(max(n.number), 0) INTO last FROM registry.book_number n
        WHERE n.unit_code = NEW.unit_code AND n.year = NEW.year;
    PERFORM FROM registry.book b
        WHERE b.unit_code = NEW.unit_code AND b.book = NEW.book AND b.year = NEW.year;
    IF NOT FOUND OR NEW.number <> last + 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'RG007', MESSAGE =
            'book number ' || NEW.number || ' is not the next one';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER in_turn BEFORE INSERT ON registry.book_number
FOR EACH ROW EXECUTE FUNCTION registry.check_number();

-- Taking the head's lock keeps an append of the same number away until this is decided.
CREATE FUNCTION registry.check_void() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM registry.head FOR UPDATE;
    PERFORM FROM registry.entry e
        WHERE e.unit_code = NEW.unit_code AND e.book = NEW.book AND e.number = NEW.number
          AND e.kind = 'issued';
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG006', MESSAGE = 'the number stands in an issued copy';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER never_issued BEFORE INSERT ON registry.book_void
FOR EACH ROW EXECUTE FUNCTION registry.check_void();

-- Tiles and checkpoints in turn --------------------------------------------------------------

CREATE FUNCTION registry.check_tile() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.lock_publishing();
    IF NEW.index <> (SELECT coalesce(max(t.index) + 1, 0) FROM registry.tile t
                     WHERE t.level = NEW.level) THEN
        RAISE EXCEPTION USING ERRCODE = 'RG008', MESSAGE = 'the tile is not the next one';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER in_turn BEFORE INSERT ON registry.tile
FOR EACH ROW EXECUTE FUNCTION registry.check_tile();

CREATE FUNCTION registry.check_checkpoint() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.lock_publishing();
    PERFORM FROM registry.checkpoint c WHERE c.size >= NEW.size;
    IF FOUND OR NEW.size > (SELECT h.size FROM registry.head h) THEN
        RAISE EXCEPTION USING ERRCODE = 'RG008', MESSAGE =
            'a checkpoint is larger than the one before and no larger than the log';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER in_turn BEFORE INSERT ON registry.checkpoint
FOR EACH ROW EXECUTE FUNCTION registry.check_checkpoint();

-- Grants -------------------------------------------------------------------------------------

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA registry FROM PUBLIC;

GRANT USAGE ON SCHEMA registry TO registry_writer, registry_publisher, registry_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA registry
    TO registry_writer, registry_publisher, registry_reader;

GRANT INSERT ON registry.entry, registry.copy, registry.book, registry.book_number,
    registry.book_void TO registry_writer;
GRANT EXECUTE ON FUNCTION registry.lock_appends(), registry.lock_book(text, integer)
    TO registry_writer;

GRANT INSERT ON registry.tile, registry.checkpoint TO registry_publisher;
GRANT EXECUTE ON FUNCTION registry.lock_publishing() TO registry_publisher;
