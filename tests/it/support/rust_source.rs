//! Reads just enough of a Rust file to tell which modules and crates it names.

use std::collections::BTreeSet;

/// What a file names, and how it opens.
pub(crate) struct Source {
    /// All paths that occur, each with the line where it (or its `use`) begins.
    paths: Vec<(usize, Vec<String>)>,
    /// Names that are local: imported, or modules declared here.
    local: BTreeSet<String>,
    /// The modules that are compiled for tests only and stand in files of their own.
    pub(crate) test_modules: Vec<String>,
    /// Whether the first thing is a `//!` comment.
    pub(crate) opens_with_docs: bool,
    /// Lines up to the unit tests.
    pub(crate) length: usize,
}

impl Source {
    /// Reads a file's text; its unit tests, which come last, are left out.
    pub(crate) fn read(text: &str) -> Self {
        let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
        let code = without_text(&text[..end]);
        let mut source = Self {
            paths: Vec::new(),
            local: BTreeSet::new(),
            test_modules: test_modules(text),
            opens_with_docs: text.starts_with("//!"),
            length: text[..end].trim_end().lines().count(),
        };
        let rest = source.take_uses(&code);
        source.take_paths(&rest);
        source
    }

    /// The rooms that the file names through `crate::` or, where the file stands `depth` levels
    /// below `src/` and `super` is the crate, through `super::`.
    pub(crate) fn rooms_used(&self, depth: usize) -> BTreeSet<(usize, String)> {
        let mut used = BTreeSet::new();
        for (line, path) in &self.paths {
            let room = match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                ["crate" | "glide_rs", room, ..] => room,
                ["super", room, ..] if depth == 1 => room,
                _ => continue,
            };
            used.insert((*line, room.to_owned()));
        }
        used
    }

    /// The names at the front of paths that are neither local nor keywords: crates.
    pub(crate) fn crates_used(&self) -> BTreeSet<(usize, String)> {
        let first = |(line, path): &(usize, Vec<String>)| (*line, path[0].clone());
        let used = self.paths.iter().map(first);
        used.filter(|(_, name)| !self.local.contains(name))
            .collect()
    }

    /// The lines that name what only some operating systems have.
    pub(crate) fn system_specific(&self) -> BTreeSet<usize> {
        let is_specific =
            |path: &[String]| matches!(path, [std, os, ..] if std == "std" && os == "os");
        let found = self.paths.iter().filter(|(_, path)| is_specific(path));
        found.map(|(line, _)| *line).collect()
    }

    /// Takes the `use` and `mod` items; gives the code with them blanked out.
    fn take_uses(&mut self, code: &str) -> String {
        let mut rest = code.to_owned();
        let mut from = 0;
        while let Some((start, keyword)) = next_item(&rest, from) {
            let Some(length) = rest[start..].find([';', '{']) else {
                break;
            };
            let is_use = keyword == "use";
            // A use tree has braces of its own; it ends at the semicolon.
            let length = if is_use {
                rest[start..].find(';').unwrap_or(length)
            } else {
                length
            };
            let line = rest[..start].matches('\n').count() + 1;
            let body = rest[start + keyword.len()..start + length].to_owned();
            if is_use {
                self.expand(line, &[], body.trim());
            } else {
                self.local.insert(body.trim().to_owned());
            }
            let blank: String = rest[start..start + length]
                .chars()
                .map(|c| if c == '\n' { c } else { ' ' })
                .collect();
            rest.replace_range(start..start + length, &blank);
            from = start + length;
        }
        rest
    }

    /// Takes a use tree apart.
    fn expand(&mut self, line: usize, prefix: &[String], tree: &str) {
        let (head, group) = match tree.split_once('{') {
            Some((head, rest)) => (head, rest.trim_end().strip_suffix('}')),
            None => (tree, None),
        };
        let mut path = prefix.to_vec();
        let (head, alias) = match head.split_once(" as ") {
            Some((head, alias)) => (head, Some(alias.trim())),
            None => (head, None),
        };
        let names = head
            .split("::")
            .map(str::trim)
            .filter(|name| !name.is_empty());
        path.extend(names.map(str::to_owned));
        if let Some(group) = group {
            for part in split_outside_braces(group) {
                self.expand(line, &path, part.trim());
            }
            return;
        }
        // The name that is now known here. `use time;` names the crate itself, which stays one.
        let known = alias.or(path.last().map(String::as_str)).unwrap_or("");
        if path.len() > 1 {
            self.local.insert(known.to_owned());
        }
        if !path.is_empty() {
            self.paths.push((line, path));
        }
    }

    /// Takes the paths that stand in the code.
    fn take_paths(&mut self, code: &str) {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        for (number, line) in code.lines().enumerate() {
            let mut at = 0;
            while let Some(found) = line[at..].find("::") {
                let split = at + found;
                let start = line[..split].rfind(|c| !is_name(c)).map_or(0, |i| i + 1);
                let end = line[split..].find(|c| !is_name(c) && c != ':');
                let end = end.map_or(line.len(), |length| split + length);
                at = end.max(split + 2).min(line.len());
                let path = line[start..end].split("::").filter(|name| !name.is_empty());
                let path: Vec<_> = path.map(str::to_owned).collect();
                let begins_low = path
                    .first()
                    .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
                if begins_low && start < split {
                    self.paths.push((number + 1, path));
                }
            }
        }
    }
}

/// The names in `#[cfg(test)] mod name;`.
fn test_modules(text: &str) -> Vec<String> {
    let after = text.split("#[cfg(test)]\n").skip(1);
    let items = after.filter_map(|rest| rest.lines().next());
    let items = items.filter_map(|line| line.strip_suffix(';')?.rsplit_once("mod "));
    items.map(|(_, name)| name.to_owned()).collect()
}

/// The next `use` or `mod` item at or after `from`.
fn next_item(code: &str, from: usize) -> Option<(usize, &'static str)> {
    let mut at = from;
    for line in code[from..].split_inclusive('\n') {
        let item = line.trim_start();
        let visible = item
            .strip_prefix("pub")
            .map(|rest| match rest.strip_prefix('(') {
                Some(rest) => rest.split_once(')').map_or(rest, |(_, rest)| rest),
                None => rest,
            });
        let item = visible.unwrap_or(item).trim_start();
        for keyword in ["use", "mod"] {
            if item
                .strip_prefix(keyword)
                .is_some_and(|rest| rest.starts_with(' '))
            {
                return Some((at + line.len() - item.len(), keyword));
            }
        }
        at += line.len();
    }
    None
}

fn split_outside_braces(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .collect()
}

/// The code with comments and the insides of texts made blank; lines stay where they are.
pub(crate) fn without_text(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if let Some(hashes) = raw_string(rest, out.chars().next_back()) {
            let end = format!("\"{}", "#".repeat(hashes));
            let open = hashes + 2;
            rest[open..]
                .find(&end)
                .map_or(rest.len(), |at| open + at + end.len())
        } else if c == '"' {
            quoted(rest)
        } else if let Some(length) = character(rest) {
            out.push('\'');
            out.push_str(&" ".repeat(length - 2));
            out.push('\'');
            rest = &rest[length..];
            continue;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let blank = rest[..length]
            .chars()
            .map(|c| if c == '\n' { c } else { ' ' });
        out.extend(blank);
        rest = &rest[length..];
    }
    out
}

/// How many hashes a raw string that begins here has.
fn raw_string(rest: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') && before != Some('b') {
        return None;
    }
    let hashes = rest.strip_prefix('r')?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    hashes[count..].starts_with('"').then_some(count)
}

/// The length of the quoted text that begins here.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal that begins here; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let mut chars = inner.char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        let skip = inner[2..].find('\'')?;
        return Some(skip + 4);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 2)
}
