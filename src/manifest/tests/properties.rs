//! Properties of reader and writer together.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::manifest::{Config, Dependency, Lock, LockedDependency, Owner};
use crate::model::{NoRoots, VcsKind};
use crate::yaml;

/// Texts made of what decides about quotes, line breaks and types.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        " ",
        "  ",
        "\n",
        "\t",
        "\r",
        "a",
        "word ",
        "ü",
        "日本",
        "😀",
        "\u{2028}",
        "\u{85}",
        "\u{FEFF}",
        "\u{A0}",
        "\x07",
        "\"",
        "'",
        "\\",
        "#",
        " #",
        ":",
        ": ",
        "- ",
        "-",
        "?",
        "!",
        "&",
        "*",
        "[",
        "{",
        ",",
        "|",
        ">",
        "%",
        "@",
        "`",
        "...",
        "---",
        "~",
        "y",
        "null",
        "1",
        "0x1",
        "12:30",
        "1.5",
        "_",
        "e+",
        ".inf",
        "<<",
        "=",
        "thirty characters of text in it ",
    ]);
    prop_oneof![
        vec(pieces, 0..12).prop_map(|pieces| pieces.concat()),
        "[-+._0-9a-fxobEe:]{0,8}",
        any::<String>(),
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

prop_compose! {
    fn locked_dependency()(
        name in text(), version in text(), repo in text(), vcs in text(),
        mut subpackages in texts(), arch in texts(), os in texts(),
    ) -> LockedDependency {
        subpackages.sort();
        LockedDependency { name, version, repo, vcs, subpackages, arch, os }
    }
}

prop_compose! {
    fn dependency()(
        reference in text(), repo in text(), git in any::<bool>(), subpackages in texts(),
        os in texts(),
    ) -> Dependency {
        let plain = |text: String| text.trim_start_matches('/').to_owned();
        Dependency {
            name: String::new(),
            reference,
            repo,
            vcs: git.then_some(VcsKind::Git),
            subpackages: subpackages.into_iter().map(plain).collect(),
            arch: None,
            os: (!os.is_empty()).then_some(os),
        }
    }
}

prop_compose! {
    fn config()(
        description in text(), homepage in text(), license in text(), owner in text(),
        exclude_dirs in texts(), mut imports in vec(dependency(), 0..3),
    ) -> Config {
        for (place, entry) in imports.iter_mut().enumerate() {
            entry.name = format!("example.com/{place}");
        }
        let owner = Owner { name: owner, ..Owner::default() };
        Config {
            package: "example.com/own".to_owned(),
            description, homepage, license, exclude_dirs,
            owners: vec![Some(owner), None],
            imports,
            ..Config::default()
        }
    }
}

/// What `another_reader_reads_the_texts_that_were_written` reads.
#[derive(serde::Deserialize)]
struct Other {
    text: String,
}

proptest! {
    #[test]
    fn a_lock_that_was_written_is_read_as_it_was(imports in vec(locked_dependency(), 0..3)) {
        let lock = Lock { imports, ..Lock::default() };
        let written = lock.to_yaml().unwrap();
        prop_assert_eq!(Lock::parse(written.as_bytes()).unwrap(), lock);
    }

    #[test]
    fn a_manifest_that_was_written_is_read_as_it_was(config in config()) {
        let written = config.to_yaml();
        let read = Config::read(written.as_bytes(), &NoRoots).unwrap();
        prop_assert_eq!(&read, &config, "{}", &written);
        prop_assert_eq!(read.hash(), config.hash());
    }

    #[test]
    fn another_reader_reads_the_texts_that_were_written(text in text()) {
        // libyaml takes U+2028, U+2029 and U+FEFF in quotes for something else than yaml.v2 does.
        prop_assume!(!text.contains(['\u{2028}', '\u{2029}', '\u{85}', '\u{FEFF}']));
        let value = yaml::Value::Text(text.clone());
        let written = yaml::write(&vec![("text", value)]);
        let read: Other = serde_yaml::from_str(&written).unwrap();
        prop_assert_eq!(read.text, text, "{}", written);
    }

    #[test]
    fn any_bytes_are_read_or_refused_and_what_is_read_is_written_stably(bytes in any::<Vec<u8>>()) {
        if let Ok(config) = Config::read(&bytes, &NoRoots) {
            let written = config.to_yaml();
            let again = Config::read(written.as_bytes(), &NoRoots).unwrap();
            prop_assert_eq!(again.to_yaml(), written);
        }
    }
}
