//! `cache-clear`: all that was fetched goes, ours and real Glide's.

use super::{Context, Outcome};
use crate::cache::Cache;
use crate::error::Failure;

/// Empties the cache, once no other run uses it.
pub fn cache_clear(context: &Context<'_>) -> Result<Outcome, Failure> {
    let reporter = context.reporter;
    let about = "Unable to clear the cache"; // Glide text
    let waiting = || reporter.info("Other runs use the cache. Waiting for their end");
    let cleared = Cache::new(&context.settings.home)
        .clear(waiting)
        .map_err(|error| Failure::from(error).about(about))?;
    if !cleared.unknown.is_empty() {
        let names = cleared.unknown.join(", ");
        reporter.debug(format!("Left in the cache, for nobody knows it: {names}"));
    }
    if cleared.used > 0 {
        let used = cleared.used;
        reporter.info(format!(
            "Left: {used} private GOPATH that commands of `exec` use"
        ));
    }
    let mut failures = cleared.failures.into_iter().map(Failure::from);
    if let Some(first) = failures.next() {
        for failure in failures {
            reporter.error(failure.render());
        }
        return Err(first.about(about));
    }
    let freed = human(cleared.freed);
    reporter.info("Glide cache has been cleared."); // Glide text
    reporter.info(format!("{freed} freed."));
    Ok(Outcome::default())
}

/// A number of bytes in three digits or so.
fn human(bytes: u64) -> String {
    let mut unit = "bytes";
    let mut tenths = u128::from(bytes) * 10;
    for larger in ["kB", "MB", "GB", "TB"] {
        if tenths < 10_000 {
            break;
        }
        tenths /= 1000;
        unit = larger;
    }
    if unit == "bytes" || tenths >= 1000 {
        format!("{} {unit}", tenths / 10)
    } else {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn sizes_are_short() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (12_345, "12.3 kB"),
            (999_999, "999 kB"),
            (1_500_000_000, "1.5 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(human(bytes), expected);
        }
    }
}
