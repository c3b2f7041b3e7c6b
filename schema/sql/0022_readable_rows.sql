-- What the trigger `links` takes can be read by everybody: it refuses what registry/entry.py does. An
-- entry that the publisher cannot read would stop the log for ever, since nobody can remove it.
-- New SQLSTATE: RG013 the writer's clock is ahead of the database's

-- White space as Python's str.strip() knows it; a locale's classes differ. Most names begin with a
-- letter or digit of ASCII, and comparing that is cheaper. Not pinned to a search_path, so that it can
-- be inlined (see registry.instant).
CREATE FUNCTION registry.is_blank(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN ascii(name) NOT BETWEEN 33 AND 126 AND btrim(name, E'\t\n\u000b\f\r\u001c\u001d\u001e\u001f '
    '\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029'
    '\u202f\u205f\u3000') = '';
REVOKE EXECUTE ON FUNCTION registry.is_blank(text) FROM PUBLIC;

-- As before; and dates have a year from 1 to 9999, names are not blank, and no moment lies before
-- there were books or after the database's own, which is one for all who append. A minute is what
-- their clocks may differ by: one that is wrong by more would date all later entries too, as time
-- never runs back. The last entry's moment is always taken, so that the database's clock may be set
-- back, or a standby with another one take over, and appending goes on.
CREATE OR REPLACE FUNCTION registry.check_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    head registry.head;
    last_at timestamptz;
    latest timestamptz;
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
    -- An empty log begins when there were books, not before.
    -- A batch is of one moment, and writing a moment down takes as long as all its hex digits.
    SELECT coalesce((SELECT e.occurred_at FROM registry.entry e WHERE e.index = head.size - 1),
                    '2000-01-01 00:00:00+00'),
           (SELECT a.occurred_at FROM added a LIMIT 1) INTO last_at, moment;
    latest := greatest(clock_timestamp() + '1 minute'::interval, last_at);
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
            WHEN b.occurred_at > latest THEN 'clock'
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
            WHEN a.certified_at NOT BETWEEN '0001-01-01 00:00:00+00'
                                        AND '9999-12-31 16:59:59.999999+00' -- in Hanoi too
                OR a.decided_on < '0001-01-01' THEN 'date'
            WHEN registry.is_blank(coalesce(a.unit_code, a.decision)) THEN 'name'
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
    IF fault = 'clock' THEN
        RAISE EXCEPTION USING ERRCODE = 'RG013', MESSAGE =
            'entry ' || at || ': its writer''s clock is ahead of the database''s';
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

-- As before, without what the trigger has asked already.
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
        IF change.decided_on > (change.occurred_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
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
