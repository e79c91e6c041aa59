-- The history. Bytes are the truth: what is shown is computed from them, and of the other columns only those
-- that the moment of arrival knew (replay, judged_*, apps_known) and those of the response could not be computed again.

-- What a list, a filter and a count read. Bodies stand apart, so that passing over a million rows stays cheap.
CREATE TABLE exchange (
    -- Given by the program. AUTOINCREMENT: SQLite remembers the highest even after it was deleted.
    id                       INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at_millis       INTEGER NOT NULL,
    peer                     TEXT NOT NULL,
    body_end                 TEXT NOT NULL,  -- complete, too_large, cut_off
    refused                  TEXT,
    replay                   TEXT NOT NULL,  -- first, repeated, reused_signature
    first_at_millis          INTEGER,        -- of a replay: when the first came
    signature_key            INTEGER,        -- both or neither; hashes, 64 bits as a signed number
    content_key              INTEGER,
    judged_app               TEXT,           -- the last judgement that was made with a token: all three or none
    judged_signature         TEXT,
    judged_app_id            TEXT,
    apps_known               INTEGER NOT NULL, -- whether any app was known at the last judgement
    -- An index of the bytes, computed again when a token is entered.
    method                   TEXT,
    command                  TEXT,
    product                  TEXT,
    sdk_app_id               TEXT,
    overall                  TEXT NOT NULL,  -- ok, bad, unchecked, not_callback
    body_bytes               INTEGER NOT NULL,
    -- The response: rule is NULL while nothing is decided, status and headers where no byte went out.
    rule                     TEXT,
    fault                    TEXT,
    status                   INTEGER,
    response_headers         TEXT,           -- JSON: [["Content-Type","application/json"]]
    responded_after_micros   INTEGER,
    outcome                  TEXT,           -- sent, caller_left
    caller_left_after_millis INTEGER
) STRICT;

-- The bytes. The large one last: SQLite reads a row from its beginning, and so finds the others without it.
-- No foreign key: both rows are written in one transaction.
CREATE TABLE content (
    id            INTEGER PRIMARY KEY,
    head          BLOB NOT NULL,
    response_body BLOB,
    body          BLOB NOT NULL
) STRICT;

-- A new token judges its app's rows again, page by page.
CREATE INDEX exchange_by_app ON exchange (sdk_app_id) WHERE sdk_app_id IS NOT NULL;

-- Counting at start and finding the few that are bad: 0.05 s for a million rows. Without it 0.4 s, or 3 s from a
-- cold disk; it costs a tenth of the speed of writing.
CREATE INDEX exchange_by_overall ON exchange (overall);

-- "HKGL": tells this file from another program's database.
PRAGMA application_id = 0x484B474C;
