//! What a scalar is taken for: the YAML 1.1 rules of yaml.v2, for the reader and the writer.
//!
//! The reader needs it for tags, nulls and `updated`; the writer quotes whatever would be taken for
//! something else than text. Numbers are judged as the Go of Glide's last users did (1.13 and on).

/// What a plain scalar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Int,
    Float,
    Text,
}

impl Kind {
    /// The tag's short form.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Text => "!!str",
        }
    }
}

/// What an untagged plain scalar stands for.
pub(super) fn resolve(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" | "n"
        | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            return Kind::Bool;
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF"
        | "-.inf" | "-.Inf" | "-.INF" => return Kind::Float,
        _ => {}
    }
    match text.as_bytes()[0] {
        b'.' if is_dotted_float(text) => Kind::Float,
        b'+' | b'-' | b'0'..=b'9' => resolve_number(&text.replace('_', "")),
        _ => Kind::Text,
    }
}

/// Whether the text looks like a base 60 number of YAML 1.1 (`12:30`), which is quoted for others'
/// sake though yaml.v2 itself reads it as text.
pub(super) fn is_base60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_filler = |c: char| c.is_ascii_digit() || c == '_';
    let mut places = digits.split(':');
    let head = places.next().unwrap_or_default();
    let mut count = 0;
    head.starts_with(|c: char| c.is_ascii_digit())
        && head.chars().all(is_filler)
        && fraction.chars().all(is_filler)
        && places.all(|place| {
            count += 1;
            match place.as_bytes() {
                [last] => last.is_ascii_digit(),
                [first, last] => (b'0'..=b'5').contains(first) && last.is_ascii_digit(),
                _ => false,
            }
        })
        && count > 0
}

/// `plain` starts with a sign or digit, underscores taken out.
fn resolve_number(plain: &str) -> Kind {
    if is_go_integer(plain) || is_loose_binary(plain) {
        Kind::Int
    } else if is_float(plain) {
        Kind::Float
    } else {
        Kind::Text
    }
}

/// What Go's `ParseInt` or `ParseUint` take when the base is left to the prefix.
fn is_go_integer(plain: &str) -> bool {
    let (negative, signed, digits) = match plain.as_bytes() {
        [b'-', ..] => (true, true, &plain[1..]),
        [b'+', ..] => (false, true, &plain[1..]),
        _ => (false, false, plain),
    };
    let (radix, digits) = match digits.as_bytes() {
        [] => return false,
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0'] => return true,
        [b'0', ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return false;
    }
    match u64::from_str_radix(digits, radix) {
        Err(_) => false,
        Ok(value) if negative => value <= i64::MIN.unsigned_abs(),
        Ok(value) if signed => value <= i64::MAX.unsigned_abs(),
        Ok(_) => true,
    }
}

/// yaml.v2 reads what follows `0b` once more by itself, and there a sign may stand: `0b-1`.
fn is_loose_binary(plain: &str) -> bool {
    let digits = plain
        .strip_prefix("0b")
        .or_else(|| plain.strip_prefix("-0b"));
    digits.is_some_and(|digits| i64::from_str_radix(digits, 2).is_ok())
}

/// `12`, `1.5`, `.5`, `1e+5`; an exponent needs its sign, so most short hashes stay text.
fn is_float(plain: &str) -> bool {
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, last) = mantissa.split_once('.').unwrap_or(("", mantissa));
    all_digits(whole)
        && !last.is_empty()
        && all_digits(last)
        && exponent.is_none_or(|exponent| {
            let digits = exponent.strip_prefix(['-', '+']);
            digits.is_some_and(|digits| !digits.is_empty() && all_digits(digits))
        })
        && is_in_range(plain)
}

/// What Go's `ParseFloat` takes of a text that starts with a point; `_` may stand between digits.
fn is_dotted_float(text: &str) -> bool {
    let bytes = text.as_bytes();
    let lone_underscore = (0..bytes.len()).any(|at| {
        let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        bytes[at] == b'_' && !(digit_at(at - 1) && digit_at(at + 1))
    });
    let plain = text.replace('_', "");
    let (mantissa, exponent) = match plain[1..].split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (&plain[1..], None),
    };
    !lone_underscore
        && !mantissa.is_empty()
        && all_digits(mantissa)
        && exponent.is_none_or(|exponent| {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !digits.is_empty() && all_digits(digits)
        })
        && is_in_range(&plain)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_in_range(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(f64::is_finite)
}
