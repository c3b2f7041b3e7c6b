-- Keys of agencies, and the trail of who was shown what is personal. Run as bansao_owner.
-- Why each grant exists: schema/README.md. New SQLSTATE: none; RG001 as in 0001.

CREATE SCHEMA portal;

-- A key is shown once and never stored. The portal hashes what is presented and hands over that
-- hash; here its hash lies. So neither this table, nor a statement that reached a log, opens the API.
CREATE TABLE portal.agency_key (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z2-7]{8}$'),
    hash       bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    agency     text NOT NULL CHECK (btrim(agency) <> ''),
    scopes     text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['facts', 'pdf']),
    expires_at timestamptz NOT NULL,
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agency_key_term CHECK (expires_at > entered_at)
);

-- From its entry on the key opens nothing; nothing begins again.
CREATE TABLE portal.agency_key_end (
    key        text PRIMARY KEY CONSTRAINT agency_key_end_of REFERENCES portal.agency_key,
    reason     text NOT NULL CHECK (btrim(reason) <> ''),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now()
);

-- Each time that a copy's facts, or the key of its PDF, left for somebody. `means` is what they had:
-- an agency's key; the seal in the paper's QR code; the number and the name printed on it.
CREATE TABLE portal.access (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    means     text NOT NULL CHECK (means IN ('key', 'seal', 'name')),
    key       text REFERENCES portal.agency_key,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    scope     text NOT NULL CHECK (scope IN ('facts', 'pdf')),
    CHECK ((means = 'key') = (key IS NOT NULL))
);
CREATE INDEX access_of_key ON portal.access (key, id);
CREATE INDEX access_of_copy ON portal.access (code_hash, id);

CREATE FUNCTION portal.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'RG001', MESSAGE =
        'portal.' || TG_TABLE_NAME || ' is append-only: ' || TG_OP || ' refused';
END $$;

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['agency_key', 'agency_key_end', 'access'] LOOP
        EXECUTE 'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON portal.'
            || quote_ident(guarded)
            || ' FOR EACH STATEMENT EXECUTE FUNCTION portal.refuse_change()';
    END LOOP;
END $$;

-- What a key opens now. `presented` is SHA-256 of what the agency sent; only who knows that learns
-- more than 'unknown'.
CREATE FUNCTION portal.standing_of(presented_id text, presented bytea, wanted text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN coalesce((
    SELECT CASE
        WHEN k.hash <> sha256(presented) THEN 'unknown'
        WHEN EXISTS (SELECT FROM portal.agency_key_end e WHERE e.key = k.id) THEN 'ended'
        WHEN k.expires_at <= statement_timestamp() THEN 'expired'
        WHEN NOT wanted = ANY (k.scopes) THEN 'beyond-scope'
        ELSE 'good'
    END
    FROM portal.agency_key k WHERE k.id = presented_id), 'unknown');

-- The doors. Each looks at the key, reads, and writes the trail in one transaction: nothing is told
-- that is not written down, and a key that ended a moment ago opens nothing. Of an erased copy, or
-- none, there is nothing to tell and nothing is written.

CREATE FUNCTION portal.facts_by_key(presented_id text, presented bytea, asked bytea,
    OUT standing text, OUT facts text, OUT salt bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    standing := portal.standing_of(presented_id, presented, 'facts');
    IF standing <> 'good' THEN
        RETURN;
    END IF;
    SELECT c.facts::text, c.salt INTO facts, salt FROM registry.copy c WHERE c.code_hash = asked;
    IF FOUND THEN
        INSERT INTO portal.access (means, key, code_hash, scope)
            VALUES ('key', presented_id, asked, 'facts');
    END IF;
END $$;

-- Where the registered PDF lies, and what opens it.
CREATE FUNCTION portal.pdf_by_key(presented_id text, presented bytea, asked bytea,
    OUT standing text, OUT dossier_id uuid, OUT blob_key bytea, OUT pdf_digest bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    standing := portal.standing_of(presented_id, presented, 'pdf');
    IF standing <> 'good' THEN
        RETURN;
    END IF;
    SELECT d.id, d.blob_key, c.pdf_digest INTO dossier_id, blob_key, pdf_digest
        FROM registry.entry e
        JOIN intake.certification c ON c.pdf_digest = e.pdf_digest
        JOIN intake.dossier d ON d.id = c.dossier_id
        WHERE e.code_hash = asked AND e.kind = 'issued' AND c.entry_index = e.index
          AND d.blob_key IS NOT NULL;
    IF FOUND THEN
        INSERT INTO portal.access (means, key, code_hash, scope)
            VALUES ('key', presented_id, asked, 'pdf');
    END IF;
END $$;

-- For who holds the paper. The portal has compared before it asks here.
CREATE FUNCTION portal.facts_by_paper(shown text, asked bytea, OUT facts text, OUT salt bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT c.facts::text, c.salt INTO facts, salt FROM registry.copy c WHERE c.code_hash = asked;
    IF FOUND THEN
        INSERT INTO portal.access (means, code_hash, scope) VALUES (shown, asked, 'facts');
    END IF;
END $$;

REVOKE EXECUTE ON FUNCTION portal.refuse_change(), portal.standing_of(text, bytea, text),
    portal.facts_by_key(text, bytea, bytea), portal.pdf_by_key(text, bytea, bytea),
    portal.facts_by_paper(text, bytea) FROM PUBLIC;

GRANT USAGE ON SCHEMA portal TO portal_agency, registry_admin;
GRANT EXECUTE ON FUNCTION portal.standing_of(text, bytea, text),
    portal.facts_by_key(text, bytea, bytea), portal.pdf_by_key(text, bytea, bytea),
    portal.facts_by_paper(text, bytea) TO portal_agency;
-- When a key was entered or ended is the database's word; its hash is nobody's to read.
GRANT INSERT (id, hash, agency, scopes, expires_at, entered_by) ON portal.agency_key
    TO registry_admin;
GRANT INSERT (key, reason, entered_by) ON portal.agency_key_end TO registry_admin;
GRANT SELECT (id, agency, scopes, expires_at, entered_by, entered_at) ON portal.agency_key
    TO registry_admin;
GRANT SELECT ON portal.agency_key_end, portal.access TO registry_admin;
