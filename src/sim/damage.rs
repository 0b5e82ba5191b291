//! Carries out faults: damaged pages, damaged bodies, broken connections.

use crate::sim::fault::{Action, Canned, Change, Cut, Edit, Framing};
use crate::sim::gzip;
use crate::sim::members::replace;
use crate::sim::page::{Page, quote};
use crate::sim::reply::{Fail, Ids, Reply};

/// Bytes for the wire that no HTTP library would send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Raw {
    pub(crate) bytes: Vec<u8>,
    /// Whether the connection is reset instead of closed.
    pub(crate) reset: bool,
    /// Chunk size and pause, for slow replies.
    pub(crate) drip: Option<(usize, u64)>,
}

/// What the server does in the end.
#[derive(Debug)]
pub(crate) enum Answer {
    Reply(Reply),
    Raw(Raw),
}

/// Builds the answer a script dictates.
pub(crate) fn canned(canned: &Canned, ids: &Ids) -> Reply {
    let mut reply = match &canned.text {
        Some(text) => {
            let kind = canned.content_type.as_deref().unwrap_or("text/html; charset=utf-8");
            Reply::of(canned.status, kind, text.clone())
        }
        None => {
            let fail = Fail::new(canned.status, &canned.code, canned.message.clone());
            Reply { refused: None, ..fail.into_reply(ids) }
        }
    };
    for (name, value) in &canned.headers {
        reply.set(name, value.clone());
    }
    reply
}

/// Changes a page before it is written.
pub(crate) fn edit(
    page: &mut Page,
    edit: &Edit,
    again: &str,
    here: &str,
    origin: &str,
    before: Option<String>,
) {
    if edit.empty {
        page.rows.clear();
        page.next = Some(quote(again));
    }
    if edit.duplicate {
        page.rows.splice(0..0, before);
    }
    if let Some(template) = &edit.next {
        let truth = page.next.as_deref().unwrap_or_default().trim_matches('"');
        page.next = Some(quote(&fill(template, truth, here, origin)));
    }
    if page.next.is_none() {
        page.next.clone_from(&edit.last);
    }
    page.shape = edit.value;
    if let Some(row) = page.rows.first_mut() {
        damage_row(row, edit);
    }
}

fn damage_row(row: &mut String, edit: &Edit) {
    let mut changes: Vec<_> =
        edit.row.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    if let Some(depth) = edit.nest {
        changes.push(("nested", format!("{}{}", "[".repeat(depth), "]".repeat(depth))));
    }
    if !changes.is_empty() {
        *row = replace(row, &changes);
    }
    for (name, text) in &edit.twice {
        row.pop();
        row.push_str(&format!(",{}:{text}}}", quote(name)));
    }
}

/// Fills the placeholders of a next link.
fn fill(template: &str, truth: &str, here: &str, origin: &str) -> String {
    let path = |link: &str| link.strip_prefix(origin).unwrap_or(link).to_owned();
    let first = here.split(['?', '&']).filter(|part| !part.contains("skiptoken="));
    let first = first.collect::<Vec<_>>();
    let (head, options) = first.split_first().map_or(("", ""), |(head, _)| (*head, ""));
    let joined = first.get(1..).unwrap_or_default().join("&");
    let first = if joined.is_empty() { head.to_owned() } else { format!("{head}?{joined}") };
    template
        .replace("{origin}", origin)
        .replace("{host}", origin.trim_start_matches("http://"))
        .replace("{path}", &path(if truth.is_empty() { here } else { truth }))
        .replace("{self}", here)
        .replace("{first}", &(first + options))
}

/// Applies what is left of an action to a finished reply.
pub(crate) fn finish(action: Option<&Action>, mut reply: Reply) -> Answer {
    match action {
        Some(Action::Body(change)) => body(&mut reply, change),
        Some(Action::Gzip(kind)) => gzip::encode(&mut reply, *kind),
        Some(Action::Cut(cut)) => return Answer::Raw(broken(&reply, cut)),
        Some(Action::Drip { bytes, every_ms }) => {
            let bytes_out = message(&reply, Framing::Length, reply.body.len());
            return Answer::Raw(Raw {
                bytes: bytes_out,
                reset: false,
                drip: Some(((*bytes).max(1), *every_ms)),
            });
        }
        _ => {}
    }
    Answer::Reply(reply)
}

fn body(reply: &mut Reply, change: &Change) {
    if let Some(text) = &change.text {
        reply.body = text.clone().into();
    }
    if let Some(kind) = &change.content_type {
        reply.set("content-type", kind.clone());
    }
    if let Some(keep) = change.keep {
        reply.body.truncate(share(reply.body.len(), keep));
    }
    if change.invalid_utf8 {
        let mut bytes = Vec::from(std::mem::take(&mut reply.body));
        spoil(&mut bytes);
        reply.body = bytes.into();
    }
    if !change.prefix.is_empty() {
        reply.body = [change.prefix.as_bytes(), &reply.body].concat().into();
    }
}

/// Overwrites one byte inside the first id with one that no UTF-8 text contains.
fn spoil(bytes: &mut [u8]) {
    let mark = b"\"id\":\"";
    let found = bytes.windows(mark.len()).position(|window| window == mark);
    if let Some(byte) = found.and_then(|at| bytes.get_mut(at + mark.len())) {
        *byte = 0xff;
    }
}

fn share(len: usize, keep: f64) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cut a byte earlier is as broken"
    )]
    let kept = (len as f64 * keep.clamp(0.0, 1.0)) as usize;
    kept.min(len)
}

fn broken(reply: &Reply, cut: &Cut) -> Raw {
    let kept = share(reply.body.len(), cut.keep);
    let bytes = match cut.framing {
        Framing::Nothing => Vec::new(),
        framing => message(reply, framing, kept),
    };
    Raw { bytes, reset: cut.reset, drip: None }
}

/// Writes a message by hand, with a body of which only `kept` bytes follow.
fn message(reply: &Reply, framing: Framing, kept: usize) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {} {}\r\n", reply.status, reason(reply.status)).into_bytes();
    for (name, value) in &reply.headers {
        out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    let length = match framing {
        Framing::Length => format!("content-length: {}\r\n", reply.body.len()),
        Framing::Chunked => "transfer-encoding: chunked\r\n".to_owned(),
        Framing::Nothing | Framing::Close => String::new(),
    };
    out.extend_from_slice(format!("{length}connection: close\r\n\r\n").as_bytes());
    if framing == Framing::Chunked && kept > 0 {
        out.extend_from_slice(format!("{:x}\r\n", reply.body.len()).as_bytes());
    }
    out.extend_from_slice(&reply.body[..kept]);
    out
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        401 => "Unauthorized",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "http://127.0.0.1:1/v1.0/users?$top=1&$skiptoken=abc";

    #[test]
    fn links_are_filled_in() {
        let origin = "http://127.0.0.1:1";
        let truth = "http://127.0.0.1:1/v1.0/users?$skiptoken=def";
        let filled = |template| fill(template, truth, HERE, origin);
        assert_eq!(
            filled("https://evil.example{path}"),
            "https://evil.example/v1.0/users?$skiptoken=def"
        );
        assert_eq!(filled("{self}"), HERE);
        assert_eq!(filled("{first}"), "http://127.0.0.1:1/v1.0/users?$top=1");
        assert_eq!(filled("http://{host}@evil.example/"), "http://127.0.0.1:1@evil.example/");
    }

    #[test]
    fn a_cut_message_promises_more_than_it_holds() {
        let reply = Reply::json(200, "0123456789");
        let cut = Cut { framing: Framing::Length, keep: 0.5, reset: false };
        let text = String::from_utf8(broken(&reply, &cut).bytes).unwrap();
        assert!(text.contains("content-length: 10\r\n") && text.ends_with("\r\n\r\n01234"));
    }

    #[test]
    fn a_member_can_be_named_twice() {
        let mut row = r#"{"id":"a"}"#.to_owned();
        let twice = [("id".to_owned(), "\"b\"".to_owned())].into();
        damage_row(&mut row, &Edit { twice, nest: Some(2), ..Edit::default() });
        assert_eq!(row, r#"{"id":"a","nested":[[]],"id":"b"}"#);
    }
}
