//! Hookglass stands where a developer's callback server would stand: Tencent Cloud Chat (and Live, Room, Call,
//! Desk) posts its webhooks to it, it says whether each is genuine and why, decodes it, responds as told, and
//! keeps everything.
//!
//! ```text
//! bytes ─► Request ─► Callback ─► Verdicts ─► Decision ─► Response ─► Exchange ─► history ─► rows, detail
//!          wire       protocol    protocol    rules       wire     exchange    store      app, ui
//!                     └─── inspect: pure functions ───┘
//! ```
//!
//! Three invariants carry the rest:
//!
//! - **Bytes are the truth; meaning is computed.** The store keeps the request, the response as sent, and the
//!   times. Callback, fields and remarks are computed whenever they are shown, as of the arrival.
//! - **Decisions are pure, effects stand at the edge.** Everything down to `messages` takes values and returns
//!   values; only the rooms below it know a clock, a file, a socket or a thread.
//! - **Every state has one owner.** The window owns its model, the engine its settings, the store its file; they
//!   talk in closed enums, [`messages::Effect`] and [`messages::Event`].
//!
//! To see it at work, start with [`inspect`]; then read the modules in this order. Which room may name which is
//! held by `tests/it/architecture.rs`.

// Values in, values out.
pub mod wire; // Request and Response: what crossed the socket, byte for byte
pub mod protocol; // a request read as a callback, and judged
pub mod rules; // what picks a response: rules, else the response bar
pub mod inspect; // inspect() and decide(): the program as two pure functions
pub mod exchange; // Exchange: the unit of history
pub mod annotation; // what the user says of an exchange: a pin, a colour, a note
pub mod ids; // a set of exchanges
pub mod sequence; // what an exchange has to do with those around it
pub mod wording; // verdicts, remarks and summaries as sentences
pub mod filter; // which exchanges are meant: the small language of the filter box and the command line
pub mod conversation; // what happened in a group, between two users, in a room, told in order
pub mod histories; // which history is meant: the main one, a named one, any file
pub mod column; // columns of the list, and by which one it is sorted
pub mod sorted; // exchanges in an order of their own
pub mod settings; // what is remembered between two runs, and what the receiver works from
pub mod row; // a line of the list
pub mod lines; // a body as rows of text, or of hex
pub mod needle; // what is searched for in a body
pub mod tree; // a body as a tree
pub mod opened; // an exchange opened for a close look
pub mod compare; // two exchanges opposite each other
pub mod redaction; // an exchange in, the same without what is private out
pub mod export; // exchanges in forms that leave the program
pub mod import; // exchanges in the forms in which they come back
pub mod statistics; // what many exchanges tell together
pub mod messages; // what the window asks for, and what it is told

// The world.
pub mod memory; // how soon what is free goes back to the system
pub mod folder; // the data folder: its settings file, its histories and their locks
pub mod secrets; // tokens, in the keyring or a private file
pub mod store; // the history, in SQLite
pub mod sender; // sends a callback
pub mod receiver; // takes requests, records, responds
pub mod control; // a local socket only its user can open: another process's say
pub mod engine; // owns settings and jobs, carries out effects, tells events

// The doors.
pub mod app; // the window's mind, without a window
#[cfg(feature = "gui")]
pub mod ui; // the window's face
pub mod cli; // the command line
