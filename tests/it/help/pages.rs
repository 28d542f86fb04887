//! The pages of docs/src/commands, written out of the help texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What has happened before the examples of a command can run: the command, which example, a script.
const BEFORE: &[(&str, usize, &str)] = &[
    ("install", 0, "glide-rs --quiet update\n"),
    ("update", 0, "glide-rs --quiet update\n"),
    ("glide-rs", 0, "glide-rs --quiet update\n"),
    (
        "remove",
        0,
        "glide-rs --quiet get --non-interactive github.com/a/b\n",
    ),
    ("create", 0, "rm glide.yaml\n"),
    ("list", 0, INSTALLED),
    ("tree", 0, INSTALLED),
    ("why", 0, INSTALLED),
    ("outdated", 0, INSTALLED),
    ("rebuild", 0, INSTALLED),
    (
        "mirror-remove",
        0,
        "glide-rs mirror set https://github.com/a/b https://git.example.com/a/b\n",
    ),
    (
        "import-godep",
        0,
        "mkdir Godeps\necho '{\"ImportPath\": \"github.com/me/app\", \"Deps\": []}' > Godeps/Godeps.json\n",
    ),
    (
        "import",
        0,
        "mkdir Godeps\necho '{\"ImportPath\": \"github.com/me/app\", \"Deps\": []}' > Godeps/Godeps.json\n",
    ),
    ("import-help", 0, ""),
    ("import-gpm", 0, "echo 'github.com/a/b v1.2.0' > Godeps\n"),
    (
        "import-gb",
        0,
        "mkdir vendor\necho '{\"dependencies\": []}' > vendor/manifest\n",
    ),
    (
        "import-gom",
        0,
        "echo \"gom 'github.com/a/b', :tag => 'v1.2.0'\" > Gomfile\n",
    ),
    (
        "import-dep",
        0,
        "printf '[[constraint]]\\n  name = \"github.com/a/b\"\\n  version = \"1.2.0\"\\n' > Gopkg.toml\n",
    ),
    (
        "import-govendor",
        0,
        "mkdir vendor\necho '{\"package\": [{\"path\": \"github.com/a/b\", \"version\": \"v1.2.0\"}]}' > vendor/vendor.json\n",
    ),
    (
        "import-vndr",
        0,
        "echo 'github.com/a/b v1.2.0' > vendor.conf\n",
    ),
    (
        "import-gomod",
        0,
        "printf 'module github.com/me/app\\n\\nrequire github.com/a/b v1.2.0\\n' > go.mod\n",
    ),
    (
        "audit",
        0,
        "sed -i 's,^//.*,,' main.go\nglide-rs --quiet update\ngit init --quiet --initial-branch=master\n\
         git add --all\ngit commit --quiet --message app\ngit update-ref refs/remotes/origin/master HEAD\n",
    ),
    ("exec", 0, "mkdir -p cmd/app\n"),
    (
        "lock-merge",
        0,
        "git init --quiet --initial-branch=master\n",
    ),
    ("lock-merge", 1, CONFLICT),
    ("lock-merge", 2, CONFLICT),
    ("lock", 0, CONFLICT),
];

/// glide.yaml lists `github.com/a/b`, the code imports it, and it is in vendor/.
const INSTALLED: &str = "glide-rs --quiet get --non-interactive github.com/a/b\n\
    printf 'package main\\n\\nimport (\\n\\t_ \"github.com/a/b\"\\n\\t_ \"github.com/acme/log\"\\n)\\n\\nfunc main() {}\\n' > main.go\n";

/// A glide.lock in which git has left a conflict, since two branches have each added a dependency.
const CONFLICT: &str = "\
    rm -rf .git glide.lock vendor\n\
    git init --quiet --initial-branch=master\n\
    printf 'vendor/\\n' > .gitignore\n\
    glide-rs --quiet update\n\
    git add --all\n\
    git commit --quiet --message app\n\
    git checkout --quiet -b topic\n\
    sed -i 's/^updated: .*/updated: 2020-01-01T00:00:00Z/' glide.lock\n\
    git commit --quiet --all --message theirs\n\
    git checkout --quiet master\n\
    sed -i 's/^updated: .*/updated: 2020-01-02T00:00:00Z/' glide.lock\n\
    git commit --quiet --all --message ours\n\
    git merge --quiet topic > merge.txt && exit 1\n\
    grep --quiet '^<<<<<<<' glide.lock\n";

/// A help text, taken apart.
#[derive(Default)]
struct Text<'a> {
    about: &'a str,
    does: Vec<&'a str>,
    usage: Vec<&'a str>,
    commands: Vec<&'a str>,
    everywhere: Vec<&'a str>,
    examples: Vec<&'a str>,
    behind: Vec<&'a str>,
}

fn apart(text: &str) -> Text<'_> {
    let mut apart = Text::default();
    let mut section = "";
    for (at, line) in text.lines().enumerate() {
        match line {
            _ if at == 0 => {
                apart.about = line;
                continue;
            }
            _ if line.starts_with("Usage: ") => section = "usage",
            "Commands:" | "For all commands:" | "Examples:" | "Example:" => {
                section = line;
                continue;
            }
            _ if section.starts_with("Example") && line.is_empty() => section = "behind",
            _ if section.ends_with(':') && !line.is_empty() && !line.starts_with(' ') => {
                section = "usage";
            }
            _ => {}
        }
        match section {
            "" => apart.does.push(line),
            "Commands:" => apart.commands.push(line),
            "For all commands:" => apart.everywhere.push(line),
            "behind" => apart.behind.push(line),
            "usage" => apart.usage.push(line),
            _ => apart.examples.push(line.trim_start()),
        }
    }
    apart
}

/// The rows of a list of commands: the name, and what it says.
fn rows(lines: &[&str]) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let text = line.trim_start();
        if line.starts_with("   ") {
            let (_, said) = rows.last_mut().expect("a row goes on");
            let _ = write!(said, " {text}");
        } else {
            let (name, said) = text.split_once("  ").expect(line);
            rows.push((name.to_owned(), said.trim_start().to_owned()));
        }
    }
    rows
}

fn block(page: &mut String, lines: &[&str]) {
    let _ = writeln!(
        page,
        "\n```text\n{}\n```",
        lines.join("\n").trim_matches('\n')
    );
}

/// An example, with what stands behind it as a comment.
fn example(line: &str) -> String {
    match line.split_once("   ") {
        Some((typed, said)) => format!("{typed}    # {}", said.trim_start()),
        None => line.to_owned(),
    }
}

fn examples(page: &mut String, name: &str, lines: &[&str]) {
    let heading = if lines.len() == 1 {
        "Example"
    } else {
        "Examples"
    };
    let _ = writeln!(page, "\n## {heading}\n");
    let mut is_open = false;
    for (at, line) in lines.iter().enumerate() {
        let before = BEFORE
            .iter()
            .find(|(of, which, _)| *of == name && *which == at);
        if is_open && before.is_some() {
            page.push_str("```\n\n");
            is_open = false;
        }
        if let Some((_, _, script)) = before.filter(|(_, _, script)| !script.is_empty()) {
            let _ = writeln!(page, "<!-- run\n{script}-->");
        }
        if !is_open {
            page.push_str("```sh\n");
            is_open = true;
        }
        let _ = writeln!(page, "{}", example(line));
    }
    page.push_str("```\n");
}

/// The page of a command; `name` is that of its help text, `aliases` are other names of it.
fn page(name: &str, text: &str, aliases: &str) -> String {
    let apart = apart(text);
    let title = match name {
        "glide-rs" => name.to_owned(),
        _ => apart.usage[0]
            .split(' ')
            .skip(2)
            .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
            .collect::<Vec<_>>()
            .join(" "),
    };
    let mut page = format!(
        "# {title}\n\n{}.{aliases}\n",
        apart.about.trim_end_matches('.')
    );
    let does = apart.does.join("\n");
    let _ = writeln!(page, "\n{}", does.trim_matches('\n'));
    block(&mut page, &apart.usage);
    if !apart.commands.is_empty() {
        page.push_str("\n| command | |\n| --- | --- |\n");
        for (command, said) in rows(&apart.commands) {
            let file = match name {
                "glide-rs" => command.clone(),
                above => format!("{above}-{command}"),
            };
            let link = match command.as_str() {
                "help" => "`help`".to_owned(),
                _ => format!("[`{command}`]({file}.md)"),
            };
            let _ = writeln!(page, "| {link} | {} |", said.replace('|', "\\|"));
        }
    }
    if name == "glide-rs" {
        page.push_str("\n## For all commands\n");
        block(&mut page, &apart.everywhere);
    } else {
        page.push_str(
            "\nFlags that every command has: [glide-rs](glide-rs.md#for-all-commands).\n",
        );
    }
    examples(&mut page, name, &apart.examples);
    let behind = apart.behind.join("\n");
    if !behind.trim().is_empty() {
        let _ = writeln!(page, "\n{}", behind.trim_matches('\n'));
    }
    page
}

/// The pages by file name, of help texts by file name.
pub(super) fn all(texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut aliases = BTreeMap::new();
    for (file, text) in texts {
        let above = file.trim_end_matches(".txt");
        for (command, said) in rows(&apart(text).commands) {
            let name = match above {
                "glide-rs" => command,
                above => format!("{above}-{command}"),
            };
            let alias = said
                .split_once("[alias: ")
                .map(|(_, rest)| rest.trim_end_matches(']'));
            let alias = alias.map(|alias| format!(" Also called `{alias}`."));
            aliases.insert(name, alias.unwrap_or_default());
        }
    }
    let page = |(file, text): (&String, &String)| {
        let name = file.trim_end_matches(".txt");
        let aliases = aliases.get(name).map_or("", String::as_str);
        (format!("{name}.md"), page(name, text, aliases))
    };
    texts.iter().map(page).collect()
}

/// The commands as the table of contents lists them, those below another behind it.
pub(super) fn contents(texts: &BTreeMap<String, String>) -> String {
    let names = texts.keys().map(|file| file.trim_end_matches(".txt"));
    let mut names: Vec<&str> = names.filter(|name| *name != "glide-rs").collect();
    // The files' names have `import-dep.txt` before `import.txt`.
    names.sort_unstable();
    let first = "- [glide-rs](commands/glide-rs.md)\n".to_owned();
    names.iter().fold(first, |mut list, name| {
        let above = names.iter().filter_map(|above| {
            let below = name.strip_prefix(above)?.strip_prefix('-')?;
            texts[&format!("{above}.txt")]
                .contains(&format!("\n  {below} "))
                .then_some((above, below))
        });
        let _ = match { above }.next() {
            Some((above, below)) => writeln!(list, "  - [{above} {below}](commands/{name}.md)"),
            None => writeln!(list, "- [{name}](commands/{name}.md)"),
        };
        list
    })
}
