-- Appending at speed: the same promises, checked a batch at a time instead of a row at a time.
-- New SQLSTATE: RG010 the book line was never reserved.

-- What stands beside an entry ------------------------------------------------------------------

-- Facts become the very text that was committed to (RFC 8785), so that whoever checks the commitment
-- hashes it as it stands. What jsonb had made of older rows is brought back into that form.

-- RFC 8785 sorts names by UTF-16 code units.
CREATE FUNCTION registry.utf16(name text) RETURNS integer[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY(
    SELECT unit FROM regexp_split_to_table(name, '') WITH ORDINALITY AS letter (sign, place),
        unnest(CASE WHEN ascii(sign) < 65536 THEN ARRAY[ascii(sign)]
                    ELSE ARRAY[55296 + (ascii(sign) - 65536 >> 10),
                               56320 + (ascii(sign) - 65536 & 1023)] END)
            WITH ORDINALITY AS units (unit, half)
    WHERE sign <> '' ORDER BY place, half);

-- Facts hold texts, whole numbers and one level of objects of texts.
CREATE FUNCTION registry.canonical(facts jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF jsonb_typeof(facts) <> 'object' THEN
        RETURN facts::text;
    END IF;
    RETURN (SELECT '{' || coalesce(string_agg(
                to_json(field.key)::text || ':' || registry.canonical(field.value),
                ',' ORDER BY registry.utf16(field.key)), '') || '}'
            FROM jsonb_each(facts) AS field);
END $$;

ALTER TABLE registry.copy ALTER facts TYPE json USING registry.canonical(facts)::json;
DROP FUNCTION registry.canonical(jsonb), registry.utf16(text);

-- The trigger beside_its_entry wants an issuing entry of the same code, and a code is issued once:
-- that says more than the foreign key and the unique index did.
ALTER TABLE registry.copy DROP CONSTRAINT copy_entry_index_fkey;
ALTER TABLE registry.copy DROP CONSTRAINT copy_code_hash_key;

CREATE OR REPLACE FUNCTION registry.check_copies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    PERFORM FROM added a LEFT JOIN registry.entry e ON e.index = a.entry_index
        WHERE (e.code_hash = a.code_hash AND e.kind = 'issued') IS NOT TRUE;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE = 'facts of another entry';
    END IF;
    RETURN NULL;
END $$;

-- Entries --------------------------------------------------------------------------------------

-- One index answers for a code's whole history and lets it be issued once (an issue has a number,
-- nothing else has). None is partial by kind:
-- while the table is small, the planner would walk any such index to find what is issued, and keep
-- that plan.
DROP INDEX registry.entry_issued_code, registry.entry_history, registry.entry_issued_pdf,
    registry.entry_book_line;
CREATE UNIQUE INDEX entry_code ON registry.entry
    (code_hash, (CASE WHEN number IS NULL THEN index ELSE -1 END));
CREATE UNIQUE INDEX entry_pdf ON registry.entry (pdf_digest) WHERE pdf_digest IS NOT NULL;
-- Several copies of one original share its number, so this is not unique.
CREATE INDEX entry_book_line ON registry.entry (number, unit_code, book) WHERE number IS NOT NULL;

-- Checked by check_links, a batch at a time.
ALTER TABLE registry.entry DROP CONSTRAINT entry_unit_code_book_number_fkey;

-- A time as bodies write it. Not pinned to a search_path, so that it can be inlined: the names in a
-- body of this form are bound when it is created.
CREATE FUNCTION registry.instant(moment timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- Checks a whole INSERT against the head and moves it, in the same transaction. SECURITY DEFINER
-- because writers may not touch the head themselves. The planner is told to go through indexes,
-- since it would keep what it planned when the tables were small. New here: time never runs back.
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
    changes bigint[];
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
        INTO added_count, first_index, last_index, at, fault, changes
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
                ELSE
                    '{"code_hash":"' || encode(a.code_hash, 'hex')
                    || '","decided_on":"' || to_char(a.decided_on, 'YYYY-MM-DD')
                    || '","decision":' || to_json(a.decision)::text
                    || ',"kind":"' || a.kind
                    || '","occurred_at":"' || registry.instant(a.occurred_at)
                    || '","reason":' || to_json(a.reason)::text
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

    IF changes IS NOT NULL THEN
        PERFORM registry.check_statuses(changes);
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

-- As before, but found by the code alone, whatever the planner thinks of the table's size.
CREATE OR REPLACE FUNCTION registry.check_statuses(indexes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    change record;
    status text;
    erased boolean;
    lawful boolean;
BEGIN
    FOR change IN SELECT e.index, e.code_hash, e.kind FROM registry.entry e
                  WHERE e.index = ANY (indexes) LOOP
        SELECT (array_agg(e.kind ORDER BY e.index DESC)
                    FILTER (WHERE e.kind <> 'erased' AND e.index < change.index))[1],
               bool_or(e.kind = 'erased') FILTER (WHERE e.index < change.index)
            INTO status, erased
            FROM registry.entry e WHERE e.code_hash = change.code_hash;
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

-- An append's turn -----------------------------------------------------------------------------

-- Takes the turn, then says where the book ends: the second statement sees what was committed before
-- the lock was given. `last_at` is NULL in an empty book.
CREATE FUNCTION registry.begin_append(
    OUT size bigint, OUT entry_hash bytea, OUT last_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    PERFORM registry.lock_appends();
    SELECT h.size, h.entry_hash,
           (SELECT e.occurred_at FROM registry.entry e WHERE e.index = h.size - 1)
        INTO STRICT size, entry_hash, last_at FROM registry.head h WHERE h.only_row;
END $$;

REVOKE EXECUTE ON FUNCTION registry.instant(timestamptz), registry.begin_append() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.begin_append() TO registry_writer;
