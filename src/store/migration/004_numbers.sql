-- Format 4: what was written with every commit and need not be.

-- Up to which id exchanges are counted in `number`. None up to it is given again: they are counted before one is forgotten.
INSERT INTO fact SELECT 'counted', CAST(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'exchange'), 0) AS TEXT);
-- The numbers of those after it.
CREATE VIEW uncounted AS SELECT overall, COUNT(*) AS number FROM exchange
    WHERE id > (SELECT CAST(value AS INTEGER) FROM fact WHERE name = 'counted') GROUP BY overall;

-- So nobody needs AUTOINCREMENT, which looks for its row and writes it for every exchange. It says nothing of the table's form;
-- to take it off is a documented use of writing to the schema: https://sqlite.org/lang_altertable.html, section 7.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'PRIMARY KEY AUTOINCREMENT', 'PRIMARY KEY') WHERE name = 'exchange';
PRAGMA writable_schema = RESET;
DELETE FROM sqlite_sequence;
