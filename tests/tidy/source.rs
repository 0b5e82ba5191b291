//! A source file as the rules see it: with and without comments, literals and tests.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// One file, read for the rules.
#[derive(Debug)]
pub struct Source {
    /// The path below the repository, with forward slashes.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// The text with comments and literals blanked, at the same places.
    pub code: String,
    /// The code without its tests.
    pub product: String,
}

impl Source {
    /// Reads `text` as if it were found at `path`.
    pub fn new(path: &str, text: &str) -> Self {
        let code = blank_literals(text);
        let product = if is_test(path) { String::new() } else { blank_tests(&code) };
        Self { path: path.to_owned(), text: text.to_owned(), code, product }
    }

    /// Returns the room: the first folder below `src`, or the file that stands there.
    pub fn room(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let first = below.split('/').next().unwrap_or(below);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Tells whether the file is in a room, or is the very file.
    pub fn is_in(&self, place: &str) -> bool {
        self.room() == place || self.path == place
    }

    /// Words a finding at a byte of the text.
    pub fn at(&self, byte: usize, what: &str) -> String {
        let line = self.text[..byte].matches('\n').count() + 1;
        format!("{}:{line}: {what}", self.path)
    }
}

/// Every file of the crate, read once for all rules.
pub fn crate_files() -> &'static [Source] {
    static FILES: OnceLock<Vec<Source>> = OnceLock::new();
    FILES.get_or_init(|| tree("src"))
}

/// Reads every Rust file below a folder of the repository.
pub fn tree(folder: &str) -> Vec<Source> {
    let is_rust = |path: &String| Path::new(path).extension().is_some_and(|end| end == "rs");
    let files = files(folder).into_iter().filter(is_rust);
    let sources: Vec<_> = files.map(|path| Source::new(&path, &read(&path))).collect();
    assert!(!sources.is_empty(), "no source in {folder}: every rule would pass");
    sources
}

/// Lists the files below a folder of the repository, sorted.
pub fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(root().join(folder)).expect("the folder can be listed");
    for entry in entries.map(|entry| entry.expect("an entry can be read")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder == "." { name.clone() } else { format!("{folder}/{name}") };
        match entry.file_type().expect("an entry has a type").is_dir() {
            true if matches!(name.as_str(), ".git" | "target") => {}
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// Reads one file of the repository.
pub fn read(path: &str) -> String {
    let bytes = fs::read(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file that holds nothing but tests.
fn is_test(path: &str) -> bool {
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs");
    path.contains("/tests/") || matches!(stem, "tests" | "testing") || stem.ends_with("_tests")
}

/// Replaces comments and literals by blanks; offsets and line ends stay.
fn blank_literals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let inside_word = out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = opaque(rest, inside_word);
        if length == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            blank(&rest[..length], &mut out);
            rest = &rest[length..];
        }
    }
    out
}

/// One blank per byte, so that a place in the code is a place in the text.
fn blank(text: &str, out: &mut String) {
    out.extend(text.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }));
}

/// Returns the length of the comment or literal that starts here, or 0.
fn opaque(rest: &str, inside_word: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if rest.starts_with('\'') {
        return character(rest);
    }
    let word = if inside_word { rest } else { rest.trim_start_matches(['b', 'c', 'r']) };
    let prefix = rest.len() - word.len();
    let body = &rest[prefix..];
    let hashes = body.len() - body.trim_start_matches('#').len();
    match body[hashes..].starts_with('"') {
        true if rest[..prefix].contains('r') => prefix + raw(body, hashes),
        true if hashes == 0 => prefix + string(body),
        _ => 0,
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    for at in 0..rest.len() {
        match rest.as_bytes().get(at..at + 2) {
            Some(b"/*") => depth += 1,
            Some(b"*/") if depth == 1 => return at + 2,
            Some(b"*/") => depth -= 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character literal; a lifetime is not one.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[3..].find('\'').map_or(rest.len(), |at| at + 4),
        Some((at, c)) if rest[at + c.len_utf8()..].starts_with('\'') => at + c.len_utf8() + 1,
        _ => 0,
    }
}

fn raw(body: &str, hashes: usize) -> usize {
    let end = format!("\"{}", "#".repeat(hashes));
    let start = hashes + 1;
    body[start..].find(&end).map_or(body.len(), |at| start + at + end.len())
}

fn string(body: &str) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    body.len()
}

/// Blanks the items that only tests are built with, from the mark to the closing brace.
fn blank_tests(code: &str) -> String {
    const MARKS: [&str; 2] = ["#[cfg(test)]", "#[cfg(all(test"];
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = MARKS.iter().filter_map(|mark| rest.find(mark)).min() {
        out.push_str(&rest[..start]);
        let end = start + item_end(&rest[start..]);
        blank(&rest[start..end], &mut out);
        rest = &rest[end..];
    }
    out + rest
}

/// Returns where the first item of `code` ends.
fn item_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn comments_and_literals_are_blanked() {
    let text = "a /* b /* c */ */ \"d\\\"\" r#\"e\"f\"# 'g' '\\'' '\\u{1}' b\"h\" x'y // z\n'k";
    let code = blank_literals(text);
    assert_eq!(code.len(), text.len());
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "x'y", "'k"]);
}

#[test]
fn tests_are_blanked_and_the_rest_is_kept() {
    let text =
        "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { \"}\" } }\n#[cfg(test)]\nmod t;\nfn c() {}";
    let source = Source::new("src/a/b.rs", text);
    assert!(source.product.contains("fn a") && source.product.contains("fn c"));
    assert!(!source.product.contains("fn b") && !source.product.contains("mod t"));
    assert!(source.code.contains("fn b"));
    assert!(Source::new("src/a/tests.rs", text).product.is_empty());
}

#[test]
fn a_finding_names_file_and_line() {
    let source = Source::new("src/a/b.rs", "one\ntwo");
    assert_eq!(source.at(4, "what"), "src/a/b.rs:2: what");
    assert_eq!(source.room(), "a");
    assert_eq!(Source::new("src/error.rs", "").room(), "error");
}
