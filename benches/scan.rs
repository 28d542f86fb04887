//! How fast the files of a large tree are read and its folders scanned: `cargo bench --bench scan`.
//!
//! Over 20,000 generated files on disk, opened and read one after the other, once with all files and
//! once for one platform; where Go is installed, beside what its own `go/build` takes for the same.
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, runs programs and may fail loudly"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use glide_rs::gosrc::{BuildContext, counts, scan, summarise};

const FOLDERS: usize = 2_000;
const FILES: usize = 10;
const ROUNDS: usize = 5;

/// The text of a file: some have a license, a platform, documentation or a large body.
fn file(folder: usize, number: usize) -> (String, String) {
    let seed = folder * FILES + number;
    let name = match seed % 10 {
        0 => format!("f{number}_windows.go"),
        1 | 2 => format!("f{number}_test.go"),
        _ => format!("f{number}.go"),
    };
    let mut text = String::new();
    if seed.is_multiple_of(3) {
        text +=
            &"// Copyright the authors; see LICENSE for what may be done with this.\n".repeat(14);
        text += "\n";
    }
    if seed.is_multiple_of(7) {
        text += "//go:build (linux || darwin) && !cgo\n// +build linux darwin\n// +build !cgo\n\n";
    }
    // Some folders hold a second package behind a tag.
    let package = if seed.is_multiple_of(97) {
        text += "// +build ignore\n\n";
        "main".to_owned()
    } else {
        format!("p{folder}")
    };
    write!(
        text,
        "// Package {package} does things.\npackage {package}\n\nimport (\n"
    )
    .unwrap();
    for import in 0..seed % 12 {
        writeln!(text, "\t\"github.com/acme/part{}/sub{import}\"", seed % 300).unwrap();
    }
    text += ")\n\n";
    text += &"func f() {\n\tprintln(\"something\") // and more\n}\n\n".repeat(20 + seed % 400);
    (name, text)
}

fn generate(root: &Path) -> Vec<PathBuf> {
    let folders = (0..FOLDERS).map(|folder| {
        let path = root
            .join(format!("p{}", folder / 100))
            .join(format!("p{folder}"));
        fs::create_dir_all(&path).unwrap();
        for number in 0..FILES {
            let (name, text) = file(folder, number);
            fs::write(path.join(name), text).unwrap();
        }
        path
    });
    folders.collect()
}

fn time(mut call: impl FnMut() -> usize) -> (Duration, usize) {
    let rounds = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        let imports = call();
        (started.elapsed(), imports)
    });
    rounds.min().unwrap()
}

fn show(what: &str, (took, imports): (Duration, usize)) {
    let files = (FOLDERS * FILES) as f64;
    println!(
        "{what:<44} {:>7.1} ms {:>9.0} files/s   {imports} imports",
        took.as_secs_f64() * 1e3,
        files / took.as_secs_f64()
    );
}

/// The files of a folder that count, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| counts(name)).collect();
    names.sort_unstable();
    names
}

fn main() {
    let root = tempfile::tempdir().unwrap();
    let folders = generate(root.path());
    let contexts = [
        ("all files", BuildContext::all_files()),
        (
            "linux/amd64",
            BuildContext::current("linux", "amd64", true, 19),
        ),
    ];
    let scan_from_disk = |context: &BuildContext| {
        let folders = folders.iter().map(|folder| {
            let names = names(folder);
            let files = names.iter().filter_map(|name| {
                let mut file = fs::File::open(folder.join(name)).unwrap();
                summarise(name, &mut file).unwrap()
            });
            let files: Vec<_> = files.collect();
            scan(&files, context).map_or(0, |package| package.imports.len())
        });
        folders.sum()
    };
    for (what, context) in &contexts {
        let figures = time(|| scan_from_disk(context));
        show(&format!("from disk, {what}"), figures);
    }
    let in_memory: Vec<Vec<(String, Vec<u8>)>> = folders
        .iter()
        .map(|folder| {
            let names = names(folder).into_iter();
            names
                .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
                .collect()
        })
        .collect();
    let summaries = || {
        let folders = in_memory.iter().map(|files| {
            let summary =
                |(name, text): &(String, Vec<u8>)| summarise(name, &mut text.as_slice()).unwrap();
            files.iter().filter_map(summary).collect::<Vec<_>>()
        });
        folders.collect::<Vec<_>>()
    };
    show("reading the text in memory", time(|| summaries().len()));
    let summaries = summaries();
    for (what, context) in &contexts {
        let imports =
            |files: &Vec<_>| scan(files, context).map_or(0, |package| package.imports.len());
        let figures = time(|| summaries.iter().map(imports).sum());
        show(&format!("judging what was read, {what}"), figures);
    }
    go_build(root.path());
}

/// The same with Go's library: `ImportDir` of each folder, with all files.
const PROGRAM: &str = r#"package main

import (
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"time"
)

func main() {
	folders, _ := filepath.Glob(os.Args[1] + "/p*/p*")
	build.Default.UseAllFiles = os.Args[2] == "all"
	best, imports := time.Hour, 0
	for round := 0; round < 5; round++ {
		started := time.Now()
		imports = 0
		for _, folder := range folders {
			if p, err := build.ImportDir(folder, 0); err == nil {
				imports += len(p.Imports)
			}
		}
		if took := time.Since(started); took < best {
			best = took
		}
	}
	fmt.Println(best.Nanoseconds(), imports)
}
"#;

fn go_build(root: &Path) {
    let program = root.join("main.go");
    fs::write(&program, PROGRAM).unwrap();
    for what in ["all", "linux"] {
        let mut go = Command::new("go");
        let go = go.arg("run").arg(&program).arg(root).arg(what);
        let go = go
            .env("GO111MODULE", "off")
            .env("GOFLAGS", "")
            .current_dir(root);
        let Ok(output) = go.output() else {
            println!("Go is not installed: nothing to compare with");
            return;
        };
        let said = String::from_utf8(output.stdout).unwrap();
        let mut numbers = said
            .split_whitespace()
            .map(|number| number.parse().unwrap());
        let (Some(nanoseconds), Some(imports)) = (numbers.next(), numbers.next()) else {
            println!(
                "Go could not run: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            return;
        };
        let took = Duration::from_nanos(nanoseconds);
        show(
            &format!("go/build from disk, {what}"),
            (took, usize::try_from(imports).unwrap()),
        );
    }
}
