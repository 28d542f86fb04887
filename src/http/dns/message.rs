//! Questions and answers as they go over the wire: <https://www.rfc-editor.org/rfc/rfc1035#section-4>.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest name, without the dot at its end.
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;
/// More addresses of a host than these are not worth a try.
const MOST_ADDRESSES: usize = 32;

const HEADER: usize = 12;
const INTERNET: u16 = 1;

/// Which addresses are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

impl Family {
    /// The number of the type of record that has such addresses: A, AAAA.
    fn record(self) -> u16 {
        match self {
            Self::V4 => 1,
            Self::V6 => 28,
        }
    }
}

/// What a server has answered to a question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// The addresses. None where there is no such name, or no such address of it.
    Addresses(Vec<IpAddr>),
    /// The answer does not fit into a datagram.
    TooLong,
    /// The server cannot tell, or tells nonsense.
    Useless(&'static str),
}

/// Whether a name can be asked for.
pub(super) fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let fits = (1..=LONGEST_LABEL).contains(&label.len());
        fits && label.bytes().all(|byte| byte.is_ascii_graphic())
    };
    name.len() <= LONGEST_NAME && name.split('.').all(is_label)
}

/// The question for a name, which [`is_name`] holds for.
pub(super) fn question(id: u16, name: &str, family: Family) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + name.len() + 6);
    bytes.extend(id.to_be_bytes());
    // Recursion is desired; one question follows, and nothing else.
    bytes.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.split('.') {
        debug_assert!(label.len() <= LONGEST_LABEL, "names are checked");
        bytes.push(u8::try_from(label.len()).unwrap_or_default());
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes.extend(family.record().to_be_bytes());
    bytes.extend(INTERNET.to_be_bytes());
    bytes
}

/// What a message says about the question; nothing where it is no answer to it, but to another one, or
/// somebody's guess.
///
/// The names of the records are passed over: a server that follows aliases for us (which is what was asked
/// for) puts nothing but the alias's addresses behind it, and one that wants to lie can do so anyway.
pub(super) fn read(question: &[u8], answer: &[u8], family: Family) -> Option<Reply> {
    let (asked, said) = (
        question.split_at_checked(HEADER)?,
        answer.split_at_checked(HEADER)?,
    );
    let is_answer = said.0[2] & 0x80 != 0 && said.0[2] & 0x78 == 0;
    if said.0[..2] != asked.0[..2] || !is_answer {
        return None;
    }
    let code = said.0[3] & 0x0f;
    let repeated = said.0[4..6] == [0, 1] && said.1.starts_with(asked.1);
    if !repeated {
        // Servers that do not understand a question need not repeat it.
        let refuses = said.0[4..6] == [0, 0] && !matches!(code, 0 | 3);
        return refuses.then(|| Reply::Useless(refusal(code)));
    }
    if said.0[2] & 0x02 != 0 {
        return Some(Reply::TooLong);
    }
    let records = usize::from(u16::from_be_bytes([said.0[6], said.0[7]]));
    Some(match code {
        3 => Reply::Addresses(Vec::new()),
        0 => match addresses(&said.1[asked.1.len()..], records, family) {
            Some(found) => Reply::Addresses(found),
            None => Reply::Useless("it answers with a message that is cut off"),
        },
        code => Reply::Useless(refusal(code)),
    })
}

fn refusal(code: u8) -> &'static str {
    match code {
        1 => "it does not understand the question (FORMERR)",
        2 => "it fails (SERVFAIL)",
        4 => "it does not know this kind of question (NOTIMP)",
        5 => "it refuses to answer (REFUSED)",
        _ => "it answers with an error",
    }
}

/// The addresses of a family in so many records; nothing where they end too early.
fn addresses(bytes: &[u8], records: usize, family: Family) -> Option<Vec<IpAddr>> {
    let mut left = bytes;
    let mut found = Vec::new();
    for _ in 0..records {
        left = behind_name(left)?;
        let (head, rest) = left.split_first_chunk::<10>()?;
        let kind = [0, 2].map(|at| u16::from_be_bytes([head[at], head[at + 1]]));
        let length = usize::from(u16::from_be_bytes([head[8], head[9]]));
        let (data, rest) = rest.split_at_checked(length)?;
        left = rest;
        if kind == [family.record(), INTERNET] && found.len() < MOST_ADDRESSES {
            found.push(match family {
                Family::V4 => Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?).into(),
                Family::V6 => Ipv6Addr::from(<[u8; 16]>::try_from(data).ok()?).into(),
            });
        }
    }
    Some(found)
}

/// What follows a name. It need not be read: it ends at a zero, or where it refers to another place, so
/// that no reference is followed and none can lead in a circle.
fn behind_name(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (&length, rest) = bytes.split_first()?;
        match length {
            0 => return Some(rest),
            1..=63 => bytes = rest.get(usize::from(length)..)?,
            0xc0..=0xff => return rest.get(1..),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: u16 = 0x1234;

    fn asked() -> Vec<u8> {
        question(ID, "git.corp", Family::V4)
    }

    /// An answer to that with these flags and records.
    fn answer(flags: [u8; 2], count: u8, records: &[u8]) -> Vec<u8> {
        let mut bytes = asked();
        bytes[2..4].copy_from_slice(&flags);
        bytes[7] = count;
        bytes.extend(records);
        bytes
    }

    fn record(kind: u8, data: &[u8]) -> Vec<u8> {
        let length = u8::try_from(data.len()).unwrap();
        let head = [0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, length];
        [&head, data].concat()
    }

    fn check(message: &[u8], expected: Option<&Reply>) {
        assert_eq!(read(&asked(), message, Family::V4).as_ref(), expected);
    }

    fn v4(addresses: &[[u8; 4]]) -> Reply {
        let addresses = addresses.iter().map(|it| IpAddr::from(*it));
        Reply::Addresses(addresses.collect())
    }

    #[test]
    fn a_question_is_what_the_standard_says() {
        let bytes = question(ID, "git.corp", Family::V6);
        assert_eq!(
            bytes,
            b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03git\x04corp\0\0\x1c\0\x01"
        );
    }

    #[test]
    fn names_have_bounds() {
        let long = "a".repeat(64);
        for name in [
            "",
            ".",
            "a..b",
            "a.",
            "a b",
            "\u{e4}.org",
            &long,
            &"a.".repeat(127),
        ] {
            assert!(!is_name(name), "{name}");
        }
        for name in [
            "a",
            "_x.corp",
            "xn--4ca.org",
            &long[1..],
            &"a.".repeat(127)[..253],
        ] {
            assert!(is_name(name), "{name}");
        }
    }

    #[test]
    fn addresses_stand_behind_aliases_and_among_other_records() {
        let alias = record(5, b"\x01x\xc0\x0c");
        let text = record(16, b"\x03abc");
        let records = [
            alias,
            record(1, &[10, 0, 0, 1]),
            text,
            record(1, &[10, 0, 0, 2]),
        ]
        .concat();
        check(
            &answer([0x81, 0x80], 4, &records),
            Some(&v4(&[[10, 0, 0, 1], [10, 0, 0, 2]])),
        );
        check(&answer([0x81, 0x80], 0, &[]), Some(&v4(&[])));
        check(&answer([0x81, 0x83], 0, &[]), Some(&v4(&[])));
    }

    #[test]
    fn what_answers_another_question_is_no_answer() {
        let right = answer([0x81, 0x80], 1, &record(1, &[10, 0, 0, 1]));
        check(&asked(), None);
        check(&right[..11], None);
        for at in [0, 1, 13, 20] {
            let mut other = right.clone();
            other[at] ^= 1;
            check(&other, None);
        }
        let mut update = right.clone();
        update[2] |= 0x28;
        check(&update, None);
        let six = question(ID, "git.corp", Family::V6);
        assert_eq!(read(&six, &right, Family::V6), None);
    }

    #[test]
    fn servers_that_cannot_tell_are_found_out() {
        for code in [1, 2, 4, 5, 9] {
            let reply = Some(&Reply::Useless(refusal(code)));
            check(&answer([0x81, 0x80 | code], 0, &[]), reply);
        }
        let mut bare = answer([0x81, 0x81], 0, &[])[..12].to_vec();
        bare[5] = 0;
        check(&bare, Some(&Reply::Useless(refusal(1))));
        check(&answer([0x83, 0x80], 0, &[]), Some(&Reply::TooLong));
    }

    #[test]
    fn garbled_records_are_useless() {
        let garbled = Some(Reply::Useless("it answers with a message that is cut off"));
        let whole = record(1, &[10, 0, 0, 1]);
        for records in [
            &whole[..whole.len() - 1],
            &[],
            &[0xc0],
            &[0x40, 0],
            &[63, 1],
            &record(1, &[1, 2, 3]),
            &record(1, &[1, 2, 3, 4, 5]),
        ] {
            let message = answer([0x81, 0x80], 1, records);
            assert_eq!(read(&asked(), &message, Family::V4), garbled, "{records:?}");
        }
        // A name that refers to itself.
        let circle = [0xc0, 26, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1];
        check(
            &answer([0x81, 0x80], 1, &circle),
            Some(&v4(&[[10, 0, 0, 1]])),
        );
    }

    #[test]
    fn nobody_gives_us_more_addresses_than_we_try() {
        let records = record(1, &[10, 0, 0, 1]).repeat(200);
        check(
            &answer([0x81, 0x80], 200, &records),
            Some(&v4(&[[10, 0, 0, 1]; MOST_ADDRESSES])),
        );
    }

    proptest! {
        #[test]
        fn whatever_is_answered_is_read_without_harm(records: Vec<u8>, count: u8, flags: [u8; 2]) {
            let message = answer(flags, count, &records);
            for length in 0..message.len() {
                if let Some(Reply::Addresses(found)) = read(&asked(), &message[..length], Family::V4) {
                    prop_assert!(found.len() <= records.len() / 15);
                }
            }
        }
    }
}
