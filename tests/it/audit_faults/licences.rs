//! Licences that a policy does not want, and texts that nobody knows.

use super::case::Case;

const ALLOW_MIT: &str = "[licences]\nallow = [\"MIT\"]\n";
const DENY_GPL: &str = "[licences]\ndeny = [\"GPL-3.0\"]\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = clean();
    cases.extend(faults());
    cases.extend(exceptions());
    cases
}

fn of(name: &'static str, repository: &str) -> Case {
    Case::installed_of(name, &[&format!("github.com/acme/{repository}@v1.0.0")])
}

fn exception(expires: &str) -> String {
    format!(
        "{ALLOW_MIT}\n[[licences.exception]]\npackage = \"github.com/acme/isc\"\nlicence = \"ISC\"\n\
         reason = \"as good as MIT\"\n{expires}"
    )
}

fn clean() -> Vec<Case> {
    vec![
        of("a licence that is allowed", "kit").policy(ALLOW_MIT),
        of("a licence of which one may be chosen", "dual").policy(ALLOW_MIT),
        of("a licence of which one is denied and one may be chosen", "dual").policy(DENY_GPL),
        of("no policy for a licence", "isc"),
        of("an exception that holds", "isc").write("glide-audit.toml", exception("expires = 2999-12-31\n")),
        of("an exception that holds for ever", "isc").write("glide-audit.toml", exception("")),
        of("an exception for a text that somebody has read", "odd").policy(
            "[[licences.exception]]\npackage = \"github.com/acme/odd\"\nreason = \"we called them\"\n",
        )
        .only(&["licences"]),
        of("another licence in a folder that no code uses", "inner").policy(ALLOW_MIT),
    ]
}

fn faults() -> Vec<Case> {
    vec![
        of("a licence that is denied", "isc")
            .policy("[licences]\ndeny = [\"ISC\"]\n")
            .finds("high licence-denied github.com/acme/isc glide.lock:4 ISC"),
        of(
            "a licence that is denied together with one that is not",
            "both",
        )
        .policy(DENY_GPL)
        .finds("high licence-denied github.com/acme/both glide.lock:4 MIT AND GPL-3.0-only"),
        of("a licence that is not allowed", "isc")
            .policy(ALLOW_MIT)
            .finds("high licence-not-allowed github.com/acme/isc glide.lock:4 ISC"),
        of("another licence in a folder that the code uses", "inner")
            .replace("main.go", "acme/inner\"", "acme/inner/sub\"")
            .policy(ALLOW_MIT)
            .finds("high licence-not-allowed github.com/acme/inner glide.lock:4 MIT AND ISC"),
        of("a licence that only a README names", "told")
            .policy("[licences]\nallow = [\"ISC\"]\n")
            .finds("medium licence-not-allowed github.com/acme/told glide.lock:4 MIT"),
        of("no licence", "unlicensed")
            .finds("low licence-missing github.com/acme/unlicensed glide.lock:4"),
        of("no licence, where it matters", "unlicensed")
            .policy(ALLOW_MIT)
            .finds("medium licence-missing github.com/acme/unlicensed glide.lock:4"),
        of("a licence that nobody knows", "odd")
            .only(&["licences"])
            .finds("low licence-unknown github.com/acme/odd glide.lock:4 LICENSE.txt"),
        of("a licence that nobody knows, where it matters", "odd")
            .only(&["licences"])
            .policy(ALLOW_MIT)
            .finds("medium licence-unknown github.com/acme/odd glide.lock:4 LICENSE.txt"),
    ]
}

fn exceptions() -> Vec<Case> {
    vec![
        of("an exception that has expired", "isc")
            .write("glide-audit.toml", exception("expires = 2020-12-31\n"))
            .finds("medium exception-expired github.com/acme/isc glide-audit.toml:4 ISC")
            .finds("high licence-not-allowed github.com/acme/isc glide.lock:4 ISC"),
        of("an exception for what is allowed", "kit")
            .policy("[licences]\nallow = [\"MIT\"]\n\n[[licences.exception]]\npackage = \"github.com/acme/kit\"\nreason = \"none\"\n")
            .finds("low exception-unused github.com/acme/kit glide-audit.toml:4"),
        of("an exception for what is not there", "kit")
            .write("glide-audit.toml", exception(""))
            .finds("low exception-unused github.com/acme/isc glide-audit.toml:4 ISC"),
    ]
}
