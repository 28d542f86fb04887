//! `about`: what this program is.

use super::Outcome;

/// Tells what glide-rs is, and where to learn more.
pub fn about() -> Outcome {
    let text = concat!(
        "glide-rs ",
        env!("CARGO_PKG_VERSION"),
        ": a drop-in replacement for Glide 0.13.3, the vendoring tool of GOPATH-era Go.\n",
        "\n",
        "It fills vendor/ for projects that have a glide.yaml. It reads and writes the same\n",
        "glide.yaml, glide.lock and mirrors.yaml as Glide, to the byte, and needs neither Go\n",
        "nor a GOPATH.\n",
        "\n",
        "To begin:       glide-rs install (vendor/ as glide.lock pins it)\n",
        "                glide-rs update (newer versions for all that the project imports)\n",
        "All commands:   glide-rs --help\n",
        "To learn more:  README.md and, for what it does otherwise than Glide, CHANGELOG.md,\n",
        "                in its source\n",
        "About Glide:    https://github.com/Masterminds/glide\n",
        "\n",
        "glide-rs comes without warranty under the MIT licence, which is in LICENSE in its source.",
    );
    Outcome::line(text)
}
