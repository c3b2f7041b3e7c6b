-- Who may certify and decide: units, officers, offices, delegations, certificates, seals. Valid in
-- time and never changed: an end, or a new name, is another row, which says who entered it and when.
-- Times are half-open: valid_from counts, valid_until no longer. Rules: registry/authority.
-- New SQLSTATE: RG030 what is entered contradicts what stands already.

-- Whoever enters is alone, so that what a check reads is still true when its row is kept.
CREATE FUNCTION registry.lock_authority() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
RETURN pg_advisory_xact_lock(4242003);

-- A unit that is renamed has several rows of one code; of those valid at a time the latest counts.
CREATE TABLE registry.unit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (code ~ '^[0-9A-Za-z.-]{1,16}$'),
    name text NOT NULL CHECK (btrim(name) <> ''),
    kind text NOT NULL CHECK (kind IN ('ward', 'commune', 'branch')),
    valid_from timestamptz NOT NULL,
    valid_until timestamptz CONSTRAINT unit_term CHECK (valid_until > valid_from),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX unit_code ON registry.unit (code);

-- The latest row of an officer has the name.
CREATE TABLE registry.officer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer text NOT NULL CHECK (officer ~ '^[a-z0-9._-]{1,64}$'),
    full_name text NOT NULL CHECK (btrim(full_name) <> ''),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX officer_of ON registry.officer (officer);

-- An office that an officer holds in a unit; title is what is printed, such as CHỦ TỊCH.
CREATE TABLE registry.position (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer text NOT NULL,
    unit_code text NOT NULL,
    office text NOT NULL CHECK (office IN ('chairman', 'deputy', 'staff')),
    title text NOT NULL CHECK (btrim(title) <> ''),
    valid_from timestamptz NOT NULL,
    valid_until timestamptz CONSTRAINT position_term CHECK (valid_until > valid_from),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX position_of_unit ON registry.position (unit_code);
CREATE INDEX position_of_officer ON registry.position (officer);

-- What a chairman lets an officer do in his place, by which instrument. `position` is the chairman's:
-- a delegation ends with the office that gave it.
CREATE TABLE registry.delegation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position bigint NOT NULL REFERENCES registry.position,
    officer text NOT NULL,
    instrument text NOT NULL CHECK (btrim(instrument) <> ''),
    dated date NOT NULL,
    scope text[] NOT NULL CHECK (cardinality(scope) > 0 AND scope <@ ARRAY['certify', 'decide']),
    prefix text NOT NULL CHECK (prefix IN ('KT.', 'TUQ.')),
    valid_from timestamptz NOT NULL,
    valid_until timestamptz CONSTRAINT delegation_term CHECK (valid_until > valid_from),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT delegation_written CHECK (dated <= (valid_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
);
CREATE INDEX delegation_by ON registry.delegation (position);

-- An officer's certificate; one without an officer is of a seal.
CREATE TABLE registry.certificate (
    fingerprint bytea PRIMARY KEY,
    der bytea NOT NULL CHECK (octet_length(der) <= 65536),
    officer text,
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL CHECK (not_after > not_before),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now(),
    CHECK (fingerprint = sha256(der))
);

-- A unit's digital seal, and the SHA-256 of the picture that shows it.
CREATE TABLE registry.seal (
    fingerprint bytea PRIMARY KEY REFERENCES registry.certificate,
    unit_code text NOT NULL,
    image_digest bytea CHECK (octet_length(image_digest) = 32),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now()
);

-- From `ended_at` on, what is named no longer holds; of several ends the earliest counts.
CREATE TABLE registry.ending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit bigint REFERENCES registry.unit,
    position bigint REFERENCES registry.position,
    delegation bigint REFERENCES registry.delegation,
    certificate bytea REFERENCES registry.certificate,
    kind text NOT NULL CHECK (kind IN ('ended', 'revoked', 'replaced')),
    ended_at timestamptz NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    entered_by text NOT NULL CHECK (btrim(entered_by) <> ''),
    entered_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(unit, position, delegation, certificate) = 1)
);
CREATE INDEX ending_of_unit ON registry.ending (unit);
CREATE INDEX ending_of_position ON registry.ending (position);
CREATE INDEX ending_of_delegation ON registry.ending (delegation);
CREATE INDEX ending_of_certificate ON registry.ending (certificate);

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['unit', 'officer', 'position', 'delegation', 'certificate',
                                   'seal', 'ending'] LOOP
        EXECUTE 'CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.'
            || quote_ident(guarded)
            || ' FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change()';
    END LOOP;
END $$;

-- What contradicts --------------------------------------------------------------------------------

CREATE FUNCTION registry.contradiction(message text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'RG030', MESSAGE = message;
END $$;

CREATE FUNCTION registry.must_know(officer text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM registry.officer o WHERE o.officer = must_know.officer) THEN
        PERFORM registry.contradiction('no officer ' || officer || ' is entered');
    END IF;
END $$;

-- Until its end, planned or entered later; without one, for ever.
CREATE FUNCTION registry.term_of(held registry.position) RETURNS tstzrange
LANGUAGE sql STABLE
RETURN tstzrange(held.valid_from, least(held.valid_until,
    (SELECT min(e.ended_at) FROM registry.ending e WHERE e.position = held.id)));

CREATE FUNCTION registry.check_position() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.lock_authority();
    PERFORM registry.must_know(NEW.officer);
    IF NOT EXISTS (SELECT FROM registry.unit u WHERE u.code = NEW.unit_code
                   AND tstzrange(u.valid_from, u.valid_until) @> NEW.valid_from) THEN
        PERFORM registry.contradiction('no unit ' || NEW.unit_code || ' exists at that time');
    END IF;
    IF NEW.office = 'chairman' AND EXISTS (
        SELECT FROM registry.position p
        WHERE p.unit_code = NEW.unit_code AND p.office = 'chairman'
          AND registry.term_of(p) && tstzrange(NEW.valid_from, NEW.valid_until)) THEN
        PERFORM registry.contradiction(
            'unit ' || NEW.unit_code || ' has a chairman in that time: end that office first');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON registry.position
FOR EACH ROW EXECUTE FUNCTION registry.check_position();

CREATE FUNCTION registry.check_delegation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given_by registry.position;
BEGIN
    PERFORM registry.lock_authority();
    PERFORM registry.must_know(NEW.officer);
    SELECT p.* INTO given_by FROM registry.position p WHERE p.id = NEW.position;
    IF given_by.office IS DISTINCT FROM 'chairman' THEN
        PERFORM registry.contradiction('only a chairman delegates');
    ELSIF given_by.officer = NEW.officer THEN
        PERFORM registry.contradiction('nobody delegates to himself');
    ELSIF NOT registry.term_of(given_by) @> tstzrange(NEW.valid_from, NEW.valid_until) THEN
        PERFORM registry.contradiction(
            'the delegation exceeds the term of the chairman who gives it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON registry.delegation
FOR EACH ROW EXECUTE FUNCTION registry.check_delegation();

CREATE FUNCTION registry.check_certificate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.officer IS NOT NULL THEN
        PERFORM registry.must_know(NEW.officer);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON registry.certificate
FOR EACH ROW EXECUTE FUNCTION registry.check_certificate();

CREATE FUNCTION registry.check_seal() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM registry.certificate c
               WHERE c.fingerprint = NEW.fingerprint AND c.officer IS NOT NULL) THEN
        PERFORM registry.contradiction('the certificate is an officer''s own');
    ELSIF NOT EXISTS (SELECT FROM registry.unit u WHERE u.code = NEW.unit_code) THEN
        PERFORM registry.contradiction('no unit ' || NEW.unit_code || ' is entered');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON registry.seal
FOR EACH ROW EXECUTE FUNCTION registry.check_seal();

CREATE FUNCTION registry.check_ending() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.lock_authority();
    IF NEW.ended_at < (
        SELECT u.valid_from FROM registry.unit u WHERE u.id = NEW.unit
        UNION ALL SELECT p.valid_from FROM registry.position p WHERE p.id = NEW.position
        UNION ALL SELECT d.valid_from FROM registry.delegation d WHERE d.id = NEW.delegation) THEN
        PERFORM registry.contradiction('nothing ends before it begins');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON registry.ending
FOR EACH ROW EXECUTE FUNCTION registry.check_ending();

-- Grants ------------------------------------------------------------------------------------------

REVOKE EXECUTE ON FUNCTION registry.lock_authority(), registry.contradiction(text),
    registry.must_know(text), registry.term_of(registry.position), registry.check_position(),
    registry.check_delegation(), registry.check_certificate(), registry.check_seal(),
    registry.check_ending() FROM PUBLIC;

GRANT USAGE ON SCHEMA registry TO registry_admin;
GRANT SELECT ON registry.unit, registry.officer, registry.position, registry.delegation,
    registry.certificate, registry.seal, registry.ending
    TO registry_admin, registry_writer, registry_publisher, registry_reader;
-- The time of entry is the database's word, and rows are numbered by it.
GRANT INSERT (code, name, kind, valid_from, valid_until, entered_by)
    ON registry.unit TO registry_admin;
GRANT INSERT (officer, full_name, entered_by) ON registry.officer TO registry_admin;
GRANT INSERT (officer, unit_code, office, title, valid_from, valid_until, entered_by)
    ON registry.position TO registry_admin;
GRANT INSERT (position, officer, instrument, dated, scope, prefix, valid_from, valid_until,
    entered_by) ON registry.delegation TO registry_admin;
GRANT INSERT (fingerprint, der, officer, not_before, not_after, entered_by)
    ON registry.certificate TO registry_admin;
GRANT INSERT (fingerprint, unit_code, image_digest, entered_by) ON registry.seal TO registry_admin;
GRANT INSERT (unit, position, delegation, certificate, kind, ended_at, reason, entered_by)
    ON registry.ending TO registry_admin;
GRANT EXECUTE ON FUNCTION registry.lock_authority(), registry.contradiction(text),
    registry.must_know(text), registry.term_of(registry.position) TO registry_admin;

-- Intake ------------------------------------------------------------------------------------------

-- A login account acts as one officer of the authority data; until now it was one.
ALTER TABLE intake.officer ADD officer_id text CHECK (officer_id ~ '^[a-z0-9._-]{1,64}$');
UPDATE intake.officer SET officer_id = username;
ALTER TABLE intake.officer ALTER officer_id SET NOT NULL;

ALTER TABLE intake.certification ADD officer_id text;
UPDATE intake.certification SET officer_id = officer;
ALTER TABLE intake.certification ALTER officer_id SET NOT NULL;

-- What a step has written stays: two workers on one dossier cannot undo each other's. Only until the
-- copy is registered may another officer decide, who then signs it anew under its code and number.
CREATE OR REPLACE FUNCTION intake.keep_certification() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM jsonb_each(to_jsonb(OLD)) AS was
        WHERE was.value <> 'null'
          AND to_jsonb(NEW) -> was.key IS DISTINCT FROM was.value
          AND NOT (was.key IN ('salt', 'facts') AND to_jsonb(NEW) -> was.key = 'null')
          AND NOT (OLD.entry_index IS NULL AND was.key IN (
              'officer', 'officer_id', 'signer', 'signer_title', 'decided_at', 'certified_at',
              'facts', 'pdf_digest', 'pdf_size', 'signer_fingerprint', 'seal_fingerprint'))
    ) THEN
        RAISE EXCEPTION 'intake.certification is written once: % refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
GRANT UPDATE (officer, officer_id, signer, signer_title, decided_at, certified_at)
    ON intake.certification TO intake_app;
