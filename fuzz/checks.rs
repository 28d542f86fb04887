//! What must hold for any bytes; shared by the fuzz targets and the test that replays their seeds.

use glide_rs::foreign::{Imported, Role, dep, gb, godep, gom, gomod, govendor, gpm, modules, vndr};
use glide_rs::manifest::{Config, FileKind, Lock, Mirrors};
use glide_rs::model::NoRoots;
use glide_rs::version::{self, Constraint, Version};
use glide_rs::yaml::{self, Value};

/// A text that is written is read back as it was.
pub(crate) fn yaml_read_emit(bytes: &[u8]) {
    let _ = yaml::parse(bytes);
    let text = String::from_utf8_lossy(bytes).into_owned();
    if text.is_empty() {
        // An empty text is left out where it may be, which is not what is looked at here.
        return;
    }
    let owner = vec![("name", Value::Text(text.clone()))];
    let written = yaml::write(&vec![
        ("package", Value::Text(text.clone())),
        ("owners", Value::Records(vec![Some(owner)])),
        ("ignore", Value::Texts(vec![text.clone(), text.clone()])),
    ]);
    let config = Config::read(written.as_bytes(), &NoRoots).expect("what was written is read");
    assert_eq!(config.package, text);
    assert_eq!(config.ignore, [text.clone(), text.clone()]);
    let owner = config.owners[0].as_ref().expect("the owner is one");
    assert_eq!(owner.name, text);
    let written_again = format!("{written}import: []\n");
    assert_eq!(config.to_yaml(), written_again);
}

/// A manifest that is read is written in a way that reads the same.
pub(crate) fn manifest_read(bytes: &[u8]) {
    let _ = FileKind::of(bytes);
    let _ = Mirrors::parse(bytes);
    if let Ok(config) = Config::read(bytes, &NoRoots) {
        let written = config.to_yaml();
        let again = Config::read(written.as_bytes(), &NoRoots).expect("what was written is read");
        // One slash is cut at each reading, as in Glide, so `//c` takes two to come to rest.
        let all = config.imports.iter().chain(&config.test_imports);
        let mut subpackages = all.flat_map(|entry| &entry.subpackages);
        if !subpackages.any(|subpackage| subpackage.starts_with('/')) {
            assert_eq!(again.to_yaml(), written);
        }
    }
}

/// A lock that is read is written in a way that reads the same.
pub(crate) fn lock_read(bytes: &[u8]) {
    let Ok(lock) = Lock::parse(bytes) else {
        return;
    };
    let Ok(written) = lock.to_yaml() else {
        return;
    };
    let again = Lock::parse(written.as_bytes()).expect("what was written is read");
    assert_eq!(again.updated, lock.updated);
    assert_eq!(again.fingerprint(), lock.fingerprint());
    assert_eq!(again.to_yaml(), Ok(written));
}

/// What a range (the first line) picks of names (the others) meets it, and if any meets it, one is picked.
pub(crate) fn constraint(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (range, names) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(range) = Constraint::parse(range) else {
        return;
    };
    let meets = |name: &str| Version::parse(name).is_some_and(|version| range.matches(&version));
    match version::pick(names.lines(), &range) {
        Some(picked) => assert!(meets(picked)),
        None => assert!(!names.lines().any(meets)),
    }
    let versions = names.lines().filter_map(Version::parse).count();
    let nearest = version::nearest(names.lines(), &range, 3);
    assert!(nearest.len() <= 3 && nearest.is_empty() == (versions == 0));
}

/// Whatever is read as JSON names each repository once, and what follows the JSON does not count.
pub(crate) fn godep_read(bytes: &[u8]) {
    let followed = [bytes, b" }"].concat();
    for read in [godep::read, gb::read] {
        let Ok(dependencies) = read(bytes, &NoRoots) else {
            continue;
        };
        let mut names: Vec<&str> = dependencies.iter().map(|entry| &*entry.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(read(&followed, &NoRoots), Ok(dependencies));
    }
}

/// A Gomfile says the same as a lock, and with one more line end.
pub(crate) fn gom_read(bytes: &[u8]) {
    let read = gom::read(bytes, None, &NoRoots);
    let as_lock = gom::read(b"", Some(bytes), &NoRoots);
    assert_eq!(read.as_ref().ok(), as_lock.as_ref().ok());
    if read.is_ok() {
        let followed = [bytes, b"\n"].concat();
        assert_eq!(gom::read(&followed, None, &NoRoots), read);
    }
    // The other formats by lines have nothing to hold but that they are read.
    let _ = gpm::read(bytes);
    let _ = gomod::read(bytes);
    let _ = gomod::module_path(bytes);
}

/// What Glide does not know says each repository once, and what is a range to dep is one to Glide.
pub(crate) fn beyond_glide_read(bytes: &[u8]) {
    let once = |read: &Imported| {
        let mut names: Vec<&str> = read.dependencies.iter().map(|entry| &*entry.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    };
    for role in [Role::Project, Role::Dependency] {
        let reads = [
            dep::read(bytes, None, role, &NoRoots),
            dep::read(bytes, Some(bytes), role, &NoRoots),
            govendor::read(bytes, role, &NoRoots),
            vndr::read(bytes, &NoRoots),
            modules::read(bytes, role, &NoRoots),
        ];
        reads.iter().flatten().for_each(once);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Some(range) = dep::in_glides_words(&text) {
        let read = Constraint::parse(&range);
        assert!(read.is_ok() || range.len() > 4096, "{range}: {read:?}");
    }
}
