-- The book's lines in full: every column of the form, volumes in turn, the year that a number is of.
-- New SQLSTATE: RG020 the line's time is not of its book's year, or runs back.

-- What the form has besides number and date. Nothing here is of the citizen: it stays for good.
-- Money is whole đồng. A line's row is written with its number.
CREATE TABLE registry.book_line (
    unit_code text NOT NULL,
    book text NOT NULL,
    number integer NOT NULL,
    document_type text NOT NULL CHECK (document_type <> ''),
    page_count integer NOT NULL CHECK (page_count > 0),
    copies integer NOT NULL CHECK (copies > 0),
    signer_name text NOT NULL,
    signer_title text NOT NULL,
    gross integer NOT NULL,
    subsidy integer NOT NULL CHECK (subsidy >= 0),
    net integer NOT NULL CHECK (net >= 0),
    PRIMARY KEY (unit_code, book, number),
    FOREIGN KEY (unit_code, book, number) REFERENCES registry.book_number,
    CHECK (gross = subsidy + net)
);

-- The line's personal columns: who asked, by which papers, what the original calls itself, the note.
-- Erasing a person means losing this row.
CREATE TABLE registry.book_person (
    unit_code text NOT NULL,
    book text NOT NULL,
    number integer NOT NULL,
    requester text NOT NULL,
    papers text NOT NULL,
    title text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (unit_code, book, number),
    FOREIGN KEY (unit_code, book, number) REFERENCES registry.book_line
);

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['book_line', 'book_person'] LOOP
        EXECUTE 'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.'
            || quote_ident(guarded)
            || ' FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change()';
    END LOOP;
END $$;

-- The register's year is Hanoi's.
CREATE FUNCTION registry.local_year(moment timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN extract(year FROM moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::integer;

-- A number is the next of its unit and year, in the newest volume; its moment lies in that year and
-- not before the moment of the number before it. The moment is the writer's: it is what the copy
-- says, so midnight needs no tolerance.
CREATE OR REPLACE FUNCTION registry.check_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last record;
    newest text;
BEGIN
    PERFORM registry.lock_book(NEW.unit_code, NEW.year);
    SELECT n.number, n.reserved_at INTO last FROM registry.book_number n
        WHERE n.unit_code = NEW.unit_code AND n.year = NEW.year ORDER BY n.number DESC LIMIT 1;
    SELECT b.book INTO newest FROM registry.book b
        WHERE b.unit_code = NEW.unit_code AND b.year = NEW.year ORDER BY b.volume DESC LIMIT 1;
    IF NEW.book IS DISTINCT FROM newest OR NEW.number <> coalesce(last.number, 0) + 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'RG007', MESSAGE =
            'book number ' || NEW.number || ' is not the next one';
    END IF;
    IF NEW.year <> registry.local_year(NEW.reserved_at) OR NEW.reserved_at < last.reserved_at THEN
        RAISE EXCEPTION USING ERRCODE = 'RG020', MESSAGE =
            'book number ' || NEW.number || ' is not of its time';
    END IF;
    RETURN NEW;
END $$;

-- Volumes of a year are opened one after the other, each under the name of the form.
CREATE FUNCTION registry.check_volume() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last integer;
BEGIN
    PERFORM registry.lock_book(NEW.unit_code, NEW.year);
    SELECT coalesce(max(b.volume), 0) INTO last FROM registry.book b
        WHERE b.unit_code = NEW.unit_code AND b.year = NEW.year;
    IF NEW.volume <> last + 1
        OR NEW.book <> lpad(NEW.volume::text, greatest(2, length(NEW.volume::text)), '0')
                       || '/' || NEW.year || '-SCTĐT/BS' THEN
        RAISE EXCEPTION USING ERRCODE = 'RG007', MESSAGE =
            'volume ' || NEW.volume || ' is not the next one';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER in_turn BEFORE INSERT ON registry.book
FOR EACH ROW EXECUTE FUNCTION registry.check_volume();

REVOKE EXECUTE ON FUNCTION registry.local_year(timestamptz), registry.check_volume() FROM PUBLIC;

-- The clerk prints the book and therefore reads people; portal and audit (reader) do not.
GRANT INSERT ON registry.book_line, registry.book_person TO registry_writer;
GRANT SELECT ON registry.book_line TO registry_writer, registry_publisher, registry_reader;
GRANT USAGE ON SCHEMA registry TO registry_clerk;
GRANT SELECT ON registry.book, registry.book_number, registry.book_void, registry.book_line,
    registry.book_person, registry.entry TO registry_clerk;

-- Intake: the number's moment becomes the copy's, so what the intent said of it gives way once.
CREATE OR REPLACE FUNCTION intake.keep_certification() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM jsonb_each(to_jsonb(OLD)) AS was
        WHERE was.value <> 'null'
          AND to_jsonb(NEW) -> was.key IS DISTINCT FROM was.value
          AND NOT (was.key IN ('salt', 'facts') AND to_jsonb(NEW) -> was.key = 'null')
          AND NOT (was.key IN ('certified_at', 'facts') AND OLD.number IS NULL)
    ) THEN
        RAISE EXCEPTION 'intake.certification is written once: % refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
GRANT UPDATE (certified_at) ON intake.certification TO intake_app;
