//! One page of a collection, and the order in which Graph writes its parts.

use crate::sim::reply::Reply;

/// What stands under `value`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    #[default]
    Array,
    Missing,
    Null,
    Object,
}

/// A page before it is written.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) context: String,
    pub(crate) count: Option<usize>,
    /// The next link, as JSON text.
    pub(crate) next: Option<String>,
    pub(crate) rows: Vec<String>,
    pub(crate) shape: Shape,
}

impl Page {
    /// Writes the page; the next link comes before the rows.
    pub(crate) fn into_reply(self) -> Reply {
        let size: usize = self.rows.iter().map(|row| row.len() + 1).sum();
        let mut out = String::with_capacity(size + 1_024);
        out.push_str("{\"@odata.context\":");
        out.push_str(&quote(&self.context));
        if let Some(count) = self.count {
            out.push_str(&format!(",\"@odata.count\":{count}"));
        }
        if let Some(next) = &self.next {
            out.push_str(",\"@odata.nextLink\":");
            out.push_str(next);
        }
        match self.shape {
            Shape::Array => push_rows(&mut out, &self.rows),
            Shape::Missing => {}
            Shape::Null => out.push_str(",\"value\":null"),
            Shape::Object => out.push_str(",\"value\":{}"),
        }
        out.push('}');
        Reply::of(200, CONTENT_TYPE, out)
    }
}

/// The content type of Graph's JSON.
pub(crate) const CONTENT_TYPE: &str = "application/json;odata.metadata=minimal;\
    odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

fn push_rows(out: &mut String, rows: &[String]) {
    out.push_str(",\"value\":[");
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(row);
    }
    out.push(']');
}

/// Returns a text as JSON.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
