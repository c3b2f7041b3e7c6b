-- Appending at speed, a third time: the same promises for less work.

-- A whole append of issued copies in one statement ----------------------------------------------

DROP FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[]);

-- With the rights of who calls it, and past no trigger. Waits for the turn before anything is
-- written; `first` is the index of the first issue. Without `flushed` the turn ends before the disk
-- has the entries: nobody may be told of them until a later COMMIT has been waited for. Whatever
-- others commit that has seen them is later in the WAL, so that no crash keeps it and loses them.
CREATE FUNCTION registry.append_issues(
    first bigint, occurred_at timestamptz, issues registry.issue[], flushed boolean)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT flushed THEN
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
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
REVOKE EXECUTE ON FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[], boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[], boolean)
    TO registry_writer;

-- Checks ----------------------------------------------------------------------------------------

-- The last ones that PostgreSQL would plan anew for every append; the triggers hold them now.
ALTER TABLE registry.entry DROP CONSTRAINT entry_of_its_kind;
ALTER TABLE registry.copy
    DROP CONSTRAINT copy_code_hash_check, DROP CONSTRAINT copy_salt_check;

-- Triggers --------------------------------------------------------------------------------------

-- As before; and no column is filled that the entry's kind does not have. Those that it has to fill
-- are in its body, which is NULL without one of them.
CREATE OR REPLACE FUNCTION registry.check_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    head registry.head;
    last_at timestamptz;
    moment timestamptz;
    instant text;
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
    -- A batch is of one moment, and writing a moment down takes as long as all its hex digits.
    SELECT (SELECT e.occurred_at FROM registry.entry e WHERE e.index = head.size - 1),
           (SELECT a.occurred_at FROM added a LIMIT 1) INTO last_at, moment;
    instant := registry.instant(moment);
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
            WHEN CASE
                WHEN a.kind = 'issued' THEN
                    num_nonnulls(a.decision, a.decided_on, a.reason, a.successor, a.year, a.numbers,
                                 a.void) > 0
                WHEN a.kind = 'closed' THEN
                    num_nonnulls(a.code_hash, a.commitment, a.signer_fingerprint,
                                 a.seal_fingerprint, a.book, a.number, a.certified_at, a.decision,
                                 a.decided_on, a.reason, a.successor) > 0
                WHEN a.kind IN ('suspended', 'reinstated', 'revoked', 'superseded', 'erased') THEN
                    num_nonnulls(a.pdf_digest, a.commitment, a.signer_fingerprint,
                                 a.seal_fingerprint, a.unit_code, a.book, a.number, a.certified_at,
                                 a.year, a.numbers, a.void) > 0
                    OR a.successor IS NOT NULL
                        AND (a.kind <> 'superseded' OR a.successor = a.code_hash)
                ELSE true
            END THEN 'kind'
            WHEN octet_length(a.code_hash) <> 32 OR octet_length(a.pdf_digest) <> 32
                OR octet_length(a.commitment) <> 32 OR octet_length(a.signer_fingerprint) <> 32
                OR octet_length(a.seal_fingerprint) <> 32 OR octet_length(a.successor) <> 32
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
                    || ',"occurred_at":"' || CASE WHEN a.occurred_at = moment THEN instant
                                                 ELSE registry.instant(a.occurred_at) END
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

-- As before, but every entry of a code is looked up once. An index is one entry's and a code is issued
-- once, so that no copy is counted twice.
CREATE OR REPLACE FUNCTION registry.check_copies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    added_count bigint;
    beside bigint;
    erased boolean;
    unsalted boolean;
BEGIN
    SELECT (SELECT count(*) FROM added),
           count(*) FILTER (WHERE e.kind = 'issued' AND e.index = a.entry_index),
           bool_or(e.kind = 'erased'), bool_or(octet_length(a.salt) <> 32)
        INTO added_count, beside, erased, unsalted
        FROM added a JOIN registry.entry e ON e.code_hash = a.code_hash;
    IF erased OR unsalted OR beside <> added_count THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE = CASE
            WHEN erased THEN 'facts of an erased copy'
            WHEN beside <> added_count THEN 'facts of another entry'
            ELSE 'a salt that does not have 32 bytes' END;
    END IF;
    RETURN NULL;
END $$;
