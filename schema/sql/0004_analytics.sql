-- Analytics: what leaders may count, without anybody's personal data. Run as bansao_owner.
--
-- The views run with their owner's rights, so that analytics_reader sees these columns and nothing
-- of the tables behind them. A column may be added here only if it says nothing about a person:
-- no names, no codes, no dossier numbers, nothing that a citizen or an officer is known by.

CREATE SCHEMA analytics;

-- One row per issued copy: registered in the book and released to the citizen.
-- Days and hours are Hanoi's: so are the register's.
CREATE VIEW analytics.issued_copy AS
SELECT entry.index                                                        AS entry_index,
       (step.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date             AS local_day,
       extract(hour FROM step.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::smallint AS local_hour,
       dossier.unit_code,
       unit.name                                                          AS unit_name,
       coalesce(dossier.document_type, 'other')                           AS document_type,
       coalesce(dossier.page_count, 1)                                    AS page_count,
       dossier.channel,
       dossier.received_at,
       step.read_at,
       step.decided_at,
       step.issued_at,
       -- What the citizen waits, from handing over the papers to holding the copy. Two machines'
       -- clocks may disagree by a moment: a time below zero is none.
       greatest(0, extract(epoch FROM step.issued_at - dossier.received_at))::float8
                                                                          AS processing_seconds
FROM intake.certification
JOIN registry.entry ON entry.index = certification.entry_index AND entry.kind = 'issued'
JOIN intake.dossier ON dossier.id = certification.dossier_id
JOIN intake.unit ON unit.code = dossier.unit_code
JOIN (
    -- A reading may be repeated after a failure, and so may a decision: the last one counted.
    SELECT dossier_id,
           max(at) FILTER (WHERE kind = 'read')    AS read_at,
           max(at) FILTER (WHERE kind = 'decided') AS decided_at,
           min(at) FILTER (WHERE kind = 'issued')  AS issued_at
    FROM intake.dossier_event
    GROUP BY dossier_id
) AS step ON step.dossier_id = dossier.id
WHERE step.issued_at IS NOT NULL;

-- Dossiers by the day on which they were received, and what has become of them by now.
CREATE VIEW analytics.dossier_day AS
SELECT (dossier.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date        AS local_day,
       dossier.unit_code,
       unit.name                                                          AS unit_name,
       coalesce(dossier.document_type, 'unread')                          AS document_type,
       dossier.channel,
       count(*)                                                           AS received,
       count(*) FILTER (WHERE dossier.state = 'issued')                   AS issued,
       count(*) FILTER (WHERE dossier.state = 'refused')                  AS refused,
       count(*) FILTER (WHERE dossier.state NOT IN ('issued', 'refused')) AS open
FROM intake.dossier
JOIN intake.unit ON unit.code = dossier.unit_code
WHERE dossier.received_at IS NOT NULL
GROUP BY 1, 2, 3, 4, 5;

GRANT USAGE ON SCHEMA analytics TO analytics_reader;
GRANT SELECT ON analytics.issued_copy, analytics.dossier_day TO analytics_reader;
