//! What holds for any text.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{Constraint, Version, nearest, pick};

/// Versions, many of which are spelled oddly or equal.
const VERSION: &str = r"v?(0|1|2|01|17)(\.(0|1|2|x)){0,3}(-(a|b|rc|1|01|-1)(\.(a|2))?)?(\+m)?";
/// Ranges, some of which are none.
const RANGE: &str = r"( ?[=!<>~^]{0,2} ?v?[0-2x*](\.[0-2x*]){0,2}(-(a|1))?( - [0-2])?(,|\|\|)){0,2}[=<>~^]?[0-2](\.[0-2])?";

proptest! {
    #[test]
    fn what_is_picked_meets_the_range_and_nothing_better_does(
        names in vec(VERSION, 0..30), range in RANGE,
    ) {
        let Ok(range) = Constraint::parse(&range) else { return Ok(()) };
        let names = names.iter().map(String::as_str);
        let meets = |name: &&str| Version::parse(name).is_some_and(|version| range.matches(&version));
        let mut meeting = names.clone().filter(meets);
        let Some(picked) = pick(names.clone(), &range) else {
            prop_assert_eq!(meeting.next(), None);
            return Ok(());
        };
        prop_assert!(meets(&picked));
        prop_assert!(names.clone().any(|name| name == picked));
        let picked = Version::parse(picked).unwrap();
        for better in meeting {
            let better = Version::parse(better).unwrap();
            // With odd pre-releases each can be less than the other.
            let surely = better.compare(&picked).is_gt() && picked.compare(&better).is_lt();
            prop_assert!(!surely, "{} beats {}", better.original(), picked.original());
        }
    }

    #[test]
    fn without_odd_prereleases_the_order_is_one(texts in vec(r"[0-2]\.[0-2](-(a|b|1|2)(\.(a|2))?)?", 3)) {
        let [a, b, c] = [0, 1, 2].map(|place| Version::parse(&texts[place]).unwrap());
        prop_assert_eq!(a.compare(&b), b.compare(&a).reverse());
        if a.compare(&b).is_le() && b.compare(&c).is_le() {
            prop_assert!(a.compare(&c).is_le());
        }
    }

    #[test]
    fn any_alternative_may_be_met_and_every_condition_must_be(
        one in RANGE, other in RANGE, version in VERSION,
    ) {
        let Some(version) = Version::parse(&version) else { return Ok(()) };
        // A hyphen range swallows bars, and an alternative binds less than a comma.
        if one.contains(" - ") || other.contains(" - ") {
            return Ok(());
        }
        let read = |text: &str| Constraint::parse(text).ok();
        let (Some(first), Some(second)) = (read(&one), read(&other)) else { return Ok(()) };
        let (first, second) = (first.matches(&version), second.matches(&version));
        let either = read(&format!("{one}||{other}")).unwrap();
        prop_assert_eq!(either.matches(&version), first || second);
        if !one.contains('|') && !other.contains('|') {
            let both = read(&format!("{one},{other}")).unwrap();
            prop_assert_eq!(both.matches(&version), first && second);
        }
    }

    #[test]
    fn the_nearest_are_few_and_newest_first(
        names in vec(VERSION, 0..20), range in RANGE, limit in 0..5_usize,
    ) {
        let Ok(range) = Constraint::parse(&range) else { return Ok(()) };
        let found = nearest(names.iter().map(String::as_str), &range, limit);
        prop_assert!(found.len() <= limit);
        prop_assert!(found.iter().all(|name| names.iter().any(|one| one == name)));
        let versions: Vec<_> = found.iter().map(|name| Version::parse(name).unwrap()).collect();
        // With odd pre-releases each can be less than the other.
        let newest_first = versions.windows(2).all(|pair| {
            pair[0].compare(&pair[1]).is_gt() || pair[1].compare(&pair[0]).is_lt()
        });
        prop_assert!(newest_first);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), marks in "[-0-9vxX*|,<>=~^!+. \t]*") {
        for text in [text, marks] {
            let _ = Version::parse(&text);
            let _ = Constraint::parse(&text);
        }
    }
}
