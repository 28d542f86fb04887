//! Requests and answers of Git's fetch protocol, version 2 and version 0: pure text and bytes.
//!
//! Sources: `gitprotocol-v2`, `gitprotocol-pack` and `gitprotocol-http` of Git's documentation.
//! A pinned commit is one version 2 request (`want`, `deepen 1`, `done`) with no round trip
//! before it; version 0 is for servers that know nothing newer.

use std::io::{self, Read};

use super::pktline::{self, Packet};
use crate::vcs::ObjectId;

/// The most bytes that a remote may say beside packs in one answer. The refs of the largest public
/// repositories stay well below it; what goes on beyond is an attack.
const MAX_WORDS: usize = 32 << 20;

/// One name that a remote advertises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ref {
    /// The full name: `HEAD`, `refs/heads/x`, `refs/tags/x`.
    pub(super) name: String,
    /// What it points at.
    pub(super) id: ObjectId,
    /// For an annotated tag, the object that it tags.
    pub(super) peeled: Option<ObjectId>,
    /// For `HEAD`, the branch it stands for.
    pub(super) target: Option<String>,
}

/// What a version 0 server says first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Advertisement {
    /// Its refs.
    pub(super) refs: Vec<Ref>,
    /// What it can do.
    pub(super) capabilities: Vec<String>,
}

impl Advertisement {
    /// Whether the server has the capability.
    pub(super) fn has(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }
}

/// What a server sends first on a connection that stays open.
#[derive(Debug)]
pub(super) enum Greeting {
    /// It speaks version 2.
    V2 {
        /// Whether it can leave objects out of a pack.
        filters: bool,
    },
    /// It speaks version 0 or 1.
    V0(Advertisement),
}

/// How much history a fetch asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// The commit alone.
    One,
    /// Everything behind it.
    Full,
}

/// What of the commits a fetch asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// All of it.
    Whole,
    /// The commits and tags alone; only for servers that can leave the rest out.
    Commits,
}

/// A version 2 `fetch` that is answered with a pack at once.
pub(super) fn fetch_v2(wants: &[ObjectId], depth: Depth, content: Content) -> Vec<u8> {
    update_v2((wants, &[]), depth, content)
}

/// The same for what is wanted; all behind what is held is left out.
pub(super) fn update_v2(
    (wants, haves): (&[ObjectId], &[ObjectId]),
    depth: Depth,
    content: Content,
) -> Vec<u8> {
    let mut request = Vec::new();
    pktline::write(&mut request, "command=fetch");
    pktline::delimiter(&mut request);
    for option in ["no-progress", "ofs-delta"] {
        pktline::write(&mut request, option);
    }
    if depth == Depth::One {
        pktline::write(&mut request, "deepen 1");
    }
    if content == Content::Commits {
        pktline::write(&mut request, "filter tree:0");
    }
    for want in wants {
        pktline::write(&mut request, &format!("want {want}\n"));
    }
    for have in haves {
        pktline::write(&mut request, &format!("have {have}\n"));
    }
    pktline::write(&mut request, "done\n");
    pktline::flush(&mut request);
    request
}

/// A version 2 `ls-refs` for branches, tags and `HEAD`; pull-request refs never travel.
pub(super) fn ls_refs_v2() -> Vec<u8> {
    let mut request = Vec::new();
    pktline::write(&mut request, "command=ls-refs\n");
    pktline::delimiter(&mut request);
    for option in [
        "peel",
        "symrefs",
        "ref-prefix HEAD",
        "ref-prefix refs/heads/",
        "ref-prefix refs/tags/",
    ] {
        pktline::write(&mut request, option);
    }
    pktline::flush(&mut request);
    request
}

/// A version 0 request for a pack.
pub(super) fn fetch_v0(wants: &[ObjectId], depth: Depth, server: &Advertisement) -> Vec<u8> {
    let mut request = Vec::new();
    let mut capabilities = String::new();
    for capability in ["side-band-64k", "ofs-delta", "no-progress"] {
        if server.has(capability) {
            capabilities.push(' ');
            capabilities.push_str(capability);
        }
    }
    for (index, want) in wants.iter().enumerate() {
        let options = if index == 0 {
            capabilities.as_str()
        } else {
            ""
        };
        pktline::write(&mut request, &format!("want {want}{options}\n"));
    }
    if depth == Depth::One {
        pktline::write(&mut request, "deepen 1");
    }
    pktline::flush(&mut request);
    pktline::write(&mut request, "done\n");
    request
}

/// What stands before the pack in an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// The pack follows, in side bands or (version 0 without that capability) bare.
    Pack {
        /// Whether it is side-banded.
        banded: bool,
    },
    /// The server will not, and says why.
    Refused(String),
}

/// Reads up to the pack of a version 2 answer.
pub(super) fn open_v2(answer: &mut dyn Read) -> io::Result<Opening> {
    let words = &mut Words::of(answer);
    while let Some(packet) = pktline::read(words)? {
        let Some(line) = packet.line() else { continue };
        if line == "packfile" {
            return Ok(Opening::Pack { banded: true });
        }
        if let Some(reason) = line.strip_prefix("ERR ") {
            return Ok(Opening::Refused(reason.to_owned()));
        }
        let known = [
            "shallow-info",
            "acknowledgments",
            "wanted-refs",
            "packfile-uris",
        ];
        let inside = ["shallow ", "unshallow ", "ready", "NAK", "ACK "];
        if !known.contains(&line.as_ref()) && !inside.iter().any(|start| line.starts_with(start)) {
            return Err(unexpected(&line));
        }
    }
    Err(io::Error::from(io::ErrorKind::UnexpectedEof))
}

/// Reads up to the pack of a version 0 answer: shallow lines if a depth was asked, then `NAK`.
pub(super) fn open_v0(answer: &mut dyn Read, banded: bool) -> io::Result<Opening> {
    let words = &mut Words::of(answer);
    while let Some(packet) = pktline::read(words)? {
        let Some(line) = packet.line() else { continue };
        if line == "NAK" || line.starts_with("ACK ") {
            return Ok(Opening::Pack { banded });
        }
        if let Some(reason) = line.strip_prefix("ERR ") {
            return Ok(Opening::Refused(reason.to_owned()));
        }
        if !line.starts_with("shallow ") && !line.starts_with("unshallow ") {
            return Err(unexpected(&line));
        }
    }
    Err(io::Error::from(io::ErrorKind::UnexpectedEof))
}

/// Reads the answer to `ls-refs`.
pub(super) fn read_ls_refs(answer: &mut dyn Read) -> io::Result<Vec<Ref>> {
    let mut refs = Vec::new();
    let words = &mut Words::of(answer);
    loop {
        let packet =
            pktline::read(words)?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        let Some(line) = packet.line() else {
            return Ok(refs);
        };
        if let Some(reason) = line.strip_prefix("ERR ") {
            return Err(io::Error::other(format!("the remote says: {reason}")));
        }
        refs.push(ls_refs_line(&line).ok_or_else(|| unexpected(&line))?);
    }
}

fn ls_refs_line(line: &str) -> Option<Ref> {
    let mut words = line.split(' ');
    let id = ObjectId::parse(words.next()?)?;
    let mut advertised = Ref {
        name: words.next()?.to_owned(),
        id,
        peeled: None,
        target: None,
    };
    for word in words {
        if let Some(target) = word.strip_prefix("symref-target:") {
            advertised.target = Some(target.to_owned());
        } else if let Some(peeled) = word.strip_prefix("peeled:") {
            advertised.peeled = ObjectId::parse(peeled);
        }
    }
    Some(advertised)
}

/// Reads what a server sends first, be it version 2's capabilities or version 0's refs.
///
/// Over HTTP the advertisement begins with a line that names the service, which is passed over.
pub(super) fn read_greeting(input: &mut dyn Read) -> io::Result<Greeting> {
    let mut advertisement = Advertisement::default();
    let mut first = true;
    let input = &mut Words::of(input);
    loop {
        let packet =
            pktline::read(input)?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        let Packet::Data(payload) = &packet else {
            if packet == Packet::Flush && !first {
                return Ok(Greeting::V0(advertisement));
            }
            continue;
        };
        if payload.starts_with(b"# service=") || payload.starts_with(b"version 1") {
            continue;
        }
        if first && payload.starts_with(b"version 2") {
            return capabilities(input);
        }
        if let Some(reason) = payload.strip_prefix(b"ERR ") {
            let reason = String::from_utf8_lossy(reason).trim().to_owned();
            return Err(io::Error::other(format!("the remote says: {reason}")));
        }
        advertised_line(&mut advertisement, payload, first)?;
        first = false;
    }
}

/// Reads what a version 2 server can do.
fn capabilities(input: &mut dyn Read) -> io::Result<Greeting> {
    let mut filters = false;
    while let Some(packet @ Packet::Data(_)) = pktline::read(input)? {
        let line = packet.line().unwrap_or_default();
        let features = line.strip_prefix("fetch=").unwrap_or_default();
        filters |= features.split(' ').any(|feature| feature == "filter");
    }
    Ok(Greeting::V2 { filters })
}

fn advertised_line(
    advertisement: &mut Advertisement,
    payload: &[u8],
    first: bool,
) -> io::Result<()> {
    let text = String::from_utf8_lossy(payload.strip_suffix(b"\n").unwrap_or(payload)).into_owned();
    let (line, capabilities) = match text.split_once('\0') {
        Some((line, capabilities)) if first => (line, capabilities),
        _ => (text.as_str(), ""),
    };
    let capabilities = capabilities.split(' ').filter(|name| !name.is_empty());
    advertisement
        .capabilities
        .extend(capabilities.map(str::to_owned));
    let parsed = line
        .split_once(' ')
        .and_then(|(id, name)| Some((ObjectId::parse(id)?, name)));
    // A shallow server adds lines of its own; an empty repository names `capabilities^{}` only.
    let Some((id, name)) = parsed else {
        return if line.starts_with("shallow ") {
            Ok(())
        } else {
            Err(unexpected(line))
        };
    };
    if let Some(tag) = name.strip_suffix("^{}") {
        if let Some(last) = advertisement
            .refs
            .last_mut()
            .filter(|last| last.name == tag)
        {
            last.peeled = Some(id);
        }
        return Ok(());
    }
    let target = (name == "HEAD")
        .then(|| {
            advertisement
                .capabilities
                .iter()
                .find_map(|c| c.strip_prefix("symref=HEAD:"))
        })
        .flatten()
        .map(str::to_owned);
    advertisement.refs.push(Ref {
        name: name.to_owned(),
        id,
        peeled: None,
        target,
    });
    Ok(())
}

/// Passes on what a remote says, up to [`MAX_WORDS`].
struct Words<'a> {
    input: &'a mut dyn Read,
    left: usize,
}

impl<'a> Words<'a> {
    fn of(input: &'a mut dyn Read) -> Self {
        let left = MAX_WORDS;
        Self { input, left }
    }
}

impl Read for Words<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = out.len().min(self.left);
        if most == 0 && !out.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the remote talks without end",
            ));
        }
        let count = self.input.read(&mut out[..most])?;
        self.left -= count;
        Ok(count)
    }
}

fn unexpected(line: &str) -> io::Error {
    let start: String = line.chars().take(80).collect();
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("not an answer of Git's protocol: {start:?}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "084fb3cfee40c2d8c5db1054dab913250ccbdf7d";
    const OTHER: &str = "5880dbf048224b7b3106781005dbb29c3ac430c8";

    fn id(hex: &str) -> ObjectId {
        ObjectId::parse(hex).unwrap()
    }

    fn lines(lines: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for line in lines {
            match *line {
                "0000" => pktline::flush(&mut bytes),
                "0001" => pktline::delimiter(&mut bytes),
                line => pktline::write(&mut bytes, line),
            }
        }
        bytes
    }

    #[test]
    fn a_pin_is_one_request() {
        let request = String::from_utf8(fetch_v2(&[id(ID)], Depth::One, Content::Whole)).unwrap();
        assert_eq!(
            request,
            format!(
                "0011command=fetch0001000fno-progress000dofs-delta000cdeepen 10032want {ID}\n0009done\n0000"
            )
        );
    }

    #[test]
    fn the_pack_is_found_behind_the_shallow_lines() {
        let answer = lines(&[
            "shallow-info\n",
            &format!("shallow {ID}\n"),
            "0001",
            "packfile\n",
        ]);
        assert_eq!(
            open_v2(&mut &answer[..]).unwrap(),
            Opening::Pack { banded: true }
        );
    }

    #[test]
    fn a_refusal_and_a_stranger_are_told_apart() {
        let refusal = lines(&["ERR upload-pack: not our ref\n"]);
        assert_eq!(
            open_v2(&mut &refusal[..]).unwrap(),
            Opening::Refused("upload-pack: not our ref".into())
        );
        assert!(open_v2(&mut &b"<!DOCTYPE html>"[..]).is_err());
        assert!(open_v2(&mut &lines(&["hello"])[..]).is_err());
        assert!(open_v2(&mut &b""[..]).is_err());
    }

    #[test]
    fn ls_refs_gives_peeled_tags_and_the_default_branch() {
        let answer = lines(&[
            &format!("{ID} HEAD symref-target:refs/heads/main\n"),
            &format!("{ID} refs/tags/v1 peeled:{OTHER}\n"),
            "0000",
        ]);
        let refs = read_ls_refs(&mut &answer[..]).unwrap();
        assert_eq!(refs[0].target.as_deref(), Some("refs/heads/main"));
        assert_eq!(refs[1].peeled, Some(id(OTHER)));
        assert!(read_ls_refs(&mut &answer[..20]).is_err());
    }

    #[test]
    fn a_version_0_server_is_understood() {
        let answer = lines(&[
            "# service=git-upload-pack\n",
            "0000",
            &format!("{ID} HEAD\0multi_ack side-band-64k symref=HEAD:refs/heads/main agent=x\n"),
            &format!("{ID} refs/heads/main\n"),
            &format!("{ID} refs/tags/v1\n"),
            &format!("{OTHER} refs/tags/v1^{{}}\n"),
            "0000",
        ]);
        let Greeting::V0(server) = read_greeting(&mut &answer[..]).unwrap() else {
            panic!("not v0")
        };
        assert!(server.has("side-band-64k") && !server.has("shallow"));
        assert_eq!(server.refs.len(), 3);
        assert_eq!(server.refs[0].target.as_deref(), Some("refs/heads/main"));
        assert_eq!(server.refs[2].peeled, Some(id(OTHER)));
    }

    #[test]
    fn whoever_talks_without_end_is_cut_off() {
        let flood = |line: &str| {
            let line = format!("{:04x}{line}", line.len() + 4).into_bytes();
            std::iter::repeat_n(line, 1 << 20).flatten()
        };
        let shallow = format!("shallow {ID}\n");
        let head: Vec<u8> = lines(&[&format!("{ID} refs/heads/x\n")]);
        let peeled = format!("{ID} refs/heads/x^{{}}\n");
        let greeting: Vec<u8> = head.into_iter().chain(flood(&peeled)).collect();
        let shallow: Vec<u8> = flood(&shallow).collect();
        let refs: Vec<u8> = flood(&format!("{ID} r\n")).collect();
        for error in [
            open_v2(&mut &shallow[..]).unwrap_err(),
            open_v0(&mut &shallow[..], true).unwrap_err(),
            read_ls_refs(&mut &refs[..]).unwrap_err(),
            read_greeting(&mut &greeting[..]).map(drop).unwrap_err(),
        ] {
            assert_eq!(error.to_string(), "the remote talks without end");
        }
    }

    #[test]
    fn a_version_2_greeting_is_read_to_its_end() {
        let answer = lines(&[
            "version 2\n",
            "ls-refs\n",
            "fetch=shallow filter\n",
            "0000",
            "next",
        ]);
        let mut input = &answer[..];
        let greeting = read_greeting(&mut input).unwrap();
        assert!(matches!(greeting, Greeting::V2 { filters: true }));
        assert_eq!(input, b"0008next");
        let without = lines(&["version 2\n", "fetch=shallow\n", "filter=x\n", "0000"]);
        let greeting = read_greeting(&mut &without[..]).unwrap();
        assert!(matches!(greeting, Greeting::V2 { filters: false }));
    }
}
