-- An append's turn lasts until disk and standby have it: to end it earlier took a statement more, and
-- the writer of the write-ahead log beside it, which cost what it gained.

DROP FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[], boolean);

-- With the rights of who calls it, and past no trigger. Waits for the turn before anything is
-- written; `first` is the index of the first issue.
CREATE FUNCTION registry.append_issues(
    first bigint, occurred_at timestamptz, issues registry.issue[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.lock_appends();
    INSERT INTO registry.entry (index, body, leaf_hash, prev_hash, entry_hash, kind, code_hash,
            occurred_at, pdf_digest, commitment, signer_fingerprint, seal_fingerprint,
            unit_code, book, number, certified_at)
        SELECT first + i.ordinality - 1, i.body, substr(i.hashes, 1, 32), substr(i.hashes, 33, 32),
               substr(i.hashes, 65, 32), 'issued', substr(i.hashes, 97, 32),
               append_issues.occurred_at, substr(i.hashes, 129, 32), substr(i.hashes, 161, 32),
               substr(i.hashes, 193, 32), substr(i.hashes, 225, 32), i.unit_code, i.book, i.number,
               '2000-01-01Z'::timestamptz + i.certified_at * '1 microsecond'::interval
        FROM unnest(issues) WITH ORDINALITY AS i;
    INSERT INTO registry.copy (entry_index, code_hash, facts, salt)
        SELECT first + i.ordinality - 1, substr(i.hashes, 97, 32), i.facts, substr(i.hashes, 257)
        FROM unnest(issues) WITH ORDINALITY AS i;
END $$;
REVOKE EXECUTE ON FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.append_issues(bigint, timestamptz, registry.issue[])
    TO registry_writer;
