-- Intake: from a citizen's scan to an officer's decision. Run as bansao_owner.
-- Personal data stands in the columns below and in encrypted blobs, nowhere else.

CREATE SCHEMA intake;

-- A unit is a place that receives dossiers: a ward, a commune, a branch of the service centre.
CREATE TABLE intake.unit (
    code      text PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z.-]{1,16}$'),
    name      text NOT NULL CHECK (name <> ''),
    watermark text NOT NULL
);

CREATE TABLE intake.officer (
    username      text PRIMARY KEY CHECK (username ~ '^[a-z0-9._-]{1,64}$'),
    full_name     text NOT NULL CHECK (full_name <> ''),
    title         text NOT NULL,
    unit_code     text NOT NULL REFERENCES intake.unit,
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    -- name of the key pair in the secrets directory: <signer>.p12
    signer        text NOT NULL CHECK (signer ~ '^[A-Za-z0-9._-]{1,80}$')
);

-- The cookie's value is never stored: a copy of this table opens no session.
CREATE TABLE intake.session (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    username   text NOT NULL REFERENCES intake.officer,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);
CREATE INDEX session_expiry ON intake.session (expires_at);

CREATE TABLE intake.dossier (
    id             uuid PRIMARY KEY,
    number         text UNIQUE,
    unit_code      text NOT NULL REFERENCES intake.unit,
    channel        text NOT NULL CHECK (channel IN ('kiosk', 'counter', 'online', 'vehicle')),
    state          text NOT NULL CHECK (state IN
                     ('opened', 'submitted', 'reading', 'review', 'certifying', 'issued', 'refused')),
    token_hash     bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    blob_key       bytea NOT NULL CHECK (octet_length(blob_key) = 32),
    document_type  text,
    page_count     integer CHECK (page_count > 0),
    requester_name text,
    contact_email  text,
    received_at    timestamptz,
    updated_at     timestamptz NOT NULL,
    -- a dossier that was received has its number, one that was not has none
    CHECK ((number IS NULL) = (received_at IS NULL)),
    CHECK ((state = 'opened') = (received_at IS NULL))
);
CREATE INDEX dossier_waiting ON intake.dossier (unit_code, received_at)
    WHERE state IN ('submitted', 'reading', 'review', 'certifying');

-- Serial numbers of received dossiers, a unit and local day at a time.
CREATE TABLE intake.dossier_serial (
    unit_code text NOT NULL REFERENCES intake.unit,
    day       date NOT NULL,
    last      integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (unit_code, day)
);

-- What happened, in order; analytics measures its times here. Never changed, never removed.
CREATE TABLE intake.dossier_event (
    dossier_id uuid NOT NULL REFERENCES intake.dossier,
    ordinal    integer NOT NULL CHECK (ordinal > 0),
    kind       text NOT NULL,
    at         timestamptz NOT NULL,
    actor      text NOT NULL,
    detail     jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (dossier_id, ordinal)
);

CREATE FUNCTION intake.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'intake.% only grows: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER dossier_event_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON intake.dossier_event
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_rewriting();

-- Files of a dossier. Their bytes lie encrypted in the blob store under (dossier, digest).
-- A page that the citizen took back is marked, not deleted: the role may not delete.
CREATE TABLE intake.attachment (
    dossier_id uuid NOT NULL REFERENCES intake.dossier,
    role       text NOT NULL CHECK (role IN
                 ('scan', 'card_front', 'card_back', 'face', 'page', 'copy')),
    ordinal    integer NOT NULL CHECK (ordinal >= 0),
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    media_type text NOT NULL,
    size       bigint NOT NULL CHECK (size > 0),
    -- a page's width, height, dpi and quality; every other file has none
    page       jsonb CHECK ((page IS NOT NULL) = (role = 'page')),
    withdrawn  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (dossier_id, role, ordinal)
);

-- What the machine read (reading, identity) and what the officer made of it (corrected).
CREATE TABLE intake.reading (
    dossier_id uuid PRIMARY KEY REFERENCES intake.dossier,
    reading    jsonb NOT NULL,
    identity   jsonb,
    corrected  jsonb
);

GRANT USAGE ON SCHEMA intake TO intake_app;
-- Units and officers are enrolled by an administrator, not by a web application.
GRANT SELECT ON intake.unit, intake.officer TO intake_app;
GRANT SELECT, INSERT, DELETE ON intake.session TO intake_app;
GRANT SELECT, INSERT ON intake.dossier, intake.dossier_serial, intake.dossier_event,
    intake.attachment, intake.reading TO intake_app;
GRANT UPDATE (number, state, document_type, page_count, requester_name, contact_email,
    received_at, updated_at) ON intake.dossier TO intake_app;
GRANT UPDATE (last) ON intake.dossier_serial TO intake_app;
GRANT UPDATE (digest, media_type, size, page, withdrawn) ON intake.attachment TO intake_app;
GRANT UPDATE (reading, identity, corrected) ON intake.reading TO intake_app;
