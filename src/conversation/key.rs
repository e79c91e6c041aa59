//! By what a conversation is named, and found.

use crate::filter;
use crate::protocol::catalogue::Product;
use crate::protocol::json::Kind;
use crate::protocol::path::Path;
use crate::protocol::query::Name;
use crate::protocol::{self, Callback};
use crate::wording;
use std::fmt::Write as _;

/// How many places a callback may name; a friend list or a push may name many.
const MOST_PLACES: usize = 100;

/// Where a callback names its room, best first.
const ROOMS: [&str; 7] =
    ["RoomId", "RoomInfo.RoomId", "EventInfo.RoomId", "FromRoomId", "FromRoomInfo.RoomId", "ToRoomIdList[]", "ToRoomList[].RoomId"];

/// Where it names its call.
const CALLS: [&str; 3] = ["CallId", "CallInfo.CallId", "CallRecord.CallId"];

/// Where it names its group.
const GROUPS: [&str; 3] = ["GroupId", "GroupID", "ContactItem.ToGroupId"];

/// Where it names its topics.
const TOPICS: [&str; 2] = ["TopicId", "TopicIdList[]"];

/// Where it names two users.
const USERS: [(&str, &str); 8] = [
    ("From_Account", "To_Account"),
    ("Operator_Account", "Peer_Account"),
    ("Report_Account", "Peer_Account"),
    ("From_Account", "To_Account[]"),
    ("From_Account", "FriendItem[].To_Account"),
    ("From_Account", "ResponseFriendItem[].To_Account"),
    ("From_Account", "FollowList[].To_Account"),
    ("From_Account", "ContactItem.To_Account"),
];

/// Relations that name both users in one object.
const RELATIONS: &str = "PairList[]";

/// Whose state changed.
const STATE: &str = "State.StateChange";
const STATE_OF: &str = "Info.To_Account";

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The app that it is of.
    pub app: Option<String>,
    /// Where in that.
    pub place: Place,
}

/// Where something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A group, or one topic of it.
    Group {
        /// Its id.
        id: String,
        /// The topic; `None` for all of the group.
        topic: Option<String>,
    },
    /// Two users, in alphabetical order.
    Users(String, String),
    /// A room of Live or Room.
    Room(String),
    /// A call.
    Call(String),
    /// An official account.
    OfficialAccount(String),
    /// A session of Desk.
    Session(String),
}

impl Key {
    /// The conversation that a callback belongs to first of all.
    pub fn of(body: &[u8], callback: &Callback) -> Option<Self> {
        if !callback.is_callback {
            return None;
        }
        let mut place = places(body, callback).into_iter().next()?;
        // The chat of a live room is a group of its id.
        if let Place::Group { id, topic: None } = &place
            && is_live(callback)
        {
            place = Place::Room(id.clone());
        }
        Some(Self { app: app(callback), place })
    }

    /// Whether a callback belongs to this conversation, exactly: a filter does not tell `Ann` from `ann`.
    pub fn has(&self, body: &[u8], callback: &Callback) -> bool {
        app(callback) == self.app
            && (self.has_state(body, callback) || places(body, callback).iter().any(|place| self.place.encloses(place)))
    }

    /// Whether it says that one of two users came or went.
    fn has_state(&self, body: &[u8], callback: &Callback) -> bool {
        let Place::Users(one, other) = &self.place else { return false };
        callback.command.as_deref() == Some(STATE) && strings(body, callback, STATE_OF).iter().any(|user| user == one || user == other)
    }

    /// The filter that finds it, with little besides.
    pub fn filter(&self) -> String {
        let place = self.place.filter();
        match &self.app {
            Some(app) => format!("app:{} ({place})", filter::quoted(app)),
            None => place,
        }
    }

    /// What it is called.
    pub fn title(&self) -> String {
        let named = |what: &str, id: &str| format!("{what} {}", wording::value(id));
        match &self.place {
            Place::Group { id, topic: None } => named("Group", id),
            Place::Group { topic: Some(topic), .. } => named("Topic", topic),
            Place::Users(one, other) => format!("{} and {}", wording::value(one), wording::value(other)),
            Place::Room(id) => named("Room", id),
            Place::Call(id) => named("Call", id),
            Place::OfficialAccount(id) => named("Official account", id),
            Place::Session(id) => named("Session", id),
        }
    }
}

impl Place {
    /// Whether what happens there happens here: a topic is in its group, and the chat of a room is a group of the same id.
    fn encloses(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Group { id, topic: None }, Self::Group { id: other, .. }) | (Self::Room(id), Self::Group { id: other, topic: None }) => {
                id == other
            }
            _ => self == other,
        }
    }

    fn filter(&self) -> String {
        match self {
            Self::Group { id, topic } => {
                let group = any(GROUPS.into_iter().chain(["Events[].GroupID"]), id);
                match topic {
                    Some(topic) => format!("({group}) ({})", any(TOPICS, topic)),
                    None => group,
                }
            }
            Self::Users(one, other) => filter_of_users(one, other),
            Self::Room(id) => any(ROOMS.into_iter().chain(["GroupId"]), id),
            Self::Call(id) => any(CALLS, id),
            Self::OfficialAccount(id) => any(["Official_Account"], id),
            Self::Session(id) => any(["SessionId"], id),
        }
    }

    /// What its id is called within a sentence about it, and that id.
    pub(super) fn noun(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Group { id, .. } => Some(("the group", id)),
            Self::Users(..) => None,
            Self::Room(id) => Some(("the room", id)),
            Self::Call(id) => Some(("the call", id)),
            Self::OfficialAccount(id) => Some(("the account", id)),
            Self::Session(id) => Some(("the session", id)),
        }
    }
}

fn any<'a>(paths: impl IntoIterator<Item = &'a str>, value: &str) -> String {
    let value = filter::quoted(value);
    let terms: Vec<String> = paths.into_iter().map(|path| format!("body.{path}={value}")).collect();
    terms.join(" or ")
}

fn filter_of_users(one: &str, other: &str) -> String {
    let either = format!("{},{}", filter::quoted(one), filter::quoted(other));
    let mut text = String::new();
    let relation = (&*format!("{RELATIONS}.From_Account"), &*format!("{RELATIONS}.To_Account"));
    let push = ("Events[].From_Account", "Events[].To_Account");
    for (from, to) in USERS.into_iter().chain([relation, push]) {
        write!(text, "(body.{from}={either} body.{to}={either}) or ").expect("bug: a string takes all");
    }
    text + &format!("(command:{STATE} body.{STATE_OF}={either})")
}

fn is_live(callback: &Callback) -> bool {
    callback.reference.is_some_and(|command| command.product == Product::Live)
}

fn app(callback: &Callback) -> Option<String> {
    callback.param(Name::SdkAppId).filter(|app| !app.is_empty()).map(str::to_owned)
}

/// All places that a callback names, the best first.
fn places(body: &[u8], callback: &Callback) -> Vec<Place> {
    let all = |paths: &[&str]| paths.iter().flat_map(|path| strings(body, callback, path)).collect::<Vec<_>>();
    let mut places = Vec::new();
    let topics = all(&TOPICS);
    for id in all(&GROUPS) {
        places.extend(topics.iter().map(|topic| Place::Group { id: id.clone(), topic: Some(topic.clone()) }));
        if topics.is_empty() {
            places.push(Place::Group { id, topic: None });
        }
    }
    places.extend(all(&["Official_Account"]).into_iter().map(Place::OfficialAccount));
    places.extend(all(&CALLS).into_iter().map(Place::Call));
    places.extend(all(&ROOMS).into_iter().map(Place::Room));
    places.extend(all(&["SessionId"]).into_iter().map(Place::Session));
    for (from, to) in USERS {
        let Some(from) = strings(body, callback, from).into_iter().next() else { continue };
        places.extend(strings(body, callback, to).into_iter().map(|to| users(from.clone(), to)));
    }
    places.extend(relations(body, callback));
    places.truncate(MOST_PLACES);
    places
}

fn users(one: String, other: String) -> Place {
    if one <= other { Place::Users(one, other) } else { Place::Users(other, one) }
}

fn relations(body: &[u8], callback: &Callback) -> Vec<Place> {
    let document = &callback.document;
    let mut pairs = Vec::new();
    Path::read(RELATIONS).visit(body, document, &mut |pair| {
        let named = |key: &str| document.get(body, pair, key).map(|at| document.node(at).string(body).into_owned());
        pairs.extend(named("From_Account").zip(named("To_Account")).map(|(one, other)| users(one, other)));
    });
    pairs
}

/// The texts and numbers at a place; in the only event of a push where there is one.
fn strings(body: &[u8], callback: &Callback, path: &str) -> Vec<String> {
    let document = &callback.document;
    let mut events = protocol::events(body, document);
    let is_push = events.next().is_some() && events.next().is_none();
    let path = if is_push { Path::read(&format!("Events[].{path}")) } else { Path::read(path) };
    let mut found = Vec::new();
    path.visit(body, document, &mut |at| {
        let node = document.node(at);
        if matches!(node.kind, Kind::String | Kind::Number) {
            found.push(node.string(body).into_owned());
        }
    });
    found.retain(|value| !value.is_empty());
    found.truncate(MOST_PLACES);
    found
}
