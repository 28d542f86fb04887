//! README.md and the book in docs/ are true: every command line in them is run.
//!
//! Each page is read from its first line to its last in one bash, in a project with remotes of its own. Programs
//! that are not ours and not everywhere (`cargo`, `gh`, ...) are those of fixtures/book/programs, which insist on being
//! called as the real ones are.
//!
//! | | |
//! | --- | --- |
//! | `console` block | what follows `$ ` is typed, and prints what the block shows; a line fails only where `echo $?` is next |
//! | `sh` block | every line succeeds |
//! | `yaml` block | steps of build services are run (`run`, `script`); glide.yaml and its kin are read by the program |
//! | `dockerfile`, `groovy` block | what is run in them (`RUN`, `sh '…'`) is run |
//! | `toml` block | is a policy that the program reads |
//! | `json` block | each line is JSON |
//! | `text`, `go` block | holds no command line |
//! | `` `glide-rs …` `` in a sentence | is a command line that the program understands |
//! | `<!-- run` comment | what has happened before; readers do not see it |
//!
//! `UPDATE_DOCS=1 cargo test --test it book` puts what lines print into the `console` blocks, and writes the pages that
//! have what stands in README.md and CHANGELOG.md, too, and which is given away without the book.

#[path = "book/page.rs"]
mod page;
#[path = "book/shell.rs"]
mod shell;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use page::{Kind, Part, anchor, links, parts, spans, whole};
use shell::{Shell, root};

/// All pages below a folder.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|kind| kind == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn source() -> PathBuf {
    root().join("docs/src")
}

/// The pages of the book, `commands` apart, and README.md.
fn chapters() -> Vec<PathBuf> {
    let mut chapters = pages(&source());
    chapters.retain(|path| !path.starts_with(source().join("commands")));
    chapters.push(root().join("README.md"));
    chapters
}

/// The lines of a script; one that ends in a backslash goes on.
fn lines(script: &str) -> Vec<String> {
    let joined = script.replace("\\\n", "\\\u{1}");
    let lines = joined.lines().map(|line| line.replace('\u{1}', "\n"));
    lines
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .collect()
}

/// A script that says at which line it fails.
fn insisting(lines: &[String]) -> String {
    if lines.is_empty() {
        return "echo there is nothing to run; exit 1".to_owned();
    }
    lines.iter().fold(String::new(), |mut script, line| {
        let _ = writeln!(
            script,
            "{{ {line}\n}} || {{ echo failed: {}; exit 1; }}",
            quoted(line)
        );
        script
    })
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What a run took is another time each time.
fn timeless(text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 2..words.len() {
        let is_in = words[at - 2] == "in" && words[at - 1].parse::<f64>().is_ok();
        let end = words[at].find(|c: char| !c.is_alphanumeric());
        let end = end.unwrap_or(words[at].len());
        if is_in && ["s", "ms"].contains(&&words[at][..end]) {
            "12".clone_into(&mut words[at - 1]);
            words[at].replace_range(..end, "ms");
        }
    }
    words.join(" ")
}

/// One page being read.
struct Reading {
    shell: Shell,
    name: String,
}

impl Reading {
    fn new(path: &Path) -> Self {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let shell = Shell::new();
        Self { shell, name }
    }

    #[track_caller]
    fn insist(&self, line: usize, script: &str) {
        let (well, told) = self.shell.run(script);
        assert!(well, "{}:{line}: {told}", self.name);
    }

    /// What a `console` block shows when it is typed.
    fn played(&self, part: &Part) -> String {
        let typed: Vec<&str> = part
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("$ "))
            .collect();
        assert!(
            !typed.is_empty(),
            "{}:{}: nothing to type",
            self.name,
            part.line
        );
        let mut script = "code=0\n".to_owned();
        for (at, line) in typed.iter().enumerate() {
            let shown = quoted(&format!("$ {line}"));
            let otherwise = match typed.get(at + 1) {
                Some(&"echo $?") => "",
                _ => "[ $code = 0 ] || { echo \"failed: $code\"; exit 1; }",
            };
            let _ = writeln!(
                script,
                "printf '%s\\n' {shown}\n(exit $code)\n{{ {line}\n}}\ncode=$?\n{otherwise}"
            );
        }
        let (well, told) = self.shell.run(&script);
        assert!(well, "{}:{}: {told}", self.name, part.line);
        timeless(&told)
    }

    /// Reads a part; what its text should be comes back.
    fn read(&self, part: &Part) -> String {
        let (line, text) = (part.line, &part.text);
        match &part.kind {
            Kind::Prose => self.understands(part),
            Kind::Hidden => self.insist(line, &format!("set -e\n{text}set +e")),
            Kind::Block(language) => match language.as_str() {
                "console" => return self.played(part),
                "sh" => self.insist(line, &insisting(&lines(text))),
                "yaml" => self.yaml(part),
                "dockerfile" => self.insist(line, &insisting(&docker_steps(text))),
                "groovy" => self.insist(line, &insisting(&jenkins_steps(text))),
                "toml" => {
                    let file = self.shell.write("policy.toml", text);
                    let audit = format!(
                        "glide-rs audit drift --policy {}; test $? -le 1",
                        file.display()
                    );
                    self.insist(line, &audit);
                    fs::remove_file(file).unwrap();
                }
                "json" => {
                    for line in text.lines() {
                        serde_json::from_str::<serde_json::Value>(line).expect(line);
                    }
                }
                "text" | "go" => {
                    let mut lines = text.lines().map(str::trim_start);
                    let typed =
                        lines.find(|line| line.starts_with("$ ") || line.starts_with("glide-rs "));
                    assert_eq!(typed, None, "{}:{line}: nobody runs this", self.name);
                }
                _ => panic!(
                    "{}:{line}: a block of an unknown kind: {language}",
                    self.name
                ),
            },
        }
        text.clone()
    }

    /// Insists that what sentences name as a command line is one.
    fn understands(&self, part: &Part) {
        for span in spans(&part.text).filter(|span| span.starts_with("glide-rs ")) {
            let ours = span.split(" | ").next().unwrap_or(&span);
            let ours = ours.split(" >").next().unwrap_or(ours);
            let words = ours.split(' ').filter(|word| *word != "…");
            let words = words.map(|word| word.trim_matches(['\'', '"', '…']).into());
            let known = match glide_rs::cli::parse(words) {
                Ok(parsed) => !matches!(parsed.command, Some(glide_rs::cli::Command::Plugin(_))),
                // A command that is named without what it needs is known as well.
                Err((text, code)) => code == 0 || text.contains("required arguments"),
            };
            assert!(
                known,
                "{}: behind line {}: `{span}` is no command line",
                self.name, part.line
            );
        }
    }

    fn yaml(&self, part: &Part) {
        let (line, text) = (part.line, &part.text);
        let value: serde_yaml::Value = serde_yaml::from_str(text)
            .unwrap_or_else(|error| panic!("{}:{line}: {error}", self.name));
        let mut steps = Vec::new();
        collect_steps(&value, &mut steps);
        if !steps.is_empty() {
            return self.insist(line, &insisting(&steps));
        }
        if let Some(actions) = value.as_sequence() {
            return actions.iter().for_each(uses_our_step);
        }
        let (file, script) = if value.get("repos").is_some() {
            let glide = "mkdir -p ~/mirrors && mv mirrors.yaml ~/mirrors/";
            (
                "mirrors.yaml",
                format!("{glide} && glide-rs --home ~/mirrors mirror list"),
            )
        } else {
            (
                "block.yaml",
                "glide-rs fmt - < block.yaml && rm block.yaml".to_owned(),
            )
        };
        let path = self.shell.write(file, text);
        self.insist(
            line,
            &format!("(cd {} && {script})", path.parent().unwrap().display()),
        );
    }
}

/// Insists that a step is the one in contrib/step, with inputs that it has.
fn uses_our_step(action: &serde_yaml::Value) {
    assert_eq!(action["uses"].as_str(), Some("./.ci/glide-step"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("contrib/step/action.yml");
    let step = fs::read_to_string(path).unwrap();
    let step: serde_yaml::Value = serde_yaml::from_str(&step).unwrap();
    for name in action["with"].as_mapping().unwrap().keys() {
        assert!(step["inputs"].get(name).is_some(), "{name:?}");
    }
}

/// What a Dockerfile runs, without what is mounted for it.
fn docker_steps(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", "");
    let steps = joined.lines().filter_map(|line| line.strip_prefix("RUN "));
    let bare = steps.map(|line| {
        let words = line.split_whitespace();
        let words = words.skip_while(|word| word.starts_with("--mount="));
        words.collect::<Vec<_>>().join(" ")
    });
    bare.collect()
}

/// The command lines of a Jenkinsfile.
fn jenkins_steps(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    let steps = lines.filter_map(|line| line.strip_prefix("sh '")?.strip_suffix('\''));
    steps.map(str::to_owned).collect()
}

/// The command lines of a build service's file: `run` of a step, `script` of a job.
fn collect_steps(value: &serde_yaml::Value, steps: &mut Vec<String>) {
    match value {
        serde_yaml::Value::Mapping(mapping) => {
            for (key, value) in mapping {
                match key.as_str() {
                    Some("run" | "install" | "script" | "before_script") => {
                        collect_texts(value, steps);
                    }
                    _ => collect_steps(value, steps),
                }
            }
        }
        serde_yaml::Value::Sequence(items) => {
            for item in items {
                collect_steps(item, steps);
            }
        }
        _ => {}
    }
}

fn collect_texts(value: &serde_yaml::Value, steps: &mut Vec<String>) {
    match value {
        serde_yaml::Value::String(text) => steps.extend(lines(text)),
        serde_yaml::Value::Sequence(items) => {
            for item in items {
                collect_texts(item, steps);
            }
        }
        _ => {}
    }
}

/// Reads a page from its first line to its last.
fn read(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let mut parts = parts(&text);
    let name = path.display();
    assert_eq!(whole(&parts), text, "{name}: a block has no end");
    let reading = Reading::new(path);
    for part in &mut parts {
        part.text = reading.read(part);
    }
    let expected = whole(&parts);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, expected).unwrap();
    } else {
        assert_eq!(
            timeless(&text),
            expected,
            "{name}: lines print something else"
        );
    }
}

/// Reads pages, and tells of each in which something is wrong.
fn read_all(paths: &[PathBuf]) {
    let is_wrong = |path: &&PathBuf| std::panic::catch_unwind(|| read(path)).is_err();
    let wrong: Vec<_> = paths.iter().filter(is_wrong).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_command_line_of_the_chapters_does_what_it_says() {
    let chapters = chapters();
    assert!(chapters.len() > 10, "{chapters:?}");
    read_all(&chapters);
}

#[test]
fn every_example_of_the_commands_runs() {
    let commands = pages(&source().join("commands"));
    assert!(commands.len() > 30, "{commands:?}");
    read_all(&commands);
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let summary = fs::read_to_string(source().join("SUMMARY.md")).unwrap();
    let listed: Vec<&str> = links(&summary).collect();
    let listed_once: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(listed.len(), listed_once.len(), "a page is listed twice");
    let there = pages(&source());
    let there: BTreeSet<String> = there
        .iter()
        .map(|path| path.strip_prefix(source()).unwrap().display().to_string())
        .filter(|name| name != "SUMMARY.md")
        .collect();
    let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
    assert_eq!(listed_once, there, "docs/src/SUMMARY.md");
}

/// Sections that have a page of the book: the file, the heading there, the page.
const SECTIONS: [(&str, &str, &str); 2] = [
    ("README.md", "## What it listens to\n", "environment.md"),
    (
        "CHANGELOG.md",
        "## Differences from Glide\n",
        "differences.md",
    ),
];

#[test]
fn pages_have_what_the_sections_say_that_are_given_away_without_the_book() {
    for (file, heading, name) in SECTIONS {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let start = text.find(&format!("\n{heading}")).unwrap() + 1;
        let section = &text[start..];
        let end = section.find("\n## ").map_or(section.len(), |at| at + 1);
        // All headings go up by one.
        let page = section[..end].trim_end().replace("\n##", "\n#");
        let page = format!("{}\n", page.replacen("##", "#", 1));
        let path = source().join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &page).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            page,
            "{name}: UPDATE_DOCS=1 writes it anew"
        );
    }
}

#[test]
fn every_variable_that_is_read_is_told_of() {
    // What shells, and git where it calls us, always set.
    let known = ["PATH", "PWD", "GIT_DIR", "GITHEAD_"];
    let names = fs::read_to_string(root().join("src/env.rs")).unwrap();
    let names = names.lines().filter_map(|line| {
        let (_, name) = line.strip_prefix("pub const ")?.split_once("= \"")?;
        name.strip_suffix("\";")
    });
    let page = fs::read_to_string(source().join("environment.md")).unwrap();
    let told: BTreeSet<String> = spans(&page).collect();
    let missing =
        names.filter(|name| !known.contains(name) && !told.contains(&name.to_uppercase()));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0], "README.md");
}

/// The headings of a page as links name them.
fn anchors(path: &Path) -> BTreeSet<String> {
    let page = fs::read_to_string(path).unwrap();
    let prose = parts(&page)
        .into_iter()
        .filter(|part| part.kind == Kind::Prose);
    let prose: String = prose.map(|part| part.text).collect();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

/// Whether a path that is there lies in a folder, whatever way it takes.
fn is_below(path: &Path, folder: &Path) -> bool {
    path.canonicalize()
        .unwrap()
        .starts_with(folder.canonicalize().unwrap())
}

#[test]
fn every_link_leads_somewhere() {
    let mut all = pages(&source());
    all.extend(["README.md", "CHANGELOG.md", "ARCHITECTURE.md"].map(|name| root().join(name)));
    for path in all {
        let page = fs::read_to_string(&path).unwrap();
        let prose = parts(&page)
            .into_iter()
            .filter(|part| part.kind == Kind::Prose);
        let prose: String = prose.map(|part| part.text).collect();
        for link in links(&prose).filter(|link| !link.starts_with("https://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            assert!(target.exists(), "{}: {link}", path.display());
            // Web pages are made of the book alone.
            let stays = !path.starts_with(source()) || is_below(&target, &source());
            assert!(stays, "{}: {link} leads out of the book", path.display());
            let known = heading.is_empty() || anchors(&target).contains(heading);
            assert!(known, "{}: no heading {link}", path.display());
        }
    }
}

#[test]
fn what_a_page_is_made_of_is_told_apart() {
    let page = "# A `b`\n<!-- run\ntrue\n-->\nSee [it](x.md#y).\n```sh\na \\\n  b\n```\nend\n";
    let parts = parts(page);
    let kinds: Vec<_> = parts.iter().map(|part| (part.line, &part.kind)).collect();
    let sh = Kind::Block("sh".to_owned());
    let prose = Kind::Prose;
    assert_eq!(
        kinds,
        [
            (1, &prose),
            (2, &Kind::Hidden),
            (5, &prose),
            (6, &sh),
            (10, &prose)
        ]
    );
    assert_eq!(whole(&parts), page);
    assert_eq!(lines(&parts[3].text), ["a \\\n  b"]);
    assert_eq!(links(&parts[2].text).collect::<Vec<_>>(), ["x.md#y"]);
    assert_eq!(spans(&parts[0].text).collect::<Vec<_>>(), ["b"]);
    assert_eq!(anchor(" A `b-c`, d"), "a-b-c-d");
    assert_eq!(
        timeless("x in 1.2 s; y in 3 ms)\nz in 3 days\n"),
        "x in 12 ms; y in 12 ms)\nz in 3 days\n"
    );
}

/// A page in which something is wrong is told.
#[track_caller]
fn refused(page: &str) {
    let reading = Reading::new(&root().join("README.md"));
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let read = parts(page);
        read.iter().all(|part| reading.read(part) == part.text)
    }));
    assert!(!told.is_ok_and(|as_it_is| as_it_is), "taken: {page}");
}

#[test]
fn lies_are_found_out() {
    for page in [
        "```sh\nglide-rs name\nglide-rs nosuch\n```\n",
        "```sh\ntrue && false | true\n```\n",
        "```console\n$ glide-rs name\ngithub.com/you/app\n```\n",
        "```console\n$ false\n$ true\n```\n",
        "```text\n$ glide-rs name\n```\n",
        "```yaml\nsteps:\n- run: glide-rs install --nosuch\n```\n",
        "```yaml\npackage: [a]\nimport: 1\n```\n",
        "```toml\nnosuch = 1\n```\n",
        "```dockerfile\nRUN --mount=type=cache,target=/x \\\n    glide-rs nosuch\n```\n",
        "```dockerfile\nFROM scratch\n```\n",
        "```groovy\nsh 'glide-rs nosuch'\n```\n",
        "```cobol\n```\n",
        "Call `glide-rs install --nosuch`.\n",
        "Call `glide-rs nosuch`.\n",
    ] {
        refused(page);
    }
}
