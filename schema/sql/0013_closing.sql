-- A closed year takes neither a number nor a volume. New SQLSTATE: RG021 the book is closed.
-- The closing waits for the same lock (check_closings, 0011), so that either it or the number is
-- first, and whoever comes second sees it.

CREATE FUNCTION registry.refuse_closed(unit_code text, year integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM registry.entry e
        WHERE e.unit_code = refuse_closed.unit_code AND e.year = refuse_closed.year;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RG021', MESSAGE = 'the book of ' || year || ' is closed';
    END IF;
END $$;

-- As in 0007; and not in a closed year.
CREATE OR REPLACE FUNCTION registry.check_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last record;
    newest text;
BEGIN
    PERFORM registry.lock_book(NEW.unit_code, NEW.year);
    PERFORM registry.refuse_closed(NEW.unit_code, NEW.year);
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

CREATE OR REPLACE FUNCTION registry.check_volume() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last integer;
BEGIN
    PERFORM registry.lock_book(NEW.unit_code, NEW.year);
    PERFORM registry.refuse_closed(NEW.unit_code, NEW.year);
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

REVOKE EXECUTE ON FUNCTION registry.refuse_closed(text, integer) FROM PUBLIC;
