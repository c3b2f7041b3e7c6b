-- Publications are announced, so that a portal forgets at once what is no longer so.

CREATE FUNCTION registry.announce_publication() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('registry_published', NEW.size::text);
    RETURN NULL;
END $$;

CREATE TRIGGER announced AFTER INSERT ON registry.publication
FOR EACH ROW EXECUTE FUNCTION registry.announce_publication();

REVOKE EXECUTE ON FUNCTION registry.announce_publication() FROM PUBLIC;
