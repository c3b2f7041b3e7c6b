-- What a superuser does with every trigger off, and what the audit says: row | field | expected | found.
-- "-->" is all that the audit of the database finds; "==>" what an audit of the running portal's public
-- files finds first: without it they are unharmed.
-- The book: copies in entries 0 to 5, a revocation of entry 3 in entry 6, copies up to entry 260, one
-- of which is superseded in entry 261; another unit's year is closed in entry 262;
-- checkpoints of 3, 7 and 263 entries, each cosigned, stamped, published; one full tile, 0/0.
-- … stands for a hash or a time, which differ from run to run.

-- row changed: body only
UPDATE registry.entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '"number":3', '"number":9'), 'UTF8')
    WHERE index = 2;
--> entry 2 | leaf_hash | … | …
--> entry 2 | number | 9 | 3
==> entry 2 in tile/entries/000 | leaf_hash | … | …

-- row changed: body and column
UPDATE registry.entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '"number":3', '"number":9'), 'UTF8')
    WHERE index = 2;
UPDATE registry.entry SET number = 9 WHERE index = 2;
--> entry 2 | leaf_hash | … | …
==> entry 2 in tile/entries/000 | leaf_hash | … | …

-- row changed: body, column, leaf
UPDATE registry.entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '"number":3', '"number":9'), 'UTF8')
    WHERE index = 2;
UPDATE registry.entry SET number = 9 WHERE index = 2;
UPDATE registry.entry SET leaf_hash = sha256('\x00'::bytea || body) WHERE index = 2;
--> entry 2 | entry_hash | … | …
--> tile 0/0 | hashes | 8192 bytes, leaf hash … | 8192 bytes, leaf hash …
--> tile 0/0 | root_hash | … | …
--> checkpoint 3 | root_hash | … | …
--> checkpoint 7 | root_hash | … | …
--> checkpoint 263 | root_hash | … | …
==> entry 2 in tile/entries/000 | leaf_hash | … | …

-- row changed: body, column, leaf, link
UPDATE registry.entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '"number":3', '"number":9'), 'UTF8')
    WHERE index = 2;
UPDATE registry.entry SET number = 9 WHERE index = 2;
UPDATE registry.entry SET leaf_hash = sha256('\x00'::bytea || body) WHERE index = 2;
UPDATE registry.entry SET entry_hash = sha256('\x02'::bytea || prev_hash || leaf_hash) WHERE index = 2;
--> entry 3 | prev_hash | … | …
--> tile 0/0 | hashes | 8192 bytes, leaf hash … | 8192 bytes, leaf hash …
--> tile 0/0 | root_hash | … | …
--> checkpoint 3 | root_hash | … | …
--> checkpoint 7 | root_hash | … | …
--> checkpoint 263 | root_hash | … | …
==> entry 2 in tile/entries/000 | leaf_hash | … | …

-- body is no JSON
UPDATE registry.entry SET body = 'x' WHERE index = 2;
--> entry 2 | leaf_hash | … | …
--> entry 2 | body | a canonical body | the body is no entry of version 1
==> entry 2 in tile/entries/000 | body | a canonical body | the body is no entry of version 1

-- body and column disagree: unit
UPDATE registry.entry SET unit_code = '00070' WHERE index = 1;
--> entry 1 | unit_code | 00004 | 00070
--> book 01/2026-SCTĐT/BS of unit 00070, number 2 | number | reserved | not reserved, issued at entry 1

-- body and column disagree: kind un-revokes
UPDATE registry.entry SET kind = 'suspended' WHERE index = 6;
--> entry 6 | kind | revoked | suspended

-- body and column disagree: code of another copy
UPDATE registry.entry SET code_hash = sha256('x') WHERE index = 4;
--> entry 4 | code_hash | … | …

-- body and column disagree: time
UPDATE registry.entry SET occurred_at = occurred_at + interval '1 microsecond' WHERE index = 4;
--> entry 4 | occurred_at | … | …
--> entry 5 | occurred_at | not before … | …

-- body and column disagree: decision's date
UPDATE registry.entry SET decided_on = '2026-11-21' WHERE index = 6;
--> entry 6 | decided_on | 2026-11-22 | 2026-11-21

-- body and column disagree: another successor
UPDATE registry.entry SET successor = sha256('x') WHERE index = 261;
--> entry 261 | successor | … | …

-- body and column disagree: a closed year's last number
UPDATE registry.entry SET numbers = 1 WHERE index = 262;
--> entry 262 | numbers | 0 | 1

-- row deleted
DELETE FROM registry.entry WHERE index = 4;
DELETE FROM registry.copy WHERE entry_index = 4;
--> entry 4 | index | a row | none
==> tile/entries/000 | content | 256 entries | there is none

-- row deleted, gap closed
DELETE FROM registry.entry WHERE index = 4;
DELETE FROM registry.copy WHERE entry_index = 4;
UPDATE registry.entry SET index = index + 1000 WHERE index > 4;
UPDATE registry.entry SET index = index - 1001 WHERE index > 1000;
UPDATE registry.copy SET entry_index = entry_index + 1000 WHERE entry_index > 4;
UPDATE registry.copy SET entry_index = entry_index - 1001 WHERE entry_index > 1000;
UPDATE registry.change SET entry_index = entry_index - 1;
UPDATE registry.head SET size = size - 1;
--> entry 4 | prev_hash | … | …
--> tile 0/0 | hashes | 8192 bytes, leaf hash … | 8192 bytes, leaf hash …
--> tile 0/0 | root_hash | … | …
--> checkpoint 7 | root_hash | … | …
--> checkpoint 263 | size | 0 to 262 | a checkpoint of 263
==> tile/0/001.p/7 | content | 7 hashes | there is none

-- revocation deleted
DELETE FROM registry.entry WHERE index = 6;
DELETE FROM registry.change WHERE entry_index = 6;
--> entry 6 | index | a row | none
==> tile/entries/000 | content | 256 entries | there is none

-- row inserted
UPDATE registry.entry SET index = index + 1000 WHERE index >= 7;
UPDATE registry.entry SET index = index - 999 WHERE index >= 1000;
UPDATE registry.copy SET entry_index = entry_index + 1000 WHERE entry_index >= 7;
UPDATE registry.copy SET entry_index = entry_index - 999 WHERE entry_index >= 1000;
UPDATE registry.change SET entry_index = entry_index + 1000 WHERE entry_index >= 7;
UPDATE registry.change SET entry_index = entry_index - 999 WHERE entry_index >= 1000;
CREATE TEMP TABLE added AS SELECT * FROM registry.entry WHERE index = 6;
UPDATE added SET index = 7;
INSERT INTO registry.entry SELECT * FROM added;
INSERT INTO registry.change VALUES (7, 'x', 'x');
UPDATE registry.head SET size = size + 1;
--> entry 7 | prev_hash | … | …
--> tile 0/0 | hashes | 8192 bytes, leaf hash … | 8192 bytes, leaf hash …
--> tile 0/0 | root_hash | … | …
--> checkpoint 263 | root_hash | … | …
--> entry 7 | kind | a lawful change | a copy that is revoked by 12/QĐ of 2026-11-22 cannot be revoked
==> entry 7 in tile/entries/000 | leaf_hash | … | …

-- row added at the end, not linked
CREATE TEMP TABLE added AS SELECT * FROM registry.entry WHERE index = 6;
UPDATE added SET index = 263;
INSERT INTO registry.entry SELECT * FROM added;
--> entry 263 | prev_hash | … | …
--> entry 263 | occurred_at | not before … | …
--> head | size | 264 | 263
--> head | entry_hash | … | …
--> entry 263 | kind | a lawful change | a copy that is revoked by 12/QĐ of 2026-11-22 cannot be revoked
--> entry 263 | decided_by | an officer | none

-- rows swapped
UPDATE registry.entry SET index = 1000 WHERE index = 1;
UPDATE registry.entry SET index = 1 WHERE index = 2;
UPDATE registry.entry SET index = 2 WHERE index = 1000;
UPDATE registry.copy SET entry_index = 1000 WHERE entry_index = 1;
UPDATE registry.copy SET entry_index = 1 WHERE entry_index = 2;
UPDATE registry.copy SET entry_index = 2 WHERE entry_index = 1000;
--> entry 1 | prev_hash | … | …
--> entry 2 | prev_hash | … | …
--> entry 3 | prev_hash | … | …
--> tile 0/0 | hashes | 8192 bytes, leaf hash … | 8192 bytes, leaf hash …
--> tile 0/0 | root_hash | … | …
--> checkpoint 3 | root_hash | … | …
--> checkpoint 7 | root_hash | … | …
--> checkpoint 263 | root_hash | … | …
==> entry 1 in tile/entries/000 | leaf_hash | … | …

-- tail truncated
DELETE FROM registry.entry WHERE index >= 260;
DELETE FROM registry.copy WHERE entry_index >= 260;
DELETE FROM registry.change WHERE entry_index >= 260;
--> head | size | 260 | 263
--> head | entry_hash | … | …
--> checkpoint 263 | size | 0 to 260 | a checkpoint of 263
==> tile/0/001.p/7 | content | 7 hashes | there is none

-- tail truncated, head moved back
DELETE FROM registry.entry WHERE index >= 260;
DELETE FROM registry.copy WHERE entry_index >= 260;
DELETE FROM registry.change WHERE entry_index >= 260;
UPDATE registry.head SET size = 260, entry_hash = (SELECT entry_hash FROM registry.entry WHERE index = 259);
--> checkpoint 263 | size | 0 to 260 | a checkpoint of 263
==> tile/0/001.p/7 | content | 7 hashes | there is none

-- head moved back
UPDATE registry.head SET size = 260, entry_hash = (SELECT entry_hash FROM registry.entry WHERE index = 259);
--> head | size | 263 | 260
--> head | entry_hash | … | …

-- head points elsewhere
UPDATE registry.head SET entry_hash = sha256('x');
--> head | entry_hash | … | …

-- head gone
DELETE FROM registry.head;
--> head | size | 263 | no head

-- tile altered
UPDATE registry.tile SET hashes = set_byte(hashes, 77, get_byte(hashes, 77) # 1);
--> tile 0/0 | hashes | 8192 bytes, leaf hash … | 8192 bytes, leaf hash …
==> tile/0/000 | hash 2 | … | …

-- tile's root altered
UPDATE registry.tile SET root_hash = sha256('x');
--> tile 0/0 | root_hash | … | …
==> tile/1/000.p/1 | hash 0 | … | …

-- tile deleted
DELETE FROM registry.tile;
--> tile 0/0 | hashes | a full tile | none
==> tile/0/000 | content | 256 hashes | there is none

-- tile added
INSERT INTO registry.tile SELECT 0, 1, hashes, root_hash FROM registry.tile;
--> tile 0/1 | index | a full tile of the log | beyond the log

-- checkpoint's root altered
UPDATE registry.checkpoint SET root_hash = sha256('x') WHERE size = 7;
--> checkpoint 7 | note root | … | …
--> checkpoint 7 | root_hash | … | …

-- checkpoint's note altered
UPDATE registry.checkpoint SET note = replace(note, E'\n7\n', E'\n8\n') WHERE size = 7;
--> checkpoint 7 | note | a note signed by the log | a trusted key's signature does not hold
--> cosignature of witness.example/1 on checkpoint 7 | line | a cosignature that holds | a trusted witness's cosignature does not hold
--> time stamp of checkpoint 7 | token | … | …

-- checkpoint moved to another size
UPDATE registry.checkpoint SET size = 8 WHERE size = 7;
--> checkpoint 8 | note size | 8 | 7
--> publication 7 | size | a signed checkpoint | none
--> cosignature of witness.example/1 on checkpoint 7 | size | a signed checkpoint | none
--> time stamp of checkpoint 7 | size | a signed checkpoint | none
--> checkpoint 8 | root_hash | … | …

-- checkpoint deleted
DELETE FROM registry.checkpoint WHERE size = 7;
--> publication 7 | size | a signed checkpoint | none
--> cosignature of witness.example/1 on checkpoint 7 | size | a signed checkpoint | none
--> time stamp of checkpoint 7 | size | a signed checkpoint | none

-- newest checkpoint deleted
DELETE FROM registry.checkpoint WHERE size = 263;
--> publication 263 | size | a signed checkpoint | none
--> cosignature of witness.example/1 on checkpoint 263 | size | a signed checkpoint | none
--> publication 263 | size | cosigned by quorum-group | nobody
--> time stamp of checkpoint 263 | size | a signed checkpoint | none
==> checkpoint | not served

-- cosignature of another checkpoint
UPDATE registry.cosignature SET line = (SELECT line FROM registry.cosignature WHERE size = 3) WHERE size = 263;
--> cosignature of witness.example/1 on checkpoint 263 | line | a cosignature that holds | a trusted witness's cosignature does not hold
--> publication 263 | size | cosigned by quorum-group | nobody

-- cosignature forged
UPDATE registry.cosignature SET line = overlay(line placing 'AAAA' from 60) WHERE size = 7;
--> cosignature of witness.example/1 on checkpoint 7 | line | a cosignature that holds | a trusted witness's cosignature does not hold

-- cosignature under another name
UPDATE registry.cosignature SET name = 'witness.example/2' WHERE size = 7;
--> cosignature of witness.example/2 on checkpoint 7 | line | witness.example/2 … | witness.example/1 …

-- cosignature removed
DELETE FROM registry.cosignature WHERE size = 263;
--> publication 263 | size | cosigned by quorum-group | nobody

-- older cosignature removed (nothing to find: the newest publication vouches for those before it)
DELETE FROM registry.cosignature WHERE size = 7;

-- publication of nothing signed
INSERT INTO registry.publication VALUES (100, now());
--> publication 100 | size | a signed checkpoint | none

-- time stamp of another note
UPDATE registry.checkpoint_time SET token = (SELECT token FROM registry.checkpoint_time WHERE size = 3) WHERE size = 7;
--> time stamp of checkpoint 7 | token | … | …

-- time stamp forged
UPDATE registry.checkpoint_time SET token = set_byte(token, length(token) - 9, get_byte(token, length(token) - 9) # 1)
    WHERE size = 263;
--> time stamp of checkpoint 263 | token | a signature by the certificates in it | one that does not hold

-- time stamp is none
UPDATE registry.checkpoint_time SET token = 'x' WHERE size = 7;
--> time stamp of checkpoint 7 | token | an RFC 3161 token | something else

-- time stamp of nothing signed
UPDATE registry.checkpoint_time SET size = 8 WHERE size = 7;
--> time stamp of checkpoint 8 | size | a signed checkpoint | none

-- facts changed
UPDATE registry.copy SET facts = replace(facts::text, 'Văn An', 'Văn Em')::json WHERE entry_index = 4;
--> copy 4 | facts | … | facts that do not open it

-- salt changed
UPDATE registry.copy SET salt = sha256('x') WHERE entry_index = 4;
--> copy 4 | facts | … | facts that do not open it

-- facts deleted without an erasure
DELETE FROM registry.copy WHERE entry_index = 4;
--> copy 4 | facts | a row beside its entry | none

-- a decision's officers deleted
DELETE FROM registry.change WHERE entry_index = 6;
--> entry 6 | decided_by | an officer | none

-- officers beside what nobody decided
INSERT INTO registry.change VALUES (4, 'x', 'x');
--> change 4 | entry_index | a change | none

-- book line deleted
DELETE FROM registry.book_number WHERE number = 2;
--> book 01/2026-SCTĐT/BS of unit 00004, number 2 | number | reserved | not reserved, issued at entry 1
--> book 01/2026-SCTĐT/BS of unit 00004, number 3 | number | number 2 | number 3

-- book line voided
INSERT INTO registry.book_void SELECT unit_code, book, 2, 'x' FROM registry.book;
--> book 01/2026-SCTĐT/BS of unit 00004, number 2 | number | issued or void | void and issued at entry 1
