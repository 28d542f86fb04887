//! How fast glide.yaml and glide.lock are read and written, and that the time grows with the
//! text and no faster: `cargo bench --bench formats`.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::unwrap_used, reason = "a benchmark may fail loudly")]
#![allow(
    clippy::cast_precision_loss,
    reason = "the figures are shown with three digits"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use glide_rs::manifest::{Config, Lock};
use glide_rs::model::NoRoots;

/// How long one call takes: the best of several rounds, each of about ten milliseconds.
fn time(mut call: impl FnMut()) -> Duration {
    let started = Instant::now();
    call();
    let once = started.elapsed().max(Duration::from_nanos(100));
    let calls = u32::try_from(Duration::from_millis(10).as_nanos() / once.as_nanos()).unwrap() + 1;
    let round = || {
        let started = Instant::now();
        for _ in 0..calls {
            call();
        }
        started.elapsed() / calls
    };
    std::iter::repeat_with(round).take(8).min().unwrap()
}

/// A glide.yaml with so many imports, in the mix of spellings that people use.
fn config(imports: usize) -> String {
    let mut text = "package: github.com/me/app\nimport:\n".to_owned();
    for number in 0..imports {
        writeln!(text, "- package: github.com/acme/part{number}").unwrap();
        text += [
            "  version: ^1.2.0\n",
            "  version: '>= 1.2, < 2'\n",
            "  version: \"1.0\"\n",
            "",
        ][number % 4];
        if number % 3 == 0 {
            text += "  subpackages:\n  - client\n  - server/http\n";
        }
    }
    text
}

/// A glide.lock with so many imports.
fn lock(imports: usize) -> String {
    let mut text = format!("hash: {:064}\nupdated: 2020-01-01T00:00:00Z\nimports:\n", 7);
    for number in 0..imports {
        writeln!(
            text,
            "- name: github.com/acme/part{number:05}\n  version: {number:040x}"
        )
        .unwrap();
        if number % 3 == 0 {
            text += "  subpackages:\n  - client\n  - server/http\n";
        }
    }
    text + "testImports: []\n"
}

/// Prints the time for a text, its speed, and how it grows when the text is ten times as long.
fn show(what: &str, small: &str, large: &str, call: impl Fn(&str)) {
    let (short, long) = (time(|| call(small)), time(|| call(large)));
    let speed = small.len() as f64 / 1e6 / short.as_secs_f64();
    let growth = long.as_secs_f64() / short.as_secs_f64();
    let length = large.len() as f64 / small.len() as f64;
    println!(
        "{what:<24} {:>9.1} us {speed:>7.1} MB/s   {length:.1} x the text: {growth:.1} x the time",
        short.as_secs_f64() * 1e6
    );
}

fn main() {
    let (small, large) = (config(100), config(1000));
    show("glide.yaml, read", &small, &large, |text| {
        black_box(Config::read(text.as_bytes(), &NoRoots).unwrap());
    });
    show("glide.yaml, read + hash", &small, &large, |text| {
        black_box(Config::read(text.as_bytes(), &NoRoots).unwrap().hash());
    });
    let (small, large) = (lock(100), lock(1000));
    show("glide.lock, read", &small, &large, |text| {
        black_box(Lock::parse(text.as_bytes()).unwrap());
    });
    show("glide.lock, read + write", &small, &large, |text| {
        black_box(Lock::parse(text.as_bytes()).unwrap().to_yaml().unwrap());
    });
}
