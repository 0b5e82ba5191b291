//! Documents and manifests: what they must name, and what nothing may name.

use crate::tidy::rooms;
use crate::tidy::source::{files, read};

#[test]
fn the_architecture_names_every_room() {
    let text = read("ARCHITECTURE.md");
    assert_eq!(missing(&text), Vec::<&str>::new());
    assert!(!missing("no room").is_empty(), "an empty page must not pass");
}

fn missing(text: &str) -> Vec<&'static str> {
    rooms::names().filter(|room| !text.contains(&format!("`{room}`"))).collect()
}

/// The project stands on its own: no file leads to a folder outside of it.
#[test]
fn nothing_leads_outside() {
    let planted = format!("see {}/design", outside());
    assert!(leads_outside(&planted) && !leads_outside("shared by all scans"));
    let found: Vec<_> = files(".").into_iter().filter(|path| leads_outside(&read(path))).collect();
    assert!(found.is_empty(), "{found:?}");
}

fn outside() -> &'static str {
    concat!("work/", "shared")
}

fn leads_outside(text: &str) -> bool {
    let design = concat!("shared", "/design");
    text.contains(outside()) || text.contains(design)
}

#[test]
fn one_http_client_one_arrow_and_no_openssl() {
    let lock = read("Cargo.lock");
    assert_eq!(odd_packages(&lock), Vec::<String>::new());
    let twice = "name = \"arrow\"\n".repeat(2);
    for planted in [twice.as_str(), "name = \"openssl-sys\"\n"] {
        assert!(!odd_packages(&format!("{lock}{planted}")).is_empty(), "{planted}");
    }
}

fn odd_packages(lock: &str) -> Vec<String> {
    let count = |name: &str| lock.matches(&format!("name = \"{name}\"\n")).count();
    let once = ["reqwest", "hyper", "rustls", "arrow", "parquet", "datafusion"];
    let never = ["openssl", "openssl-sys", "native-tls", "aws-lc-rs"];
    let repeated = once.into_iter().filter(|name| count(name) != 1);
    let unwanted = never.into_iter().filter(|name| count(name) != 0);
    repeated.chain(unwanted).map(|name| format!("{name}: {}", count(name))).collect()
}
