-- What grows the map must know that it was signed. Beside the root's page stands a checkpoint of its
-- size that commits to it, where none in registry.checkpoint does: an older log takes its map up by
-- steps, at sizes that were signed before there was one.

ALTER TABLE registry.map_page ADD note text;
GRANT UPDATE (note) ON registry.map_page TO registry_publisher;

-- Pages of such a step until now: nobody vouches for them, so they are built anew.
ALTER TABLE registry.map_page DISABLE TRIGGER never_removed;
DELETE FROM registry.map_page WHERE NOT EXISTS (
    SELECT FROM registry.checkpoint c
    WHERE c.size = (SELECT max(p.size) FROM registry.map_page p WHERE p.name = '')
      AND c.note LIKE E'%\nbansao/code-map@v1 %');
ALTER TABLE registry.map_page ENABLE TRIGGER never_removed;
