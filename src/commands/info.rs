//! `info`: what glide.yaml says of the project, in a format of the caller's.

use super::{Context, Outcome, project};
use crate::error::Failure;
use crate::manifest::Config;

/// Prints `format` with %n, %d, %h and %l filled in.
pub fn info(context: &Context<'_>, format: &str) -> Result<Outcome, Failure> {
    let (_, config) = project::config_offline(context)?;
    Ok(Outcome::line(&fill(format, &config)?))
}

fn fill(format: &str, config: &Config) -> Result<String, Failure> {
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push_str(&config.package),
            Some('d') => text.push_str(&config.description),
            Some('h') => text.push_str(&config.homepage),
            Some('l') => text.push_str(&config.license),
            Some(other) => {
                return Err(Failure::user(format!("Invalid format {other}")) // Glide text
                    .with_hint("letters behind `%` are n (name), d (description), h (homepage), l (license)"));
            }
            // A lone `%` at the end prints nothing, as in Glide.
            None => {}
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_filled_in_and_unknown_ones_refused() {
        let config = Config {
            package: "p".into(),
            license: "MIT".into(),
            ..Config::default()
        };
        assert_eq!(fill("%n: %l%d é%", &config).unwrap(), "p: MIT é");
        for bad in ["%x", "%%", "100% "] {
            assert!(fill(bad, &config).is_err(), "{bad}");
        }
    }
}
