#[test]
fn adhoc() {
    let dir = std::env::var("STRIP_DIR").unwrap();
    let s = super::strip(std::path::Path::new(&dir)).unwrap();
    println!(
        "{} removed {} rewritten {} failed",
        s.removed.len(),
        s.rewritten.len(),
        s.failed.len()
    );
    for f in s.failed {
        println!("{f}: {}", f.source);
    }
}
