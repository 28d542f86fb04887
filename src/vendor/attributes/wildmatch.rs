//! Git's shell patterns: `*`, `?`, `[...]`, `\` and, in patterns with a slash, `**`. Pure.
//!
//! Answers to git's `wildmatch.c`: the outcome is git's in every corner. The time is not: git
//! backtracks without bound over `**/`, and patterns come from strangers, so here no pair of
//! positions is tried twice.

/// What an attempt from one pair of positions says.
///
/// The two kinds of giving up spare the star that asked further tries that cannot end otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Match,
    Mismatch,
    /// No later start can match.
    GiveUp,
    /// Only a star that may cross a `/` can still find a match.
    GiveUpInFolder,
}

/// Whether `pattern` matches the whole of `text`. With `pathname`, `/` is matched by a `/` and by
/// a `**` that is a whole path element only; without, by everything.
pub(super) fn matches(pattern: &[u8], text: &[u8], pathname: bool) -> bool {
    // Two stars cost a quadratic number of steps at most; only more can grow beyond that.
    let many_stars = pattern.split(|byte| *byte == b'*').count() > 3;
    let mut matcher = Matcher {
        pattern,
        text,
        pathname,
        known: if many_stars {
            vec![None; (pattern.len() + 1) * (text.len() + 1)]
        } else {
            Vec::new()
        },
    };
    matcher.attempt(0, 0) == Outcome::Match
}

struct Matcher<'a> {
    pattern: &'a [u8],
    text: &'a [u8],
    pathname: bool,
    /// The outcomes so far by pattern and text position; empty where it is not worth it.
    known: Vec<Option<Outcome>>,
}

impl Matcher<'_> {
    fn attempt(&mut self, p: usize, t: usize) -> Outcome {
        let slot = p * (self.text.len() + 1) + t;
        if let Some(Some(outcome)) = self.known.get(slot) {
            return *outcome;
        }
        let outcome = self.run(p, t);
        if let Some(known) = self.known.get_mut(slot) {
            *known = Some(outcome);
        }
        outcome
    }

    fn run(&mut self, mut p: usize, mut t: usize) -> Outcome {
        while let Some(&wanted) = self.pattern.get(p) {
            if wanted == b'*' {
                return self.star(p, t);
            }
            let Some(&byte) = self.text.get(t) else {
                return Outcome::GiveUp;
            };
            let fits = match wanted {
                b'?' => !(self.pathname && byte == b'/'),
                b'[' => match set(self.pattern, p, byte) {
                    None => return Outcome::GiveUp,
                    Some((end, fits)) => {
                        p = end;
                        fits && !(self.pathname && byte == b'/')
                    }
                },
                b'\\' => {
                    p += 1;
                    self.pattern.get(p) == Some(&byte)
                }
                literal => literal == byte,
            };
            if !fits {
                return Outcome::Mismatch;
            }
            p += 1;
            t += 1;
        }
        if t == self.text.len() {
            Outcome::Match
        } else {
            Outcome::Mismatch
        }
    }

    /// A run of stars at `p`, all else before it matched up to `t`.
    fn star(&mut self, p: usize, t: usize) -> Outcome {
        let stars = self.pattern[p..].iter().take_while(|b| **b == b'*').count();
        let rest = p + stars;
        let opens = p == 0 || self.pattern[p - 1] == b'/';
        let after = &self.pattern[rest..];
        let closes = after.is_empty() || after[0] == b'/' || after.starts_with(b"\\/");
        let crosses = !self.pathname || (stars > 1 && opens && closes);
        if self.pathname && crosses && after.first() == Some(&b'/') {
            // `a/**/b` matches `a/b` too: the stars and the slash may stand for nothing.
            if self.attempt(rest + 1, t) == Outcome::Match {
                return Outcome::Match;
            }
        }
        let next_slash = || self.text[t..].iter().position(|byte| *byte == b'/');
        match self.pattern.get(rest) {
            None if !crosses && next_slash().is_some() => Outcome::GiveUpInFolder,
            None => Outcome::Match,
            Some(b'/') if !crosses => match next_slash() {
                None => Outcome::GiveUp,
                Some(slash) => self.attempt(rest + 1, t + slash + 1),
            },
            Some(&next) => self.scan(rest, next, t, crosses),
        }
    }

    /// Lets a star take more and more of the text until the pattern from `rest` on matches.
    fn scan(&mut self, rest: usize, next: u8, mut t: usize, crosses: bool) -> Outcome {
        let literal = !matches!(next, b'*' | b'?' | b'[' | b'\\');
        while t < self.text.len() {
            if literal {
                let stop = |byte: &u8| *byte == next || (!crosses && *byte == b'/');
                let found = self.text[t..].iter().position(stop).map(|skip| t + skip);
                match found.filter(|at| self.text[*at] == next) {
                    Some(at) => t = at,
                    None if crosses => return Outcome::GiveUp,
                    None => return Outcome::GiveUpInFolder,
                }
            }
            match self.attempt(rest, t) {
                Outcome::Mismatch if !crosses && self.text[t] == b'/' => {
                    return Outcome::GiveUpInFolder;
                }
                Outcome::Mismatch => {}
                Outcome::GiveUpInFolder if crosses => {}
                outcome => return outcome,
            }
            t += 1;
        }
        Outcome::GiveUp
    }
}

/// Whether `byte` is in the set whose `[` stands at `open`, and where its `]` is; `None` where the
/// set has no end or names a class that does not exist.
fn set(pattern: &[u8], open: usize, byte: u8) -> Option<(usize, bool)> {
    let negated = matches!(pattern.get(open + 1), Some(b'!' | b'^'));
    let mut p = open + 1 + usize::from(negated);
    let mut fits = false;
    let mut range_start = None;
    loop {
        // A `]` in first place is an ordinary member, which is why the end is tested below.
        match *pattern.get(p)? {
            b'\\' => {
                p += 1;
                let member = *pattern.get(p)?;
                fits |= member == byte;
                range_start = Some(member);
            }
            b'-' if range_start.is_some() && pattern.get(p + 1).is_some_and(|b| *b != b']') => {
                p += 1;
                if pattern[p] == b'\\' {
                    p += 1;
                }
                let last = *pattern.get(p)?;
                fits |= range_start.is_some_and(|first| first <= byte) && byte <= last;
                range_start = None;
            }
            b'[' if pattern.get(p + 1) == Some(&b':') => {
                let name = p + 2;
                let close = name + pattern[name..].iter().position(|b| *b == b']')?;
                if close > name && pattern[close - 1] == b':' {
                    fits |= class(&pattern[name..close - 1], byte)?;
                    range_start = None;
                    p = close;
                } else {
                    fits |= byte == b'[';
                    range_start = Some(b'[');
                }
            }
            member => {
                fits |= member == byte;
                range_start = Some(member);
            }
        }
        p += 1;
        if pattern.get(p) == Some(&b']') {
            return Some((p, fits != negated));
        }
    }
}

/// Whether `byte` is in the class `[:name:]`; `None` where there is no such class. ASCII only.
fn class(name: &[u8], byte: u8) -> Option<bool> {
    Some(match name {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => byte.is_ascii_graphic() || byte == b' ',
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => matches!(byte, b' ' | b'\t' | b'\r' | b'\n'),
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => return None,
    })
}
