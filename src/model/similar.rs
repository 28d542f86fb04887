//! Which of several names somebody may have meant.

/// The name that comes nearest to what was written: another case, or one or two letters that are missing,
/// doubled, wrong or exchanged. `None` where none is that near.
pub fn similar<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().filter(|name| *name != written);
    let near = near.filter_map(|name| {
        let apart = distance(&written.to_lowercase(), &name.to_lowercase())?;
        Some((apart, name))
    });
    near.min().map(|(_, name)| name)
}

/// How many letters apart two names are, for as long as that is few enough to be a slip.
fn distance(one: &str, other: &str) -> Option<usize> {
    /// More is no slip, and neither is so much of a short name.
    const MOST: usize = 2;
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let most = MOST.min(one.len() / 3);
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    // The rows of the table of distances between beginnings: two before, one before, this one.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, &letter) in one.iter().enumerate() {
        let mut this = vec![row + 1];
        for (column, &against) in other.iter().enumerate() {
            let wrong = last[column] + usize::from(letter != against);
            let mut fewest = wrong.min(last[column + 1] + 1).min(this[column] + 1);
            let exchanged =
                row > 0 && column > 0 && letter == other[column - 1] && one[row - 1] == against;
            if exchanged {
                fewest = fewest.min(before[column - 1] + 1);
            }
            this.push(fewest);
        }
        before = std::mem::replace(&mut last, this);
    }
    last.last().copied().filter(|apart| *apart <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_through_and_other_names_left_alone() {
        const KNOWN: [&str; 4] = ["github.com", "gitlab.com", "github.com/a/log", "x/y"];
        for (written, meant) in [
            ("gihtub.com", Some("github.com")),
            ("github.con", Some("github.com")),
            ("gitlab.co", Some("gitlab.com")),
            ("gitub.com", Some("github.com")),
            ("GitHub.com/A/Log", Some("github.com/a/log")),
            ("github.com/a/lgo", Some("github.com/a/log")),
            ("github.com/a/logger", None),
            ("github.com", Some("gitlab.com")),
            ("z/y", Some("x/y")),
            ("a/b", None),
            ("", None),
        ] {
            assert_eq!(similar(written, KNOWN), meant, "{written}");
        }
        assert_eq!(similar("github.com", ["github.com"]), None);
    }
}
