//! What a result cost and how far it can be trusted.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use crate::provider::ScanReceipt;

/// The receipt of one query. `Display` is one line.
#[derive(Debug, Clone, Default)]
pub struct Receipt {
    /// Rows of the result handed out so far.
    pub rows: u64,
    /// Pages decoded.
    pub pages: u64,
    /// Requests sent to Graph, retries included.
    pub requests: u64,
    /// Those among them that were sent again.
    pub retries: u64,
    /// Time spent waiting for a turn.
    pub throttled: Duration,
    /// Bytes of all replies, decoded.
    pub bytes: u64,
    /// When the query was planned.
    pub started: DateTime<Utc>,
    /// Time since then.
    pub elapsed: Duration,
    /// What each scan did.
    pub scans: Vec<ScanReceipt>,
    /// What the reader should know.
    pub warnings: Vec<String>,
    /// Every row the query asks for was handed out.
    pub complete: bool,
    /// An error ended the query.
    pub failed: bool,
}

impl Receipt {
    /// Tells whether an error ended the query after rows were handed out.
    pub fn is_partial(&self) -> bool {
        self.failed && self.rows > 0
    }

    /// Says for each scan whose rows came from the cache how old they are, each once.
    pub fn cached(&self) -> Vec<String> {
        let mut told = Vec::new();
        for (scan, hit) in self.scans.iter().filter_map(|scan| Some((scan, scan.cached?))) {
            let rows = counted(scan.rows, "row");
            let line = format!("{}: {rows} from the cache, {hit}", scan.table);
            if !told.contains(&line) {
                told.push(line);
            }
        }
        told
    }

    /// Returns the receipt as one JSON object, for the metadata of a file.
    pub fn to_json(&self) -> String {
        self.json().to_string()
    }

    /// Returns what each scan did, in a line: rows, first and last event, what was sent.
    pub fn details(&self) -> Vec<String> {
        self.scans.iter().map(detail).collect()
    }

    pub(super) fn json(&self) -> serde_json::Value {
        let scans: Vec<_> = self.scans.iter().map(scan_json).collect();
        json!({
            "started": self.started.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            "rows": self.rows,
            "pages": self.pages,
            "requests": self.requests,
            "retries": self.retries,
            "throttled_ms": millis(self.throttled),
            "bytes": self.bytes,
            "elapsed_ms": millis(self.elapsed),
            "scans": scans,
            "warnings": self.warnings,
            "complete": self.complete,
            "failed": self.failed,
        })
    }
}

fn detail(scan: &ScanReceipt) -> String {
    let source = scan.cached.map(|hit| format!("from the cache, {hit}"));
    let source = source.unwrap_or_else(|| match scan {
        ScanReceipt { shared: true, .. } => "fetched with another scan".to_owned(),
        ScanReceipt { is_counted: true, .. } => "counted by Graph".to_owned(),
        _ => counted(scan.pages, "page"),
    });
    let mut facts = vec![counted(scan.rows, "row"), source];
    if scan.spans > 0 {
        facts.push(format!("read in {}", counted(scan.spans, "span")));
    }
    if scan.restarts > 0 {
        facts.push(format!("went on {} after it broke off", counted(scan.restarts, "time")));
    }
    if let Some((newest, oldest)) = scan.span {
        let of = |micros| instant(micros).unwrap_or_default();
        facts.push(format!("{} to {}", of(oldest), of(newest)));
    }
    let listed = |what: &str, list: &[String]| {
        (!list.is_empty()).then(|| format!("{what} {}", list.join(" and ")))
    };
    facts.extend(listed("pushed", &scan.pushed));
    facts.extend(listed("rechecked", &scan.rechecked));
    format!("{}: {}", scan.table, facts.join("; "))
}

fn counted(n: u64, one: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}

fn scan_json(scan: &ScanReceipt) -> serde_json::Value {
    json!({
        "table": scan.table,
        "target": scan.target,
        "rows": scan.rows,
        "pages": scan.pages,
        "spans": scan.spans,
        "restarts": scan.restarts,
        "counted": scan.is_counted,
        "pushed": scan.pushed,
        "rechecked": scan.rechecked,
        "newest": scan.span.and_then(|s| instant(s.0)),
        "oldest": scan.span.and_then(|s| instant(s.1)),
        "shared": scan.shared,
        "finished": scan.finished,
        "cached_at": scan.cached.map(|hit| hit.read_at.to_rfc3339()),
        "cache_age_ms": scan.cached.map(|hit| millis(hit.age)),
    })
}

fn instant(micros: i64) -> Option<String> {
    DateTime::from_timestamp_micros(micros).map(|t| t.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut facts = vec![counted(self.rows, "row"), counted(self.requests, "request")];
        if self.pages != self.requests {
            facts.push(counted(self.pages, "page"));
        }
        if self.retries > 0 {
            facts.push(match self.retries {
                1 => "1 retry".to_owned(),
                n => format!("{n} retries"),
            });
        }
        if self.throttled >= Duration::from_millis(50) {
            facts.push(format!("throttled {:.1} s", self.throttled.as_secs_f64()));
        }
        if self.bytes > 0 {
            facts.push(size(self.bytes));
        }
        facts.push(format!("{:.2} s", self.elapsed.as_secs_f64()));
        match (self.complete, self.failed) {
            (true, _) => {}
            (false, true) => facts.push("incomplete".to_owned()),
            (false, false) => facts.push("stopped early".to_owned()),
        }
        f.write_str(&facts.join(", "))
    }
}

#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
