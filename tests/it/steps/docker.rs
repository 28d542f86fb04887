//! The Dockerfile: its form, and its lines played in folders that stand for the images.
//!
//! No engine is needed: what is copied is copied between the folders, what is run is run by `sh` in them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Road, URL, Variables, have, insist_on_static, text};

/// The instructions, each with its name and the rest of its line; lines that go on are one.
fn instructions() -> Vec<(String, String)> {
    let text = text("docker/Dockerfile");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    let lines = joined.lines().filter(|line| !line.trim().is_empty());
    let split = lines.map(|line| line.split_once(' ').unwrap());
    split
        .map(|(name, rest)| (name.to_owned(), rest.trim().to_owned()))
        .collect()
}

#[test]
fn the_form_is_in_order() {
    let instructions = instructions();
    let known = "FROM ARG ENV WORKDIR COPY RUN USER ENTRYPOINT";
    let known: Vec<_> = known.split(' ').collect();
    let mut stages: Vec<&str> = Vec::new();
    let mut bases = Vec::new();
    let mut arguments = Vec::new();
    for (name, rest) in &instructions {
        assert!(known.contains(&name.as_str()), "{name}");
        let words: Vec<_> = rest.split_whitespace().collect();
        match name.as_str() {
            "FROM" => {
                bases.push(words[0]);
                stages.push(words.get(2).copied().unwrap_or("(last)"));
            }
            "ARG" => arguments.push(words[0]),
            "COPY" => {
                if let Some(stage) = words[0].strip_prefix("--from=") {
                    let earlier = &stages[..stages.len() - 1];
                    assert!(earlier.contains(&stage), "{rest}");
                }
                assert!(!rest.contains("://"), "{rest}");
            }
            "RUN" => {
                // So that playing it writes nowhere but into its folder.
                let leads_out =
                    |it: &&str| it.contains('/') && *it != "/dev/null" && *it != "./...";
                assert!(!words.iter().copied().any(|it| leads_out(&it)), "{rest}");
                let pipes = rest.contains("| sh ") || rest.contains("| bash");
                assert!(!pipes && !rest.contains("--insecure"), "{rest}");
            }
            _ => {}
        }
    }
    assert!(stages.len() >= 3, "{stages:?}");
    assert_eq!(bases.pop(), Some("scratch"));
    assert!(bases.iter().all(|base| *base == "${BASE}"), "{bases:?}");
    let tagged = arguments.iter().any(|it| it.starts_with("BASE=debian:12"));
    assert!(tagged && !text("docker/Dockerfile").contains(":latest"));
    // Nothing is run, nor can be, where nothing is.
    let last = instructions
        .iter()
        .rposition(|(name, _)| name == "FROM")
        .unwrap();
    assert!(instructions[last..].iter().all(|(name, _)| name != "RUN"));
    let end = instructions.last().unwrap();
    assert_eq!(*end, ("ENTRYPOINT".to_owned(), "[\"/program\"]".to_owned()));
}

/// An image in the making.
#[derive(Default)]
struct Stage {
    /// Where its root is.
    root: PathBuf,
    /// The working folder in there.
    workdir: PathBuf,
    variables: BTreeMap<String, String>,
}

impl Stage {
    /// A path of the image, on this machine.
    fn at(&self, path: &str) -> PathBuf {
        let inside = Path::new("/").join(&self.workdir).join(path);
        self.root.join(inside.strip_prefix("/").unwrap())
    }

    /// Puts in `$NAME` and `${NAME}`.
    fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.variables {
            filled = filled.replace(&format!("${{{name}}}"), value);
            filled = filled.replace(&format!("${name}"), value);
        }
        filled
    }

    fn copy(&self, from: &Path, words: &[&str], left_out: &[String]) {
        let (to, names) = words.split_last().unwrap();
        let to = self.fill(to);
        let target = self.at(&to);
        let is_folder = to.ends_with('/') || to == ".";
        let folder = if is_folder {
            target.as_path()
        } else {
            target.parent().unwrap()
        };
        fs::create_dir_all(folder).unwrap();
        for name in names {
            let name = self.fill(name);
            let source = from.join(name.trim_start_matches('/'));
            let sources = if name == "." {
                let entries = fs::read_dir(&source).unwrap().map(|it| it.unwrap().path());
                let ignored = |path: &PathBuf| {
                    let name = path.file_name().unwrap().to_str().unwrap();
                    left_out.contains(&format!("/{name}"))
                };
                entries.filter(|path| !ignored(path)).collect()
            } else {
                vec![source]
            };
            for source in sources {
                let mut copy = Command::new("cp");
                let status = copy.arg("-a").arg(&source).arg(&target).status().unwrap();
                assert!(status.success(), "{} is missing", source.display());
            }
        }
    }

    fn run(&self, road: &Road, lines: &str) -> Result<(), String> {
        let mut environment = Variables::new();
        for (name, value) in &self.variables {
            let value = match value.strip_prefix('/') {
                Some(inside) => self.root.join(inside).into_os_string(),
                None => value.into(),
            };
            environment.insert(name.clone(), value);
        }
        let of_image = self.root.join("usr/local/bin");
        let stubs = road.root().join("stubs");
        let path = road.environment()["PATH"].clone();
        let path = [of_image, stubs]
            .into_iter()
            .chain(std::env::split_paths(&path));
        environment.insert("PATH".to_owned(), std::env::join_paths(path).unwrap());
        environment.insert("STAGE_ROOT".to_owned(), self.root.clone().into());
        let script = format!("cd \"$1\" && {lines}");
        fs::create_dir_all(self.at("")).unwrap();
        let arguments = ["-c", &script, "sh", self.at("").to_str().unwrap()].map(str::to_owned);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let output = road.run("sh", &arguments, &environment);
        match output.exit {
            Some(0) => Ok(()),
            _ => Err(format!("{lines}\n{}{}", output.stdout, output.stderr)),
        }
    }
}

/// What a RUN had, and what was then asked of the server.
type Ran = (String, (usize, usize));

/// Plays the file; gives the folder of the last image, or what a line that fails has said.
fn build(road: &Road, arguments: &[(&str, &str)]) -> Result<(PathBuf, Vec<Ran>), String> {
    let left_out = text("docker/Dockerfile.dockerignore");
    let left_out: Vec<_> = left_out.lines().map(str::to_owned).collect();
    let mut of_all: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: Vec<(String, Stage)> = Vec::new();
    let mut runs = Vec::new();
    for (name, rest) in instructions() {
        let words: Vec<_> = rest.split_whitespace().collect();
        let count = stages.len();
        let mut stage = stages.last_mut().map(|(_, stage)| stage);
        match (name.as_str(), &mut stage) {
            ("FROM", _) => {
                let root = road.root().join(format!("images/{count}"));
                fs::create_dir_all(&root).unwrap();
                let stage = Stage {
                    root,
                    ..Stage::default()
                };
                let name = words.get(2).copied().unwrap_or_default();
                stages.push((name.to_owned(), stage));
            }
            ("ARG", stage) => {
                let (name, default) = rest.split_once('=').unwrap_or((&rest, ""));
                let given = arguments.iter().find(|(known, _)| *known == name);
                let of_all_stages = of_all.get(name).map_or(default, String::as_str);
                let value = given.map_or(of_all_stages, |(_, value)| value).to_owned();
                let variables = stage.as_mut().map(|stage| &mut stage.variables);
                variables
                    .unwrap_or(&mut of_all)
                    .insert(name.to_owned(), value);
            }
            ("ENV", Some(stage)) => {
                let pairs = words.iter().map(|word| word.split_once('=').unwrap());
                let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
                stage.variables.extend(pairs);
            }
            ("WORKDIR", Some(stage)) => stage.workdir = PathBuf::from(&rest),
            ("RUN", Some(stage)) => {
                stage.run(road, &rest)?;
                runs.push((rest, road.asked()));
            }
            ("COPY", _) => {
                let from = words[0].strip_prefix("--from=");
                let source = match from {
                    Some(from) => {
                        let stage = stages.iter().find(|(name, _)| name == from);
                        stage.unwrap().1.root.clone()
                    }
                    None => road.project().to_owned(),
                };
                let words = if from.is_some() { &words[1..] } else { &words };
                stages.last().unwrap().1.copy(&source, words, &left_out);
            }
            _ => {}
        }
    }
    Ok((stages.pop().unwrap().1.root, runs))
}

/// Puts an `apt-get` that only notes what it is asked for, and lays the certificates where the package does.
fn stub_packages(road: &Road) {
    let folder = road.root().join("stubs");
    fs::create_dir_all(&folder).unwrap();
    let script = "#!/bin/sh\necho \"$*\" >> \"$STAGE_ROOT/apt.log\"\ncase $* in *ca-certificates*)\n    mkdir -p \"$STAGE_ROOT/etc/ssl/certs\"\n    cp \"$SSL_CERT_FILE\" \"$STAGE_ROOT/etc/ssl/certs/ca-certificates.crt\"\nesac\n";
    let program = folder.join("apt-get");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn the_image_holds_a_static_program_and_the_certificates() {
    if !have(&["go", "make", "curl", "ldd"]) {
        return;
    }
    let road = Road::new();
    stub_packages(&road);
    // What a checkout may hold, and no image is to be made of.
    road.world
        .sandbox
        .write("vendor/github.com/acme/log/log.go", "package broken\n");
    road.world.sandbox.write(".git/config", "");
    let arguments = [("GLIDE_RS_URL", URL), ("GLIDE_RS_SHA256", &*road.sum)];
    let (image, runs) = build(&road, &arguments).unwrap();
    let asked = |part: &str| {
        let (_, asked) = runs.iter().find(|(line, _)| line.ends_with(part)).unwrap();
        *asked
    };
    assert_eq!(asked("--strip-components=1"), (1, 0));
    assert_eq!(asked("glide-rs install"), (0, 1));
    assert_eq!(asked("glide-rs install --frozen"), (0, 0));
    let project = road.root().join("images/1/src");
    assert!(!project.join(".git").exists());
    let list = Command::new("find")
        .arg(&image)
        .args(["-type", "f", "-printf", "%P\\n"])
        .output();
    let mut files: Vec<_> = String::from_utf8(list.unwrap().stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    files.sort();
    assert_eq!(files, ["etc/ssl/certs/ca-certificates.crt", "program"]);
    insist_on_static(&image.join("program"));
    // An empty root, where one may be made: with the rights of root, or in a namespace of one's own.
    let inside = |launcher: &[&str]| {
        let mut command = Command::new(launcher[0]);
        let command = command.args(&launcher[1..]).arg(&image).arg("/program");
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .output()
            .ok()
    };
    let launchers = [
        &["chroot"][..],
        &["unshare", "--user", "--map-root-user", "chroot"],
    ];
    let ran = launchers
        .iter()
        .find_map(|it| inside(it).filter(|it| it.status.success()));
    match ran {
        Some(output) => assert!(output.stdout.starts_with(b"hello log "), "{output:?}"),
        None => println!("skipped: an empty root cannot be entered here"),
    }
}

#[test]
fn a_release_with_another_checksum_is_not_unpacked() {
    if !have(&["curl"]) {
        return;
    }
    let road = Road::new();
    stub_packages(&road);
    let another = "0".repeat(64);
    let arguments = [("GLIDE_RS_URL", URL), ("GLIDE_RS_SHA256", another.as_str())];
    let said = build(&road, &arguments).unwrap_err();
    assert!(said.contains("did NOT match"), "{said}");
    let tool = road.root().join("images/0/tool");
    assert!(tool.join("archive.tar.gz").is_file() && !tool.join("glide-rs").exists());
}

#[test]
fn a_program_that_is_not_static_is_refused() {
    if !have(&["go", "make", "curl", "ldd", "cc"]) {
        return;
    }
    let road = Road::new();
    stub_packages(&road);
    let release = [("GLIDE_RS_URL", URL), ("GLIDE_RS_SHA256", &*road.sum)];
    let arguments = [&release[..], &[("TARGET", "linked")]].concat();
    let said = build(&road, &arguments).unwrap_err();
    assert!(said.contains("bin/app is not static"), "{said}");
}
