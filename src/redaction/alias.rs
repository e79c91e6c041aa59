//! What stands for a private value: a name with a number, the same for the same value.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a private value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A user, in whatever role.
    Account,
    /// A group, a topic, a room.
    Group,
    /// An IP address.
    Address,
    /// The name of a machine.
    Host,
    /// A URL.
    Link,
    /// What opens a door: a password, a cookie, a signature in a body.
    Credential,
    /// A signature of the protocol.
    Signature,
    /// A key that somebody chose, in data of the app's own.
    Key,
    /// A rule of the developer's.
    Rule,
    /// Anything else that somebody wrote.
    Text,
}

impl Class {
    /// Whether it names somebody or something, rather than being what was said.
    pub fn is_somebody(self) -> bool {
        matches!(self, Self::Account | Self::Group | Self::Address | Self::Host | Self::Credential | Self::Signature | Self::Link)
    }

    /// All of them, those first whose aliases say most: of a value that stands in two places, they decide.
    const ALL: [Self; 10] = [
        Self::Account,
        Self::Group,
        Self::Address,
        Self::Host,
        Self::Link,
        Self::Credential,
        Self::Signature,
        Self::Key,
        Self::Rule,
        Self::Text,
    ];

    /// How early it is its turn to be numbered.
    pub fn rank(self) -> usize {
        self as usize
    }
}

/// A private value, as far as its alias depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Private {
    /// By which it is known again.
    pub hash: u64,
    /// What it is, going by where it stands.
    pub class: Class,
    /// How long it is.
    characters: u32,
    /// Whether it is an address of IPv6.
    is_long: bool,
}

impl Private {
    /// What is to be known of a value.
    pub fn of(value: &str, class: Class) -> Self {
        let characters = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
        let is_long = class == Class::Address && value.contains(':');
        Self { hash: hash(value), class, characters, is_long }
    }
}

/// The number of a value among those of its class, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alias {
    /// What it stands for.
    pub class: Class,
    /// Its number; 0 where texts are no longer told apart.
    pub number: u32,
}

/// The numbers given so far.
///
/// Of a value only its hash is kept: 16 bytes or so for each one that differs, whatever its length. Two of many millions may
/// share a hash, and then an alias.
#[derive(Debug, Default)]
pub struct Aliases {
    given: HashMap<u64, Alias>,
    counts: [u32; Class::ALL.len()],
    /// IPv6 addresses are numbered by themselves.
    long_addresses: u32,
}

/// Past so many values texts are no longer told apart: they are most of what differs, and say least.
const MOST: usize = 4_000_000;

/// The hash by which a value is known again.
pub fn hash(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    // However an address is written, it is that address.
    match value.parse::<IpAddr>() {
        Ok(address) => address.hash(&mut hasher),
        Err(_) => value.hash(&mut hasher),
    }
    hasher.finish()
}

impl Aliases {
    /// The alias of a value, if it has one.
    pub fn get(&self, hash: u64) -> Option<Alias> {
        self.given.get(&hash).copied()
    }

    /// The alias of a value: the one it has, else the next of its class.
    pub fn give(&mut self, private: Private) -> Alias {
        let Private { hash, class, is_long, .. } = private;
        if let Some(alias) = self.get(hash) {
            return alias;
        }
        if class == Class::Text && self.given.len() >= MOST {
            return Alias { class, number: 0 };
        }
        let count = if is_long { &mut self.long_addresses } else { &mut self.counts[class.rank()] };
        *count = count.saturating_add(1);
        let alias = Alias { class, number: *count };
        self.given.insert(hash, alias);
        alias
    }
}

impl Alias {
    /// For a value that was not given one.
    pub fn unnumbered(class: Class) -> Self {
        Self { class, number: 0 }
    }

    /// The alias in words.
    pub fn words(self, private: Private) -> String {
        let number = self.number;
        match self.class {
            Class::Account => format!("user-{number}"),
            Class::Group => format!("group-{number}"),
            Class::Address => address(private.is_long, number),
            Class::Host => format!("host-{number}.example"),
            Class::Link => format!("https://example.com/link-{number}"),
            Class::Credential => format!("credential-{number}"),
            Class::Signature => format!("{number:064}"),
            Class::Key => format!("key-{number}"),
            Class::Rule => format!("rule-{number}"),
            Class::Text => match number {
                0 => format!("text ({})", length(private.characters as usize)),
                _ => format!("text-{number} ({})", length(private.characters as usize)),
            },
        }
    }

    /// The alias as a number, for a value that was written as one. No account is like it: the digits say that it was made up.
    pub fn digits(self) -> String {
        let class = self.class.rank();
        format!("99{class}{:07}", self.number)
    }
}

/// `12 characters`
pub fn length(characters: usize) -> String {
    if characters == 1 { "1 character".to_owned() } else { format!("{characters} characters") }
}

/// An address that nobody has, of the same family. Sources: RFC 5737 and 3849 (documentation), RFC 2544 (measurements), RFC
/// 1112 (reserved).
fn address(is_long: bool, number: u32) -> String {
    if is_long {
        let base = u128::from(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0));
        return Ipv6Addr::from(base + u128::from(number)).to_string();
    }
    let ranges = [([192, 0, 2, 0], 254), ([198, 51, 100, 0], 254), ([203, 0, 113, 0], 254), ([198, 18, 0, 0], 0x1_FFFF)];
    let mut left = number;
    for (base, size) in ranges {
        if left <= size {
            return Ipv4Addr::from(u32::from(Ipv4Addr::from(base)) + left).to_string();
        }
        left -= size;
    }
    Ipv4Addr::from(0xF000_0000 | (left & 0x0FFF_FFFF)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_alias_and_others_another() {
        let mut aliases = Aliases::default();
        let mut give = |value: &str, class| {
            let private = Private::of(value, class);
            aliases.give(private).words(private)
        };
        assert_eq!(give("alice", Class::Account), "user-1");
        assert_eq!(give("bob", Class::Account), "user-2");
        assert_eq!(give("alice", Class::Text), "user-1", "it is the same value");
        assert_eq!(give("你好", Class::Text), "text-1 (2 characters)");
        assert_eq!(give("x", Class::Text), "text-2 (1 character)");
        assert_eq!(give("8.8.8.8", Class::Address), "192.0.2.1");
        assert_eq!(give("2a00::1", Class::Address), "2001:db8::1");
        assert_eq!(give("2A00:0::0001", Class::Address), "2001:db8::1", "the same address, written otherwise");
    }

    #[test]
    fn no_two_numbers_share_an_address() {
        let all: std::collections::HashSet<String> = (1..140_000).map(|number| address(false, number)).collect();
        assert_eq!(all.len(), 139_999);
        assert_eq!(
            [1, 254, 255, 762, 763].map(|number| address(false, number)),
            ["192.0.2.1", "192.0.2.254", "198.51.100.1", "203.0.113.254", "198.18.0.1"]
        );
    }
}
