-- The map of codes (registry/log/code_map.py), in pages. All of it follows from registry.entry, so
-- pages are written over; what holds them to the log is the root in each signed checkpoint.

-- A page has two slots: what the newest published checkpoint commits to stays in one while the next
-- signed one is written to the other. `size` is that of the log which the content belongs to.
CREATE TABLE registry.map_page (
    name text COLLATE "C" CHECK (length(name) < 64),
    slot smallint CHECK (slot IN (0, 1)),
    size bigint NOT NULL CHECK (size >= 0),
    content bytea NOT NULL CHECK (octet_length(content) > 0),
    PRIMARY KEY (name, slot)
) WITH (fillfactor = 80);
-- Hashes do not compress, and no page is long enough to be put elsewhere.
ALTER TABLE registry.map_page ALTER content SET STORAGE PLAIN;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON registry.map_page
FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change();

GRANT SELECT ON registry.map_page TO registry_publisher, registry_reader;
GRANT INSERT, UPDATE (size, content) ON registry.map_page TO registry_publisher;
