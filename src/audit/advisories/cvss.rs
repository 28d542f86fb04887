//! How bad a vulnerability is by its CVSS vector: the base score of versions 3.0 and 3.1.
//!
//! Version 2 has another scale and version 4 no formula but a table of hundreds of rows; records that
//! carry those usually name a level, too.

/// From this score on a vulnerability is critical.
pub(super) const CRITICAL: f64 = 9.0;

/// The base score of a vector, `CVSS:3.1/AV:N/…`; `None` for other versions and for what is none.
pub(super) fn base_score(vector: &str) -> Option<f64> {
    let rest = vector
        .strip_prefix("CVSS:3.1/")
        .or_else(|| vector.strip_prefix("CVSS:3.0/"))?;
    let metric = |name: &str| {
        let mut metrics = rest.split('/').filter_map(|metric| metric.split_once(':'));
        metrics
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    };
    let pick = |name: &str, table: &[(&str, f64)]| {
        let value = metric(name)?;
        let mut rows = table.iter();
        rows.find(|(key, _)| *key == value)
            .map(|(_, weight)| *weight)
    };
    let changes_scope = match metric("S")? {
        "C" => true,
        "U" => false,
        _ => return None,
    };
    let privileges: &[_] = if changes_scope {
        &[("N", 0.85), ("L", 0.68), ("H", 0.5)]
    } else {
        &[("N", 0.85), ("L", 0.62), ("H", 0.27)]
    };
    let exploitability = 8.22
        * pick("AV", &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)])?
        * pick("AC", &[("L", 0.77), ("H", 0.44)])?
        * pick("PR", privileges)?
        * pick("UI", &[("N", 0.85), ("R", 0.62)])?;
    let loss = |name| pick(name, &[("H", 0.56), ("L", 0.22), ("N", 0.0)]);
    let losses = 1.0 - (1.0 - loss("C")?) * (1.0 - loss("I")?) * (1.0 - loss("A")?);
    let impact = if changes_scope {
        7.52 * (losses - 0.029) - 3.25 * (losses - 0.02).powi(15)
    } else {
        6.42 * losses
    };
    if impact <= 0.0 {
        return Some(0.0);
    }
    let factor = if changes_scope { 1.08 } else { 1.0 };
    Some(rounded_up((factor * (impact + exploitability)).min(10.0)))
}

/// The next tenth, where what floating point adds does not count.
fn rounded_up(score: f64) -> f64 {
    ((score * 10.0) - 1e-4).ceil() / 10.0
}

#[cfg(test)]
mod tests {
    use super::base_score;

    #[track_caller]
    fn check(vector: &str, expected: Option<f64>) {
        let close = |(one, other): (f64, f64)| (one - other).abs() < 1e-9;
        let score = base_score(vector);
        assert!(
            score == expected || score.zip(expected).is_some_and(close),
            "{vector}: {score:?}"
        );
    }

    #[test]
    fn scores_are_those_of_the_specification() {
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(9.8));
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Some(10.0));
        check("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(6.1));
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", Some(7.5));
        check("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N", Some(3.3));
        check("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", Some(0.0));
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", None);
        check("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", None);
        check(
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            None,
        );
        check("", None);
    }
}
