-- The life of a copy: a superseded one names its successor, a unit's year is closed by an entry, and
-- every entry that issues nothing has its officers beside it.
-- New SQLSTATE: RG011 the successor is not in force   RG012 a closing that the book does not bear out

-- Entries --------------------------------------------------------------------------------------

-- Only `closed` is about no copy. Its pdf_digest is the closing print's.
ALTER TABLE registry.entry ALTER code_hash DROP NOT NULL;
ALTER TABLE registry.entry
    ADD successor bytea CHECK (octet_length(successor) = 32),
    ADD year integer CHECK (year BETWEEN 2000 AND 9999),
    ADD numbers integer CHECK (numbers >= 0),
    ADD void integer CHECK (void BETWEEN 0 AND numbers),
    DROP CONSTRAINT entry_kind_check,
    DROP CONSTRAINT entry_check,
    DROP CONSTRAINT entry_check1,
    ADD CONSTRAINT entry_of_its_kind CHECK (CASE
        WHEN kind = 'issued' THEN
            num_nulls(code_hash, pdf_digest, commitment, signer_fingerprint, seal_fingerprint,
                      unit_code, book, number, certified_at) = 0
            AND num_nonnulls(decision, decided_on, reason, successor, year, numbers, void) = 0
        WHEN kind IN ('suspended', 'reinstated', 'revoked', 'superseded', 'erased') THEN
            num_nulls(code_hash, decision, decided_on, reason) = 0
            AND num_nonnulls(pdf_digest, commitment, signer_fingerprint, seal_fingerprint,
                             unit_code, book, number, certified_at, year, numbers, void) = 0
            AND (successor IS NULL OR kind = 'superseded' AND successor <> code_hash)
        WHEN kind = 'closed' THEN
            num_nulls(pdf_digest, unit_code, year, numbers, void) = 0
            AND num_nonnulls(code_hash, commitment, signer_fingerprint, seal_fingerprint, book,
                             number, certified_at, decision, decided_on, reason, successor) = 0
        ELSE false
    END);
CREATE UNIQUE INDEX entry_closing ON registry.entry (unit_code, year) WHERE year IS NOT NULL;

-- Who decided ----------------------------------------------------------------------------------

-- Beside the log, not in it: officers' identifiers are not public. A row is written before its
-- entry, in the same transaction, and every entry that issues nothing has one.
CREATE TABLE registry.change (
    entry_index bigint PRIMARY KEY,
    decided_by text NOT NULL CHECK (btrim(decided_by) <> ''),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> '')
);
-- Until now nobody was asked.
INSERT INTO registry.change (entry_index, decided_by, entered_by)
    SELECT e.index, 'not recorded', 'not recorded' FROM registry.entry e WHERE e.kind <> 'issued';

CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.change
FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change();

-- At COMMIT, since the entry comes after the row. An entry that is there already has its row, so
-- that none can be added later.
CREATE FUNCTION registry.check_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM registry.entry e WHERE e.index = NEW.entry_index AND e.kind <> 'issued';
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE =
            'an officer beside entry ' || NEW.entry_index || ', which changes nothing';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER beside_its_entry AFTER INSERT ON registry.change
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry.check_change();

-- What the trigger `links` asks of entries that issue nothing --------------------------------------

-- Each has its officers; then what its kind asks for.
CREATE FUNCTION registry.check_others(indexes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at bigint;
BEGIN
    SELECT min(i.index) INTO at FROM unnest(indexes) AS i (index)
        LEFT JOIN registry.change c ON c.entry_index = i.index WHERE c.entry_index IS NULL;
    IF at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE =
            'entry ' || at || ': nobody is named who decided it';
    END IF;
    PERFORM registry.check_statuses(indexes);
    PERFORM registry.check_closings(indexes);
END $$;

-- New here: dates and words that no body may hold, and the successor.
CREATE OR REPLACE FUNCTION registry.check_statuses(indexes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    change record;
    status text;
    erased boolean;
    lawful boolean;
BEGIN
    FOR change IN SELECT e.* FROM registry.entry e
                  WHERE e.index = ANY (indexes) AND e.kind <> 'closed' ORDER BY e.index LOOP
        IF change.decision !~ '[^[:space:]]'
                OR change.decided_on > (change.occurred_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
            RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE =
                'entry ' || change.index || ': no decision of its day or before';
        END IF;
        SELECT s.kind, s.erased INTO status, erased
            FROM registry.status_before(change.code_hash, change.index) s;
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
        -- In force, so that no copy can come to be its own successor's successor.
        IF change.kind = 'superseded' AND coalesce((
                SELECT s.kind NOT IN ('issued', 'reinstated')
                FROM registry.status_before(change.successor, change.index) s), true) THEN
            RAISE EXCEPTION USING ERRCODE = 'RG011', MESSAGE =
                'entry ' || change.index || ': its successor is not in force';
        END IF;
    END LOOP;
END $$;

-- The last word about a code before an entry, but for erasure, which leaves the status alone; and
-- whether it was erased. NULL for a code that was not issued.
CREATE FUNCTION registry.status_before(code_hash bytea, before bigint,
    OUT kind text, OUT erased boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT (array_agg(e.kind ORDER BY e.index DESC) FILTER (WHERE e.kind <> 'erased'))[1],
           bool_or(e.kind = 'erased')
    FROM (SELECT o.index, o.kind FROM registry.entry o
          WHERE o.code_hash = status_before.code_hash OFFSET 0) e
    WHERE e.index < before;
END;

-- A year ends with every number issued or void, and takes its reservations' lock until it is.
CREATE FUNCTION registry.check_closings(indexes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    closing record;
    numbers bigint;
    void bigint;
    open bigint;
BEGIN
    FOR closing IN SELECT e.index, e.occurred_at, e.unit_code, e.year, e.numbers, e.void
                   FROM registry.entry e
                   WHERE e.index = ANY (indexes) AND e.kind = 'closed' ORDER BY e.index LOOP
        PERFORM registry.lock_book(closing.unit_code, closing.year);
        SELECT coalesce(max(n.number), 0), count(v.number),
               count(*) FILTER (WHERE v.number IS NULL AND NOT EXISTS (
                   SELECT FROM registry.entry e
                   WHERE e.number = n.number AND e.unit_code = n.unit_code AND e.book = n.book))
            INTO numbers, void, open
            FROM registry.book_number n
            LEFT JOIN registry.book_void v USING (unit_code, book, number)
            WHERE n.unit_code = closing.unit_code AND n.year = closing.year;
        IF open > 0 OR (closing.numbers, closing.void) IS DISTINCT FROM (numbers, void)
                OR closing.year > registry.local_year(closing.occurred_at) THEN
            RAISE EXCEPTION USING ERRCODE = 'RG012', MESSAGE = 'entry ' || closing.index
                || ': the book has ' || numbers || ' numbers, ' || void || ' void, '
                || open || ' open';
        END IF;
    END LOOP;
END $$;

-- Checks a whole INSERT against the head and moves it, in the same transaction. SECURITY DEFINER
-- because writers may not touch the head themselves. The planner is told to go through indexes,
-- since it would keep what it planned when the tables were small.
--
-- A body must be, byte for byte, what its columns make of it. PostgreSQL escapes texts as RFC 8785
-- wants them, so this holds the canonical form too and leaves no room for a field without a column.
CREATE OR REPLACE FUNCTION registry.check_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    head registry.head;
    added_count bigint;
    first_index bigint;
    last_index bigint;
    at bigint;
    fault text;
    others bigint[];
    last_at timestamptz;
BEGIN
    -- An older snapshot would not see a number that was voided meanwhile.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'RG002', MESSAGE = 'entries are appended READ COMMITTED';
    END IF;
    SELECT * INTO STRICT head FROM registry.head h WHERE h.only_row FOR UPDATE;
    SELECT e.occurred_at INTO last_at FROM registry.entry e WHERE e.index = head.size - 1;
    SELECT count(*), min(c.index), max(c.index), min(c.index) FILTER (WHERE c.fault IS NOT NULL),
           (array_agg(c.fault ORDER BY c.index) FILTER (WHERE c.fault IS NOT NULL))[1],
           array_agg(c.index) FILTER (WHERE c.kind <> 'issued')
        INTO added_count, first_index, last_index, at, fault, others
    FROM (
        SELECT a.index, a.kind, CASE
            WHEN a.prev_hash
                <> coalesce(lag(a.entry_hash) OVER (ORDER BY a.index), head.entry_hash)
                THEN 'prev_hash'
            WHEN a.leaf_hash <> sha256('\x00'::bytea || a.body) THEN 'leaf_hash'
            WHEN a.entry_hash <> sha256('\x02'::bytea || a.prev_hash || a.leaf_hash)
                THEN 'entry_hash'
            WHEN a.occurred_at < coalesce(lag(a.occurred_at) OVER (ORDER BY a.index), last_at)
                THEN 'occurred_at'
            WHEN convert_to(CASE a.kind
                WHEN 'issued' THEN
                    '{"book":' || to_json(a.book)::text
                    || ',"certified_at":"' || registry.instant(a.certified_at)
                    || '","code_hash":"' || encode(a.code_hash, 'hex')
                    || '","commitment":"' || encode(a.commitment, 'hex')
                    || '","kind":"issued","number":' || a.number
                    || ',"occurred_at":"' || registry.instant(a.occurred_at)
                    || '","pdf_digest":"' || encode(a.pdf_digest, 'hex')
                    || '","seal_fingerprint":"' || encode(a.seal_fingerprint, 'hex')
                    || '","signer_fingerprint":"' || encode(a.signer_fingerprint, 'hex')
                    || '","unit_code":' || to_json(a.unit_code)::text
                    || ',"version":1}'
                WHEN 'closed' THEN
                    '{"kind":"closed","numbers":' || a.numbers
                    || ',"occurred_at":"' || registry.instant(a.occurred_at)
                    || '","pdf_digest":"' || encode(a.pdf_digest, 'hex')
                    || '","unit_code":' || to_json(a.unit_code)::text
                    || ',"version":1,"void":' || a.void
                    || ',"year":' || a.year || '}'
                ELSE
                    '{"code_hash":"' || encode(a.code_hash, 'hex')
                    || '","decided_on":"' || to_char(a.decided_on, 'YYYY-MM-DD')
                    || '","decision":' || to_json(a.decision)::text
                    || ',"kind":"' || a.kind
                    || '","occurred_at":"' || registry.instant(a.occurred_at)
                    || '","reason":' || to_json(a.reason)::text
                    || coalesce(',"successor":"' || encode(a.successor, 'hex') || '"', '')
                    || ',"version":1}'
                END, 'UTF8') IS DISTINCT FROM a.body THEN 'body'
        END AS fault
        FROM added a
    ) c;
    IF added_count = 0 THEN
        RETURN NULL;
    END IF;
    IF first_index <> head.size OR last_index <> head.size + added_count - 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'RG002', MESSAGE = 'entries do not continue at the head';
    END IF;
    IF at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE =
            'entry ' || at || ': false ' || fault;
    END IF;

    IF others IS NOT NULL THEN
        PERFORM registry.check_others(others);
    END IF;

    SELECT a.index INTO at FROM added a
        LEFT JOIN registry.book_number n USING (unit_code, book, number)
        WHERE a.kind = 'issued' AND n.number IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG010', MESSAGE =
            'entry ' || at || ': book number never reserved';
    END IF;
    SELECT a.index INTO at FROM added a
        JOIN registry.book_void v USING (unit_code, book, number) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = 'entry ' || at || ': void book number';
    END IF;

    UPDATE registry.head SET size = last_index + 1,
        entry_hash = (SELECT a.entry_hash FROM added a WHERE a.index = last_index)
        WHERE only_row;
    RETURN NULL;
END $$;

-- Grants -----------------------------------------------------------------------------------------

REVOKE EXECUTE ON FUNCTION registry.check_change(), registry.check_others(bigint[]),
    registry.status_before(bytea, bigint), registry.check_closings(bigint[]) FROM PUBLIC;
GRANT INSERT ON registry.change TO registry_writer;
GRANT SELECT ON registry.change TO registry_reader;
