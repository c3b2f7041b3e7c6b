-- Appending at speed, once more: the same promises for less work.

-- A whole append of issued copies in one statement ----------------------------------------------

-- One value for what has a fixed size, since the driver's and the server's work is by the value:
-- leaf_hash, prev_hash, entry_hash, code_hash, pdf_digest, commitment, signer_fingerprint,
-- seal_fingerprint, salt. `certified_at` counts microseconds from the year 2000.
CREATE TYPE registry.issue AS (
    hashes bytea, number integer, certified_at bigint, unit_code text, book text,
    body bytea, facts json);

-- With the rights of who calls it, and past no trigger. Waits for the turn before anything is
-- written; `first` is the index of the first issue.
CREATE FUNCTION registry.append_issues(
    first bigint, occurred_at timestamptz, issues registry.issue[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.lock_appends();
    INSERT INTO registry.entry (index, body, leaf_hash, prev_hash, entry_hash, kind, code_hash,
            occurred_at, pdf_digest, commitment, signer_fingerprint, seal_fingerprint,
            unit_code, book, number, certified_at)
        SELECT first + i.ordinality - 1, i.body, substr(i.hashes, 1, 32), substr(i.hashes, 33, 32),
               substr(i.hashes, 65, 32), 'issued', substr(i.hashes, 97, 32),
               append_issues.occurred_at, substr(i.hashes, 129, 32), substr(i.hashes, 161, 32),
               substr(i.hashes, 193, 32), substr(i.hashes, 225, 32), i.unit_code, i.book, i.number,
               '2000-01-01Z'::timestamptz + i.certified_at * '1 microsecond'::interval
        FROM unnest(issues) WITH ORDINALITY AS i;
    INSERT INTO registry.copy (entry_index, code_hash, facts, salt)
        SELECT first + i.ordinality - 1, substr(i.hashes, 97, 32), i.facts, substr(i.hashes, 257)
        FROM unnest(issues) WITH ORDINALITY AS i;
END $$;
REVOKE EXECUTE ON FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[])
    TO registry_writer;

-- Not pinned to a search_path any more, so that it can be inlined (see registry.instant).
CREATE OR REPLACE FUNCTION registry.lock_appends() RETURNS void
LANGUAGE sql
RETURN pg_advisory_xact_lock(4242001);

-- Checks ----------------------------------------------------------------------------------------

-- PostgreSQL reads and plans a table's CHECKs anew for every statement, which for a few rows costs
-- more than all else that is asked of them. The trigger `links` holds them too.
ALTER TABLE registry.entry
    DROP CONSTRAINT entry_index_check, DROP CONSTRAINT entry_body_check,
    DROP CONSTRAINT entry_leaf_hash_check, DROP CONSTRAINT entry_prev_hash_check,
    DROP CONSTRAINT entry_entry_hash_check, DROP CONSTRAINT entry_code_hash_check,
    DROP CONSTRAINT entry_pdf_digest_check, DROP CONSTRAINT entry_commitment_check,
    DROP CONSTRAINT entry_signer_fingerprint_check, DROP CONSTRAINT entry_seal_fingerprint_check,
    DROP CONSTRAINT entry_successor_check, DROP CONSTRAINT entry_year_check,
    DROP CONSTRAINT entry_numbers_check, DROP CONSTRAINT entry_check;

-- Lines of one book differ in their number: looked up by it first, they are found three times as fast.
ALTER TABLE registry.book_void DROP CONSTRAINT book_void_pkey,
    ADD PRIMARY KEY (number, unit_code, book);
CREATE UNIQUE INDEX book_number_line ON registry.book_number (number, unit_code, book);

-- Triggers --------------------------------------------------------------------------------------

-- Erasing is the link trigger's now: a trigger of its own looked at every issue as well.
DROP TRIGGER erases ON registry.entry;
DROP FUNCTION registry.erase_copies();

-- Whoever may append an `erased` entry erases thereby, in the same transaction, and whoever may not
-- cannot: no role is granted DELETE. The person in the book's line is of the original: with the
-- first of its copies that is erased they go for all.
CREATE FUNCTION registry.erase_copies(indexes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM registry.copy c USING registry.entry erased, registry.entry issued
        WHERE erased.index = ANY (indexes) AND erased.kind = 'erased'
          AND issued.code_hash = erased.code_hash AND issued.number IS NOT NULL
          AND c.entry_index = issued.index;
    DELETE FROM registry.book_person p USING registry.entry erased, registry.entry issued
        WHERE erased.index = ANY (indexes) AND erased.kind = 'erased'
          AND issued.code_hash = erased.code_hash AND issued.number IS NOT NULL
          AND (p.unit_code, p.book, p.number) = (issued.unit_code, issued.book, issued.number);
END $$;
REVOKE EXECUTE ON FUNCTION registry.erase_copies(bigint[]) FROM PUBLIC;

-- As before, but rows are compared with the one before them in the order in which they were given,
-- so that they need no sorting: in any other order than the chain's they do not continue at the head.
-- What a body must be is worked out first (OFFSET 0), since the window keeps all it is given.
CREATE OR REPLACE FUNCTION registry.check_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    head registry.head;
    last_at timestamptz;
    added_count bigint;
    at bigint;
    fault text;
    others bigint[];
BEGIN
    -- An older snapshot would not see a number that was voided meanwhile.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'RG002', MESSAGE = 'entries are appended READ COMMITTED';
    END IF;
    SELECT * INTO STRICT head FROM registry.head h WHERE h.only_row FOR UPDATE;
    SELECT e.occurred_at INTO last_at FROM registry.entry e WHERE e.index = head.size - 1;
    SELECT count(*), (array_agg(c.index) FILTER (WHERE c.fault IS NOT NULL))[1],
           (array_agg(c.fault) FILTER (WHERE c.fault IS NOT NULL))[1],
           array_agg(c.index) FILTER (WHERE c.kind <> 'issued')
        INTO added_count, at, fault, others
    FROM (
        SELECT b.index, b.kind, CASE
            WHEN b.index <> head.size + row_number() OVER () - 1 THEN 'index'
            WHEN b.prev_hash <> lag(b.entry_hash, 1, head.entry_hash) OVER () THEN 'prev_hash'
            WHEN b.occurred_at < lag(b.occurred_at, 1, last_at) OVER () THEN 'occurred_at'
            ELSE b.fault
        END AS fault
        FROM (
            SELECT a.index, a.kind, a.prev_hash, a.entry_hash, a.occurred_at, CASE
            WHEN 32 <> ANY (ARRAY[octet_length(a.code_hash), octet_length(a.pdf_digest),
                    octet_length(a.commitment), octet_length(a.signer_fingerprint),
                    octet_length(a.seal_fingerprint), octet_length(a.successor)])
                OR octet_length(a.body) > 65535 THEN 'length'
            WHEN a.year NOT BETWEEN 2000 AND 9999 THEN 'year'
            WHEN a.leaf_hash <> sha256('\x00'::bytea || a.body) THEN 'leaf_hash'
            WHEN a.entry_hash <> sha256('\x02'::bytea || a.prev_hash || a.leaf_hash)
                THEN 'entry_hash'
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
            FROM added a OFFSET 0
        ) b
    ) c;
    IF added_count = 0 THEN
        RETURN NULL;
    END IF;
    IF fault = 'index' THEN
        RAISE EXCEPTION USING ERRCODE = 'RG002', MESSAGE = 'entries do not continue at the head';
    END IF;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE =
            'entry ' || at || ': false ' || fault;
    END IF;

    IF others IS NOT NULL THEN
        PERFORM registry.check_others(others);
        PERFORM registry.erase_copies(others);
    END IF;

    SELECT a.index, CASE WHEN n.number IS NULL THEN 'RG010' ELSE 'RG005' END INTO at, fault
        FROM added a
        LEFT JOIN registry.book_number n USING (unit_code, book, number)
        LEFT JOIN registry.book_void v USING (unit_code, book, number)
        WHERE a.kind = 'issued' AND (n.number IS NULL OR v.number IS NOT NULL) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = fault, MESSAGE = 'entry ' || at || CASE fault
            WHEN 'RG010' THEN ': book number never reserved' ELSE ': void book number' END;
    END IF;

    UPDATE registry.head AS h SET size = h.size + added_count, entry_hash = (
            SELECT a.entry_hash FROM added a WHERE a.index = h.size + added_count - 1)
        WHERE h.only_row;
    RETURN NULL;
END $$;

-- As before, in one statement.
CREATE OR REPLACE FUNCTION registry.check_copies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    erased boolean;
BEGIN
    SELECT x.code_hash IS NOT NULL INTO erased FROM added a
        LEFT JOIN registry.entry e ON e.index = a.entry_index
        LEFT JOIN registry.entry x ON x.code_hash = a.code_hash AND x.kind = 'erased'
        WHERE (e.code_hash = a.code_hash AND e.kind = 'issued') IS NOT TRUE
           OR x.code_hash IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE =
            CASE WHEN erased THEN 'facts of an erased copy' ELSE 'facts of another entry' END;
    END IF;
    RETURN NULL;
END $$;
