//! What a checkout makes of a file's bytes where `.gitattributes` ask for a conversion. Pure.
//!
//! Answers to `git checkout-index -f -a`, by which Glide fills vendor/, on Linux with git's default
//! configuration. Owned here: the attributes of a path, line ends, `$Id$` and
//! `working-tree-encoding`. Refused here: the person's own configuration (core.autocrlf, core.eol,
//! attribute files outside the tree), so that everyone gets the same vendor/, and filters, so that
//! no program of a stranger runs (a Git LFS pointer stays a pointer). `export-ignore` and
//! `export-subst` are `git archive`'s business and mean nothing here, as in Glide.
//!
//! Symbolic links are never converted, and a `.gitattributes` that is one is not read: both are
//! for the caller to hold.

mod convert;
mod encoding;
mod parse;
mod wildmatch;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use convert::Conversion;
use convert::LineEnds;
use encoding::Encoding;
use parse::{Line, Pattern, State};

/// Git does not read attribute files of this size or larger, in bytes.
const LARGEST_FILE: usize = 100 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The attributes that decide about a file's bytes; their place is their [`NameId`].
const ASKED: [&[u8]; 5] = [b"text", b"crlf", b"eol", b"ident", b"working-tree-encoding"];

const TEXT: usize = 0;
const CRLF: usize = 1;
const EOL: usize = 2;
const IDENT: usize = 3;
const ENCODING: usize = 4;

/// An attribute's place in [`Attributes::names`].
type NameId = usize;

type Assignments = Vec<(NameId, State)>;

/// The `.gitattributes` files of one tree.
#[derive(Debug)]
pub struct Attributes {
    /// The rules of each folder's file, in the file's order.
    folders: HashMap<Vec<u8>, Vec<Rule>>,
    /// Macros can be defined in the root's file only.
    macros: HashMap<NameId, Assignments>,
    names: HashMap<Vec<u8>, NameId>,
    /// By `NameId`: whether it can say something about a file's bytes, itself or as a macro.
    matters: Vec<bool>,
}

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    assignments: Assignments,
}

impl Default for Attributes {
    fn default() -> Self {
        let mut new = Self {
            folders: HashMap::new(),
            macros: HashMap::new(),
            names: HashMap::new(),
            matters: Vec::new(),
        };
        for name in ASKED {
            new.name_id(name);
        }
        new.define_builtin_macros();
        new.find_what_matters();
        new
    }
}

impl Attributes {
    /// Takes in the file `.gitattributes` of `folder`: relative to the tree's root, `/` between
    /// names, empty for the root itself. A second text for the same folder replaces the first.
    pub fn add(&mut self, folder: &[u8], text: &[u8]) {
        let is_root = folder.is_empty();
        if is_root {
            self.macros.clear();
            self.define_builtin_macros();
        }
        let mut rules = Vec::new();
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let readable = if text.len() < LARGEST_FILE { text } else { b"" };
        for line in readable.split(|byte| *byte == b'\n') {
            match parse::line(line) {
                Some(Line::Rule(pattern, assignments)) => rules.push(Rule {
                    pattern,
                    assignments: self.intern(assignments),
                }),
                Some(Line::Macro(name, assignments)) if is_root => {
                    let name = self.name_id(&name);
                    let assignments = self.intern(assignments);
                    self.macros.insert(name, assignments);
                }
                Some(Line::Macro(..)) | None => {}
            }
        }
        let folder = folder.strip_suffix(b"/").unwrap_or(folder);
        self.folders.insert(folder.to_vec(), rules);
        if is_root {
            self.find_what_matters();
        }
    }

    /// What happens to the bytes of the file at `path`, which is relative to the tree's root.
    pub fn conversion(&self, path: &[u8]) -> Conversion {
        if self.folders.is_empty() {
            return Conversion::default();
        }
        let mut states = vec![None; self.names.len()];
        let mut folder_end = path.iter().rposition(|byte| *byte == b'/');
        loop {
            let folder = &path[..folder_end.unwrap_or(0)];
            if let Some(rules) = self.folders.get(folder) {
                let below = &path[folder_end.map_or(0, |end| end + 1)..];
                self.collect(rules, below, &mut states);
            }
            match folder_end {
                None => break,
                Some(end) => folder_end = path[..end].iter().rposition(|byte| *byte == b'/'),
            }
        }
        decide(&states)
    }

    /// Lets the rules of one folder speak about what is not yet decided; the last line wins.
    fn collect<'a>(&'a self, rules: &'a [Rule], below: &[u8], states: &mut [Option<&'a State>]) {
        for rule in rules.iter().rev() {
            let open = |(name, _): &(NameId, State)| self.matters(*name) && states[*name].is_none();
            if rule.assignments.iter().any(open) && rule.pattern.matches(below) {
                let mut waiting: Vec<_> = rule.assignments.iter().collect();
                while let Some((name, state)) = waiting.pop() {
                    if states[*name].is_some() {
                        continue;
                    }
                    states[*name] = Some(state);
                    if *state == State::Set {
                        waiting.extend(self.macros.get(name).into_iter().flatten());
                    }
                }
            }
        }
    }

    fn matters(&self, name: NameId) -> bool {
        // A name that came after the root's file is no macro and none of those that are asked for.
        self.matters.get(name).copied().unwrap_or(false)
    }

    fn name_id(&mut self, name: &[u8]) -> NameId {
        if let Some(id) = self.names.get(name) {
            return *id;
        }
        let id = self.names.len();
        self.names.insert(name.to_vec(), id);
        id
    }

    fn intern(&mut self, assignments: Vec<(&[u8], State)>) -> Assignments {
        assignments
            .into_iter()
            .map(|(name, state)| (self.name_id(name), state))
            .collect()
    }

    /// `[attr]binary -diff -merge -text`, of which only `-text` is about bytes.
    fn define_builtin_macros(&mut self) {
        let binary = self.name_id(b"binary");
        self.macros.insert(binary, vec![(TEXT, State::Unset)]);
    }

    fn find_what_matters(&mut self) {
        let mut matters = vec![false; self.names.len()];
        matters[..ASKED.len()].fill(true);
        loop {
            let mut grown = false;
            for (name, assignments) in &self.macros {
                if !matters[*name] && assignments.iter().any(|(name, _)| matters[*name]) {
                    matters[*name] = true;
                    grown = true;
                }
            }
            if !grown {
                break;
            }
        }
        self.matters = matters;
    }
}

/// Reads the attributes together, as git does.
fn decide(states: &[Option<&State>]) -> Conversion {
    let text = line_ends(states[TEXT]).or_else(|| line_ends(states[CRLF]));
    let line_ends = match (text, value(states[EOL])) {
        // With `eol=lf` nothing is left to be guessed.
        (Some(LineEnds::Keep), _) | (_, Some(b"lf")) => LineEnds::Keep,
        (Some(LineEnds::GuessKeep), Some(b"crlf")) => LineEnds::GuessCrlf,
        (_, Some(b"crlf")) => LineEnds::Crlf,
        (other, _) => other.unwrap_or(LineEnds::Keep),
    };
    Conversion {
        line_ends,
        ident: states[IDENT] == Some(&State::Set),
        encoding: value(states[ENCODING]).map_or(Encoding::Same, Encoding::named),
    }
}

/// What `text` or the older `crlf` says; `None` where it leaves the question open.
fn line_ends(state: Option<&State>) -> Option<LineEnds> {
    match state? {
        // Lines end in LF on Linux, so both only name the file a text.
        State::Set => Some(LineEnds::Lf),
        State::Unset => Some(LineEnds::Keep),
        State::Unspecified => None,
        State::Value(value) => match &**value {
            b"input" => Some(LineEnds::Lf),
            b"auto" => Some(LineEnds::GuessKeep),
            _ => None,
        },
    }
}

fn value(state: Option<&State>) -> Option<&[u8]> {
    match state {
        Some(State::Value(value)) => Some(value),
        _ => None,
    }
}
