//! Ranges: comparisons joined by `,` (all must hold) and `||` (one of them must).

use std::cmp::{Ordering, Reverse};

use super::Version;
use super::grammar::{Parts, in_wildcard, is_space};
use super::hyphen;
use super::release::NumberError;
use crate::error::Classify;

/// A range as Glide reads it, such as `^1.2 || ~2.0, != 2.0.3`.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// The alternatives, each a list of comparisons that must all hold; neither is ever empty.
    alternatives: Vec<Vec<Comparison>>,
}

/// Why a text is no range; the text is the part at fault, with hyphen ranges spelled out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// It does not have the form of a comparison. (Glide text.)
    #[error("improper constraint: {0}")]
    Improper(String),
    /// A number is larger than Glide can read.
    #[error("improper constraint: {0}: a number is too large")]
    TooLarge(String),
    /// It has more bytes than any range needs.
    #[error("a constraint of {0} bytes is too long")]
    TooLong(usize),
}

/// The longest text that is read; looking for hyphen ranges takes time with its square.
const LONGEST: usize = 4096;

impl Classify for ConstraintError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Improper(_) => vec![
                "conditions that must all hold are separated by `,`, alternatives by `||`, as in \
                 `>= 1.2, < 2 || ^3.1`"
                    .to_owned(),
            ],
            Self::TooLarge(_) | Self::TooLong(_) => Vec::new(),
        }
    }
}

/// One comparison: an operator and a version, parts of which may be left open.
#[derive(Clone, Debug)]
struct Comparison {
    operator: Operator,
    /// The version, with 0 in the place of what is left open.
    version: Version,
    open: Open,
}

/// The operators; several have two spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// `=` or nothing: the version, or any within what is left open.
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// `~`, `~>`: at least the version, and of the same minor version.
    Tilde,
    /// `^`: at least the version, and of the same major version; also below 1.0.
    Caret,
}

/// From where on a version is left open, by `x`, `X`, `*` or the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// `1.2.3`, and `1.2` too, which means 1.2.0.
    Nothing,
    /// `1.2.x`.
    Patch,
    /// `1.x`, `1`.
    Minor,
    /// `x`, whatever follows it.
    Everything,
}

impl Constraint {
    /// Reads a range.
    pub fn parse(text: &str) -> Result<Self, ConstraintError> {
        if text.len() > LONGEST {
            return Err(ConstraintError::TooLong(text.len()));
        }
        let text = hyphen::spell_out(text);
        let alternative = |text: &str| text.split(',').map(Comparison::parse).collect();
        let alternatives: Result<_, _> = text.split("||").map(alternative).collect();
        Ok(Self {
            alternatives: alternatives?,
        })
    }

    /// Whether `version` meets the range.
    pub fn matches(&self, version: &Version) -> bool {
        let mut alternatives = self.alternatives.iter();
        alternatives.any(|all| all.iter().all(|comparison| comparison.holds(version)))
    }

    /// How far `version` is from the nearest version that is named: which number is the first to differ
    /// (the later the nearer), and by how much.
    pub(super) fn distance(&self, version: &Version) -> (Reverse<usize>, u64) {
        let numbers = version.numbers();
        let named = self.alternatives.iter().flatten();
        let distance = |comparison: &Comparison| {
            let named = comparison.version.numbers();
            let differ = (0..3).find(|place| numbers[*place] != named[*place]);
            let by = differ.map(|place| numbers[place].abs_diff(named[place]));
            (Reverse(differ.unwrap_or(3)), by.unwrap_or_default())
        };
        let distances = named.map(distance);
        distances.min().unwrap_or((Reverse(0), u64::MAX))
    }
}

impl Operator {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "" | "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            ">=" | "=>" => Self::GreaterOrEqual,
            "<" => Self::Less,
            "<=" | "=<" => Self::LessOrEqual,
            "~" | "~>" => Self::Tilde,
            "^" => Self::Caret,
            _ => return None,
        })
    }
}

impl Comparison {
    fn parse(text: &str) -> Result<Self, ConstraintError> {
        let improper = || ConstraintError::Improper(text.to_owned());
        let trimmed = text.trim_matches(is_space);
        let start = trimmed.trim_start_matches(['=', '!', '<', '>', '~', '^']);
        let operator = &trimmed[..trimmed.len() - start.len()];
        let operator = Operator::parse(operator).ok_or_else(improper)?;
        let start = start.trim_start_matches(is_space);
        let (mut parts, rest) = Parts::cut(start, in_wildcard).ok_or_else(improper)?;
        if !rest.is_empty() {
            return Err(improper());
        }
        let open = Open::of(&parts);
        match open {
            Open::Nothing => {}
            Open::Patch => parts.numbers[2] = "",
            Open::Minor => parts.numbers = [parts.numbers[0], "", ""],
            Open::Everything => (parts.numbers, parts.prerelease) = ([""; 3], ""),
        }
        let version = Version::from_parts(start, &parts).map_err(|error| match error {
            NumberError::NotDigits => improper(),
            NumberError::TooLarge => ConstraintError::TooLarge(text.to_owned()),
        })?;
        Ok(Self {
            operator,
            version,
            open,
        })
    }

    /// Whether the comparison holds for `version`.
    fn holds(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            // Above nothing at all is everything, pre-releases too.
            Operator::Greater | Operator::GreaterOrEqual
                if is_zero(&self.version) && !is_zero(version) =>
            {
                true
            }
            Operator::NotEqual if self.open == Open::Nothing => order.is_ne(),
            // A pre-release is out of every range that does not name one.
            _ if version.is_prerelease() && !self.version.is_prerelease() => false,
            Operator::NotEqual => !self.within_open(version),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Less => self.below(version, order.is_lt()),
            Operator::LessOrEqual => self.below(version, order.is_le()),
            Operator::Equal if self.open == Open::Nothing => order.is_eq(),
            Operator::Equal | Operator::Tilde => self.tilde(version, order),
            Operator::Caret => order.is_ge() && version.major() == self.version.major(),
        }
    }

    /// `<` and `<=`; `when_closed` is the answer where nothing is left open. Otherwise the whole of
    /// what is left open counts as below: `<1.x` takes 1.9. A lower major version does not help a
    /// higher minor one: `<2.3.x` leaves 1.4 out.
    fn below(&self, version: &Version, when_closed: bool) -> bool {
        match self.open {
            Open::Nothing => when_closed,
            Open::Minor => version.major() <= self.version.major(),
            Open::Patch | Open::Everything => {
                version.major() <= self.version.major() && version.minor() <= self.version.minor()
            }
        }
    }

    /// `~`, and `=` where something is left open.
    fn tilde(&self, version: &Version, order: Ordering) -> bool {
        // `~0.0.0`, `~0.0` and `*` take everything that is no pre-release.
        let closed = matches!(self.open, Open::Nothing | Open::Everything);
        let anything = closed && self.version.numbers() == [0; 3];
        order.is_ge() && (anything || self.within_open(version))
    }

    /// Whether the version agrees in major and, unless that is open, minor version. Of `x` it is 0.0.
    fn within_open(&self, version: &Version) -> bool {
        version.major() == self.version.major()
            && (self.open == Open::Minor || version.minor() == self.version.minor())
    }
}

impl Open {
    fn of(parts: &Parts<'_>) -> Self {
        let is_wildcard = |number| matches!(number, "x" | "X" | "*");
        let [major, minor, patch] = parts.numbers;
        if is_wildcard(major) {
            Self::Everything
        } else if minor.is_empty() || is_wildcard(minor) {
            Self::Minor
        } else if is_wildcard(patch) {
            Self::Patch
        } else {
            Self::Nothing
        }
    }
}

/// Whether it is 0.0.0 and no pre-release.
fn is_zero(version: &Version) -> bool {
    version.numbers() == [0; 3] && !version.is_prerelease()
}
