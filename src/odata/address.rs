//! A path and query somebody wrote by hand, checked so that one GET below the API version is
//! all that can come of them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What a URL can't hold as it is. A `%` is the writer's own escape and stays.
const UNFIT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The longest target Graph is asked for.
const LONGEST: usize = 8_000;
/// Layers of escapes that are looked behind.
const LAYERS: usize = 4;

/// Why an address is refused: what is wrong with it, and what to do.
pub type Refusal = (&'static str, &'static str);

/// A path below the API version, and its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    query: Option<String>,
}

impl Address {
    /// Reads `/users?$top=5`. What a URL can't hold is escaped; escapes stay as they are.
    ///
    /// # Errors
    ///
    /// What could name another host, another API version, another method or no JSON.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        if text.chars().any(char::is_control) {
            return Err(("the path holds a control character", "leave it out, or escape it"));
        }
        if text.contains('#') {
            return Err(("the path holds a `#`, which no request carries", "write it as `%23`"));
        }
        if !has_sound_escapes(text) {
            return Err(("a `%` in the path begins no escape", "write a percent sign as `%25`"));
        }
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        check_start(path)?;
        check_layers(path)?;
        check_segments(path)?;
        let fit = |part: &str| utf8_percent_encode(part, UNFIT).to_string();
        let address = Self { path: fit(path), query: query.map(fit) };
        match address.target().len() > LONGEST {
            true => Err(("the path is longer than 8,000 bytes", "ask for less in one request")),
            false => Ok(address),
        }
    }

    /// Returns path and query as they go over the wire, below the version.
    pub fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// Returns the parts of the path, without escapes.
    pub fn segments(&self) -> Vec<String> {
        segments(&self.path).map(|segment| decoded(segment).into_owned()).collect()
    }

    /// Returns the value of a query option such as `$count`, the dollar sign left out.
    pub fn option(&self, name: &str) -> Option<String> {
        let options = self.query.as_deref().unwrap_or_default().split('&');
        let mut pairs = options.map(|option| option.split_once('=').unwrap_or((option, "")));
        let is_it = |key: &str| decoded(key).trim_start_matches('$').eq_ignore_ascii_case(name);
        pairs.find(|(key, _)| is_it(key)).map(|(_, value)| decoded(value).into_owned())
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1)
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

fn has_sound_escapes(text: &str) -> bool {
    let is_hex = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
    text.split('%').skip(1).all(|after| {
        let mut next = after.chars();
        is_hex(next.next()) && is_hex(next.next())
    })
}

fn check_start(path: &str) -> Result<(), Refusal> {
    if path.contains("://") || path.starts_with("//") {
        return Err((
            "the path names a host: only the configured Graph is asked",
            "leave out scheme, host and version: `/users`",
        ));
    }
    if !path.starts_with('/') {
        return Err(("the path does not begin with a slash", "write it like `/users?$top=5`"));
    }
    let first = segments(path).next().map(decoded).unwrap_or_default();
    if ["v1.0", "beta"].iter().any(|version| first.eq_ignore_ascii_case(version)) {
        return Err((
            "the path holds the API version",
            "give it as second argument: graph_get('/users', 'beta')",
        ));
    }
    Ok(())
}

/// Looks behind escapes, and escapes of escapes: whoever unfolds them on the way must not
/// find another path.
fn check_layers(path: &str) -> Result<(), Refusal> {
    const HIDDEN: Refusal =
        ("an escape in the path hides a slash or a control character", "write the path plainly");
    if path.contains('\\') {
        return Err(("the path holds a backslash", "separate its parts with `/`"));
    }
    let mut layer = Cow::Borrowed(path);
    for _ in 0..LAYERS {
        if segments(&layer).any(|segment| matches!(segment, "." | "..")) {
            return Err(("the path climbs: it holds a `.` or `..`", "write where it leads"));
        }
        let Ok(next) = percent_decode_str(&layer).decode_utf8() else { return Err(HIDDEN) };
        let slashes = |text: &str| text.matches(['/', '\\']).count();
        if slashes(&next) != slashes(path) || next.chars().any(char::is_control) {
            return Err(HIDDEN);
        }
        if next == layer {
            return Ok(());
        }
        layer = Cow::Owned(next.into_owned());
    }
    Err(HIDDEN)
}

fn check_segments(path: &str) -> Result<(), Refusal> {
    if segments(path).any(str::is_empty) {
        return Err(("a part of the path is empty", "write it like `/users` or `/users/ID`"));
    }
    let is = |segment: &str, name: &str| decoded(segment).eq_ignore_ascii_case(name);
    if segments(path).any(|segment| is(segment, "$batch")) {
        return Err(("`$batch` is no GET", "read each path with a graph_get of its own"));
    }
    let last = segments(path).last().unwrap_or_default();
    match ["$count", "$value", "$metadata"].iter().any(|name| is(last, name)) {
        true => Err(("what ends in `$count`, `$value` or `$metadata` is no JSON", "count in SQL")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, words: &str) {
        let (what, hint) = Address::read(text).unwrap_err();
        assert!(what.contains(words) && !hint.is_empty(), "{text}: {what}");
    }

    #[test]
    fn a_path_goes_out_as_written_and_what_no_url_holds_is_escaped() {
        let target = |text| Address::read(text).unwrap().target();
        assert_eq!(target("/users"), "/users");
        assert_eq!(
            target("/users?$filter=city eq 'Z\u{fc}rich' and x eq '50%25'&$top=5"),
            "/users?$filter=city%20eq%20'Z%C3%BCrich'%20and%20x%20eq%20'50%25'&$top=5"
        );
        assert_eq!(target("/users/a%23EXT%23@b.example"), "/users/a%23EXT%23@b.example");
        assert_eq!(target("/users?$search=\"a:b\""), "/users?$search=%22a:b%22");
        assert_eq!(target("/sites/h.example:/teams/x"), "/sites/h.example:/teams/x");
        assert_eq!(target("/users?u=https://h.example/..//"), "/users?u=https://h.example/..//");
    }

    #[test]
    fn options_are_found_under_any_spelling_of_their_name() {
        let address = Address::read("/users?%24Count=true&$search=\"a b\"&count2").unwrap();
        assert_eq!(address.option("count").as_deref(), Some("true"));
        assert_eq!(address.option("search").as_deref(), Some("\"a b\""));
        assert_eq!(address.option("top"), None);
        assert_eq!(Address::read("/a/b%20c?$top=1").unwrap().segments(), ["a", "b c"]);
    }

    #[test]
    fn nothing_leads_to_another_host_or_version() {
        refused("https://graph.microsoft.com/v1.0/users", "names a host");
        refused("//evil.example/users", "names a host");
        refused("users", "does not begin with a slash");
        refused("", "does not begin with a slash");
        refused("\u{20}/users", "does not begin with a slash");
        refused("@evil.example/users", "does not begin with a slash");
        refused("/v1.0/users", "API version");
        refused("/BETA", "API version");
        refused("/%62eta/users", "API version");
    }

    #[test]
    fn nothing_climbs_however_it_is_escaped() {
        for path in ["/users/..", "/../users", "/./users", "/users/../../beta/x", "/users/%2e%2e/x"]
        {
            refused(path, "climbs");
        }
        refused("/users/%252e%252e/x", "climbs");
        for path in ["/users%2fx", "/users%5Cx", "/users%252Fx", "/a%00b", "/a%0d%0aHost:x", "/%FF"]
        {
            refused(path, "hides");
        }
        refused("/users/%25252525252fx", "hides");
        refused("/users\\..\\x", "backslash");
        refused("/users\r\nHost: evil", "control character");
        refused("/users#x", "`#`");
        refused("/users?$filter=x eq '50%'", "begins no escape");
        refused("/users?x=%e\u{e9}", "begins no escape");
    }

    #[test]
    fn only_one_get_of_json_comes_of_it() {
        refused("/$batch", "$batch");
        refused("/%24BATCH", "$batch");
        refused("/users/$count", "no JSON");
        refused("/users/x/photo/$value?a=b", "no JSON");
        refused("/$metadata", "no JSON");
        refused("/", "empty");
        refused("/users/", "empty");
        refused("/users//x", "empty");
        refused(&format!("/users?x={}", "y".repeat(8_000)), "longer");
    }
}
