-- Erasure: the only way in which anything leaves the registry, and what intake forgets.
-- Why each grant exists, and what stays where for how long: schema/README.md.

-- The registry: an `erased` entry takes what stands beside its copy with it ----------------------

-- Few entries are of this kind. What asks here compares with the kind itself, so that the planner
-- takes this index for nothing else (see 0006).
CREATE INDEX entry_erased ON registry.entry (code_hash) WHERE kind = 'erased';

-- Whoever may append an `erased` entry erases thereby, in the same transaction, and whoever may not
-- cannot: no role is granted DELETE. The person in the book's line is of the original: with the
-- first of its copies that is erased they go for all.
CREATE FUNCTION registry.erase_copies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    DELETE FROM registry.copy c USING added a, registry.entry issued
        WHERE a.kind = 'erased' AND issued.code_hash = a.code_hash AND issued.number IS NOT NULL
          AND c.entry_index = issued.index;
    DELETE FROM registry.book_person p USING added a, registry.entry issued
        WHERE a.kind = 'erased' AND issued.code_hash = a.code_hash AND issued.number IS NOT NULL
          AND (p.unit_code, p.book, p.number) = (issued.unit_code, issued.book, issued.number);
    RETURN NULL;
END $$;

CREATE TRIGGER erases AFTER INSERT ON registry.entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION registry.erase_copies();

-- A line whose number is void is nobody's any more.
CREATE FUNCTION registry.erase_void() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM registry.book_person p
        WHERE (p.unit_code, p.book, p.number) = (NEW.unit_code, NEW.book, NEW.number);
    RETURN NULL;
END $$;

CREATE TRIGGER erases AFTER INSERT ON registry.book_void
FOR EACH ROW EXECUTE FUNCTION registry.erase_void();

-- By hand nothing is deleted at all, not even by the owner.
CREATE OR REPLACE FUNCTION registry.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- The head moves, but only when the link trigger of entry moves it.
    IF TG_TABLE_NAME = 'head' AND TG_OP = 'UPDATE' AND pg_trigger_depth() = 2 THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME IN ('copy', 'book_person') AND TG_OP = 'DELETE' AND pg_trigger_depth() = 2 THEN
        RETURN NULL;  -- only_erased looks at each row
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'RG001', MESSAGE =
        'registry.' || TG_TABLE_NAME || ' is append-only: ' || TG_OP || ' refused';
END $$;

-- Within triggers, should the owner make another: facts leave after an `erased` entry of their copy,
-- a person after one of a copy under their number, or with the number.
CREATE FUNCTION registry.check_erasure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM registry.entry issued JOIN registry.entry erased USING (code_hash)
        WHERE issued.index = OLD.entry_index AND erased.kind = 'erased';
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG001', MESSAGE =
            'registry.copy is append-only: DELETE refused without an entry that erases';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION registry.check_person_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM registry.book_void v
        WHERE (v.unit_code, v.book, v.number) = (OLD.unit_code, OLD.book, OLD.number);
    IF NOT FOUND THEN
        PERFORM FROM registry.entry issued JOIN registry.entry erased USING (code_hash)
            WHERE (issued.number, issued.unit_code, issued.book)
                  = (OLD.number, OLD.unit_code, OLD.book) AND erased.kind = 'erased';
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG001', MESSAGE =
            'registry.book_person is append-only: DELETE refused without an entry that erases';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER only_erased BEFORE DELETE ON registry.copy
FOR EACH ROW EXECUTE FUNCTION registry.check_erasure();

CREATE TRIGGER only_erased BEFORE DELETE ON registry.book_person
FOR EACH ROW EXECUTE FUNCTION registry.check_person_erased();

-- As before; and what was erased does not come back.
CREATE OR REPLACE FUNCTION registry.check_copies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    PERFORM FROM added a LEFT JOIN registry.entry e ON e.index = a.entry_index
        WHERE (e.code_hash = a.code_hash AND e.kind = 'issued') IS NOT TRUE;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE = 'facts of another entry';
    END IF;
    PERFORM FROM added a JOIN registry.entry e ON e.code_hash = a.code_hash
        WHERE e.kind = 'erased';
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE = 'facts of an erased copy';
    END IF;
    RETURN NULL;
END $$;

-- A person is entered with the number: not beside one that is used or void already.
CREATE FUNCTION registry.check_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM registry.entry e
        WHERE (e.number, e.unit_code, e.book) = (NEW.number, NEW.unit_code, NEW.book);
    IF NOT FOUND THEN
        PERFORM FROM registry.book_void v
            WHERE (v.unit_code, v.book, v.number) = (NEW.unit_code, NEW.book, NEW.number);
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE = 'a person beside a line that is used';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER with_its_number BEFORE INSERT ON registry.book_person
FOR EACH ROW EXECUTE FUNCTION registry.check_person();

REVOKE EXECUTE ON FUNCTION registry.erase_copies(), registry.erase_void(),
    registry.check_erasure(), registry.check_person_erased(), registry.check_person() FROM PUBLIC;

-- Intake ---------------------------------------------------------------------------------------

-- What is to be erased, kept from before the first step until after the last: whoever finds a row
-- without done_at goes on with it. `code` and the decision are of an issued copy; a dossier that
-- was withdrawn before has none.
CREATE TABLE intake.erasure (
    dossier_id uuid PRIMARY KEY REFERENCES intake.dossier,
    code       text UNIQUE,
    decision   text CHECK (btrim(decision) <> ''),
    decided_on date,
    decided_by text,
    entered_by text,
    reason     text,
    asked_at   timestamptz NOT NULL,
    done_at    timestamptz CHECK (done_at >= asked_at),
    CHECK (num_nulls(code, decision, decided_on, decided_by, entered_by, reason) IN (0, 6))
);
CREATE INDEX erasure_open ON intake.erasure (asked_at) WHERE done_at IS NULL;

ALTER TABLE intake.dossier
    ALTER token_hash DROP NOT NULL,
    ALTER blob_key DROP NOT NULL,
    ADD erased_at timestamptz,
    -- 'withdrawn': taken back by the citizen, or left unfinished, before there was an answer
    DROP CONSTRAINT dossier_state_check,
    ADD CONSTRAINT dossier_state_check CHECK (state IN ('opened', 'submitted', 'reading', 'review',
        'certifying', 'issued', 'refused', 'withdrawn')),
    DROP CONSTRAINT dossier_check1,
    ADD CONSTRAINT dossier_received CHECK (CASE state
        WHEN 'opened' THEN received_at IS NULL
        WHEN 'withdrawn' THEN true
        ELSE received_at IS NOT NULL END),
    ADD CONSTRAINT dossier_erased CHECK (CASE WHEN erased_at IS NULL
        THEN num_nulls(token_hash, blob_key) = 0
        ELSE num_nonnulls(token_hash, blob_key, requester_name, contact_email) = 0 END);

-- A certification that was given up has neither salt nor facts any more.
ALTER TABLE intake.certification
    DROP CONSTRAINT certification_check6,
    ADD CONSTRAINT certification_opened CHECK (
        num_nonnulls(salt, facts) = 0 OR (num_nonnulls(salt, facts) = 2 AND released_at IS NULL));

-- Events stay, but for the words of a refusal: an officer wrote them, perhaps about the person.
CREATE FUNCTION intake.keep_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) || jsonb_build_object('detail', OLD.detail - 'reason')
       OR NOT EXISTS (SELECT FROM intake.erasure e WHERE e.dossier_id = OLD.dossier_id) THEN
        RAISE EXCEPTION 'intake.dossier_event only grows: UPDATE refused'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER dossier_event_only_grows ON intake.dossier_event;
CREATE TRIGGER dossier_event_only_grows BEFORE DELETE OR TRUNCATE ON intake.dossier_event
FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_rewriting();
CREATE TRIGGER dossier_event_stays BEFORE UPDATE ON intake.dossier_event
FOR EACH ROW EXECUTE FUNCTION intake.keep_event();

-- Everything personal of one dossier at once, its files' key included. Wants the row in `erasure`
-- before. Again: nothing.
CREATE FUNCTION intake.erase_dossier(erased uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM intake.erasure e WHERE e.dossier_id = erased;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody has asked for the erasure of this dossier'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM intake.reading WHERE dossier_id = erased;
    DELETE FROM intake.attachment WHERE dossier_id = erased;
    UPDATE intake.certification SET salt = NULL, facts = NULL
        WHERE dossier_id = erased AND salt IS NOT NULL;
    UPDATE intake.dossier_event SET detail = detail - 'reason'
        WHERE dossier_id = erased AND jsonb_exists(detail, 'reason');
    UPDATE intake.dossier SET token_hash = NULL, blob_key = NULL, requester_name = NULL,
        contact_email = NULL, erased_at = at
        WHERE id = erased AND erased_at IS NULL;
END $$;

-- Forgets files that are marked as withdrawn, once their bytes are gone, and what was read of a
-- dossier none of whose pages are left.
CREATE FUNCTION intake.forget_withdrawn(dossier uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM intake.attachment WHERE dossier_id = dossier AND withdrawn;
    DELETE FROM intake.reading r USING intake.dossier d
        WHERE r.dossier_id = dossier AND d.id = dossier AND d.state IN ('issued', 'refused')
          AND NOT EXISTS (SELECT FROM intake.attachment a
                          WHERE a.dossier_id = dossier AND a.role = 'page');
END $$;

REVOKE EXECUTE ON FUNCTION intake.erase_dossier(uuid, timestamptz), intake.forget_withdrawn(uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.erase_dossier(uuid, timestamptz), intake.forget_withdrawn(uuid)
    TO intake_app;
GRANT SELECT, INSERT ON intake.erasure TO intake_app;
GRANT UPDATE (done_at) ON intake.erasure TO intake_app;

-- The queue defers a periodic job once an hour, whichever worker comes first.
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.procrastinate_periodic_defers TO intake_app;

-- A withdrawn dossier is not open any more.
CREATE OR REPLACE VIEW analytics.dossier_day AS
SELECT (dossier.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date        AS local_day,
       dossier.unit_code,
       unit.name                                                          AS unit_name,
       coalesce(dossier.document_type, 'unread')                          AS document_type,
       dossier.channel,
       count(*)                                                           AS received,
       count(*) FILTER (WHERE dossier.state = 'issued')                   AS issued,
       count(*) FILTER (WHERE dossier.state = 'refused')                  AS refused,
       count(*) FILTER (WHERE dossier.state NOT IN ('issued', 'refused', 'withdrawn')) AS open
FROM intake.dossier
JOIN intake.unit ON unit.code = dossier.unit_code
WHERE dossier.received_at IS NOT NULL
GROUP BY 1, 2, 3, 4, 5;

-- The planner's statistics -----------------------------------------------------------------------

-- ANALYZE copies values of columns into pg_statistic, where no DELETE finds them: names, salts and
-- keys must not get there. Changing a column's type, here to itself, drops what did.
DO $$
DECLARE
    personal record;
BEGIN
    FOR personal IN
        SELECT format('%I.%I', v.s, v.t) AS relation, quote_ident(c) AS name,
               format_type(a.atttypid, a.atttypmod) AS kind
        FROM (VALUES ('registry', 'copy', ARRAY['facts', 'salt']),
                     ('registry', 'book_person', ARRAY['requester', 'papers', 'title', 'note']),
                     ('intake', 'dossier', ARRAY['token_hash', 'blob_key', 'requester_name', 'contact_email']),
                     ('intake', 'dossier_event', ARRAY['detail']),
                     ('intake', 'attachment', ARRAY['digest', 'page']),
                     ('intake', 'reading', ARRAY['reading', 'identity', 'corrected']),
                     ('intake', 'certification', ARRAY['salt', 'facts'])) AS v (s, t, columns),
             unnest(v.columns) AS c
        JOIN pg_attribute a ON a.attname = c
        WHERE a.attrelid = format('%I.%I', v.s, v.t)::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER %s SET STATISTICS 0, ALTER %s TYPE %s',
                       personal.relation, personal.name, personal.name, personal.kind);
    END LOOP;
END $$;
