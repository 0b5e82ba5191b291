//! The attacker: rows and refusals full of what a terminal might obey.

use entraql::sim::{Simulator, TENANT_ID};
use serde_json::{Value, json};

use crate::pty::failing;

/// What an attacker puts into a name: each in a field of its own, and all in a row.
pub const ATTACKS: [&str; 21] = [
    "clear \u{1b}[2J\u{1b}[H",
    "color \u{1b}[31;5mred",
    "link \u{1b}]8;;http://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "clipboard \u{1b}]52;c;ZXZpbA==\u{7}",
    "title \u{1b}]0;owned\u{7}",
    "ask \u{1b}[6n\u{1b}[c\u{5}",
    "device \u{1b}P1$r0m\u{1b}\\",
    "alternate \u{1b}[?1049h",
    "one byte \u{9b}31m\u{9d}0;x\u{9c}\u{90}",
    "bell \u{7}",
    "back secret\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}public",
    "return safe\rEVIL",
    "delete \u{7f}",
    "null \u{0}",
    "lines a\nerror: forged\n\nentraql> ",
    "tab a\tb\u{b}\u{c}",
    "right to left \u{202e}gpj.exe\u{202c}",
    "isolate \u{2066}x\u{2069}\u{200f}",
    "zero\u{200b}width\u{200d}\u{2060}\u{feff}",
    "separators \u{2028}\u{2029}\u{85}",
    "tags \u{e0041}\u{e007f}\u{ad}",
];

/// Text as the terminal may see it: the same letters, with everything that steers written out.
///
/// Written down a second time, from the promise and not from the code that keeps it.
pub fn inert(text: &str) -> String {
    text.chars().map(written_out).collect()
}

fn written_out(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if steers(c) => format!("\\u{{{:x}}}", u32::from(c)),
        c => c.to_string(),
    }
}

/// Whether a character steers, reorders or hides.
pub fn steers(c: char) -> bool {
    let hides = matches!(c, '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
    let reorders =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    c.is_control() || hides || reorders
}

/// Every attack in one text.
pub fn all_attacks() -> String {
    ATTACKS.concat()
}

/// A tenant whose rows say what `write` makes of the attacks.
pub fn tenant(write: fn(&str) -> String) -> Simulator {
    let rows: Vec<_> = ATTACKS.iter().map(|attack| row(&write(attack))).collect();
    let page = json!({ "value": rows }).to_string();
    answering("/", 200, &page)
}

/// A tenant that answers everything with this status and hostile words.
pub fn refusing(status: u16) -> Simulator {
    let words = all_attacks();
    let error = json!({ "error": {
        "code": words, "message": words,
        "innerError": { "request-id": words, "client-request-id": words, "date": words },
    }});
    answering("/", status, &error.to_string())
}

/// A tenant that gives no token, and says so in hostile words.
pub fn tokenless(code: &str) -> Simulator {
    let words = all_attacks();
    let error = json!({
        "error": format!("{code}{words}"), "error_description": format!("AADSTS7000215: {words}"),
        "error_codes": [7_000_215], "trace_id": words, "correlation_id": words, "timestamp": words,
    });
    answering(&format!("/{TENANT_ID}"), 401, &error.to_string())
}

/// A simulator that gives one answer to every request for a path.
pub fn answering(path: &str, status: u16, body: &str) -> Simulator {
    let reply = json!({ "status": status, "text": body, "content_type": "application/json" });
    let step = json!({ "when": { "path": path, "times": 0 }, "do": { "reply": reply } });
    failing(&json!([step]).to_string())
}

/// An object that could come from any table: what a table does not know, it ignores.
fn row(text: &str) -> Value {
    let mut row = json!({
        "businessPhones": [text, text],
        "proxyAddresses": [text],
        "groupTypes": [text],
        "signInEventTypes": ["interactiveUser"],
        "accountEnabled": true,
        "createdDateTime": "2026-11-14T10:00:00Z",
        "activityDateTime": "2026-11-14T10:00:00Z",
        "riskLastUpdatedDateTime": "2026-11-14T10:00:00Z",
        "status": { "errorCode": 50126, "failureReason": text, "additionalDetails": text },
        "location": { "city": text, "countryOrRegion": text },
        "deviceDetail": { "displayName": text, "browser": text },
        "initiatedBy": { "user": { "displayName": text, "userPrincipalName": text } },
        "targetResources": [{ "displayName": text, "modifiedProperties": [
            { "displayName": text, "oldValue": text, "newValue": text }
        ] }],
        // A name nobody knows, and a value that does not fit.
        text: text,
        "lastPasswordChangeDateTime": text,
        "isInteractive": text,
    });
    for name in [
        "id",
        "displayName",
        "userPrincipalName",
        "userDisplayName",
        "department",
        "jobTitle",
        "mail",
        "city",
        "description",
        "activityDisplayName",
        "category",
        "result",
        "riskLevel",
        "riskState",
        "riskDetail",
        "appDisplayName",
        "ipAddress",
        "correlationId",
        "userId",
        "userType",
        "visibility",
    ] {
        row[name] = text.into();
    }
    row
}
