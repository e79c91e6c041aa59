-- Format 3: a history of a million. What a filter asks stands in columns, and what words are looked for in has an index.

-- More of the index of the bytes; NULL where a request or response says nothing, and in rows of older formats until they
-- were judged again (see `rejudging`).
ALTER TABLE exchange ADD COLUMN platform TEXT;
ALTER TABLE exchange ADD COLUMN path TEXT;        -- of the target, without its query
ALTER TABLE exchange ADD COLUMN signature TEXT;   -- the state of the verdict
ALTER TABLE exchange ADD COLUMN skew_secs INTEGER; -- arrival minus RequestTime
ALTER TABLE exchange ADD COLUMN code INTEGER;     -- ErrorCode of the response
ALTER TABLE exchange ADD COLUMN read_as TEXT;     -- the response as its sender reads it

-- A filter reads all columns at once, from memory or in one pass; these cost a fifth of the speed of writing.
DROP INDEX exchange_by_app;
DROP INDEX exchange_by_overall;

-- When the response's first byte went out of those that were sent as they were decided: nearly all. Apart, since
-- writing a row of `exchange` again costs more than writing it did. The outcome is "sent" then.
CREATE TABLE sent (
    id                     INTEGER PRIMARY KEY,
    responded_after_micros INTEGER
) STRICT;

-- How many exchanges there are of each `overall`, changed with them: counting a million rows takes its time.
CREATE TABLE number (
    overall TEXT PRIMARY KEY,
    number  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO number SELECT word, (SELECT COUNT(*) FROM exchange WHERE overall = word)
    FROM (SELECT 'ok' AS word UNION SELECT 'bad' UNION SELECT 'unchecked' UNION SELECT 'not_callback');

-- What the user says of an exchange.
CREATE TABLE annotation (
    id     INTEGER PRIMARY KEY,
    pinned INTEGER NOT NULL,
    mark   TEXT,             -- a colour's word
    note   TEXT
) STRICT;

-- What was deleted, beyond undoing, and is being forgotten: the ids, packed as in `store/hidden.rs`.
CREATE TABLE deletion (
    number INTEGER PRIMARY KEY,
    ids    BLOB NOT NULL
) STRICT;

-- What is to be judged again: after this id, up to that one; of one app, or all where app is empty.
CREATE TABLE rejudging (
    app   TEXT PRIMARY KEY,
    after INTEGER NOT NULL,
    upto  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO rejudging SELECT '', 0, MAX(id) FROM exchange HAVING COUNT(*) > 0;

-- What else is remembered, such as the catalogue that the columns were computed with.
CREATE TABLE fact (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The index of words: for the exchanges of a segment (4,096 ids) a table of bits, a row for each hash of three bytes, a
-- column for each exchange; see `store/words.rs`. A group has 16 rows of the table.
CREATE TABLE segment (
    segment INTEGER PRIMARY KEY,
    width   INTEGER NOT NULL   -- how many rows its table has
) STRICT;
CREATE TABLE slice (
    id   INTEGER PRIMARY KEY,  -- segment * 65,536 + group
    bits BLOB NOT NULL
) STRICT;
