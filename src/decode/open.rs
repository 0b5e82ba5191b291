//! Any reply at all: the rows of a listing, or one value, each as its `id` and its text.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::decode::page::classify;
use crate::decode::{Failure, Misfit, Page};

/// Decodes a reply whose shape nobody declared, into the columns `id` and `raw` of `schema`.
///
/// A listing is an array, or an object whose `value` is one and that holds nothing else but
/// annotations: what has more to say is one row, so that nothing of it is lost.
pub(super) fn page(text: &str, schema: &SchemaRef) -> Result<Page, Failure> {
    let body: &RawValue = serde_json::from_str(text).map_err(classify)?;
    let (rows, next) = rows(body)?;
    let ids: Vec<_> = rows.iter().map(|row| id(row)).collect();
    let misfits = ids.iter().filter_map(|id| id.as_ref().err()).map(|found| misfit(found));
    let misfits = misfits.collect();
    let column = |name: &str| -> ArrayRef {
        match name {
            "id" => {
                Arc::new(ids.iter().map(|id| id.as_ref().ok()?.as_ref()).collect::<StringArray>())
            }
            _ => Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.get()))),
        }
    };
    let columns = schema.fields().iter().map(|field| column(field.name())).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
        .map_err(|e| Failure::Malformed(e.to_string()))?;
    Ok(Page { batch, next, misfits })
}

fn rows(body: &RawValue) -> Result<(Vec<&RawValue>, Option<String>), Failure> {
    let text = body.get();
    if text.starts_with('[') {
        return Ok((serde_json::from_str(text).map_err(classify)?, None));
    }
    if !text.starts_with('{') {
        return Ok((vec![body], None));
    }
    let envelope: Envelope<'_> = serde_json::from_str(text).map_err(classify)?;
    let list = envelope.value.filter(|value| value.get().starts_with('['));
    match list {
        _ if envelope.error && (list.is_some() || !envelope.has_more) => Err(Failure::GraphError),
        Some(list) if !envelope.has_more => {
            let rows = serde_json::from_str(list.get()).map_err(classify)?;
            Ok((rows, envelope.next))
        }
        // A page that goes on is a listing, whatever else it holds.
        _ if envelope.next.is_some() => {
            Err(Failure::Malformed("a next link without a plain list in `value`".into()))
        }
        _ => Ok((vec![body], None)),
    }
}

/// The members of an object that say what it is.
#[derive(Default)]
struct Envelope<'a> {
    value: Option<&'a RawValue>,
    next: Option<String>,
    error: bool,
    /// There is a member that is no annotation.
    has_more: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Envelope<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Envelope<'de>, A::Error> {
        let mut found = Envelope::default();
        while let Some(name) = entries.next_key::<std::borrow::Cow<'_, str>>()? {
            match name.as_ref() {
                "value" if found.value.is_some() => return Err(A::Error::custom("`value` twice")),
                "value" => found.value = Some(entries.next_value()?),
                "@odata.nextLink" => {
                    found.next = entries.next_value::<Option<String>>()?.filter(|l| !l.is_empty());
                }
                "error" => found.error |= entries.next_value::<Option<IgnoredAny>>()?.is_some(),
                other => {
                    found.has_more |= !other.contains('@');
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

#[derive(Deserialize)]
struct Identified<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

/// Returns the `id` of an object as text; the error says what stands there instead.
fn id(row: &RawValue) -> Result<Option<String>, &'static str> {
    if !row.get().starts_with('{') {
        return Ok(None);
    }
    let found: Identified<'_> = serde_json::from_str(row.get()).map_err(|_| "a repeated member")?;
    let Some(id) = found.id else { return Ok(None) };
    match id.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str(id.get()).map(Some).map_err(|_| "text that is no text"),
        Some(b'-' | b'0'..=b'9') => Ok(Some(id.get().to_owned())),
        Some(b'[') => Err("a list"),
        Some(b'{') => Err("an object"),
        _ => Err("a boolean"),
    }
}

fn misfit(found: &'static str) -> Misfit {
    Misfit { column: "id".to_owned(), key: None, found, kept_first: false }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::AsArray;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    type Cells = Vec<(Option<String>, String)>;

    fn read(text: &str) -> Result<(Cells, Option<String>, usize), Failure> {
        let field = |name| Field::new(name, DataType::Utf8, true);
        let schema = Arc::new(Schema::new(vec![field("id"), field("raw")]));
        let page = page(text, &schema)?;
        let (ids, raws) = (page.batch.column(0), page.batch.column(1));
        let cells = ids.as_string::<i32>().iter().zip(raws.as_string::<i32>().iter());
        let cells = cells.map(|(id, raw)| (id.map(str::to_owned), raw.unwrap().to_owned()));
        Ok((cells.collect(), page.next, page.misfits.len()))
    }

    #[track_caller]
    fn check(text: &str, expected: &[(Option<&str>, &str)]) {
        let (cells, ..) = read(text).unwrap();
        let cells: Vec<_> = cells.iter().map(|(id, raw)| (id.as_deref(), raw.as_str())).collect();
        assert_eq!(cells, expected, "{text}");
    }

    #[test]
    fn a_listing_is_a_row_each_and_anything_else_is_one_row() {
        check(
            r#"{"value":[{"id":"a"},{"x":1}]}"#,
            &[(Some("a"), r#"{"id":"a"}"#), (None, r#"{"x":1}"#)],
        );
        check(r#"[{"id":7}, "text"]"#, &[(Some("7"), r#"{"id":7}"#), (None, "\"text\"")]);
        check(r#"{"@odata.context":"c","value":["a",null]}"#, &[(None, "\"a\""), (None, "null")]);
        check(r#"{"value":[]}"#, &[]);
        for one in [
            r#"{"id":"a","displayName":"b"}"#,
            r#"{"id":"a","value":[1]}"#,
            r#"{"id":"a","error":{"code":"x"}}"#,
        ] {
            check(one, &[(Some("a"), one)]);
        }
        for one in [r#"{"@odata.context":"c","value":"text"}"#, "true", r#"{"value":null}"#, "{}"] {
            check(one, &[(None, one)]);
        }
    }

    #[test]
    fn the_next_link_and_odd_ids_are_told() {
        let text = r#"{"@odata.nextLink":"https://x/2","value":[{"id":1e400}]}"#;
        let (cells, next, misfits) = read(text).unwrap();
        assert_eq!(cells[0].0.as_deref(), Some("1e400"));
        assert_eq!((next.as_deref(), misfits), (Some("https://x/2"), 0));
        let odd = r#"[{"id":1,"id":2},{"id":[1]},{"id":{}},{"id":true},{"id":null}]"#;
        let (cells, _, misfits) = read(odd).unwrap();
        assert!(cells.iter().all(|(id, _)| id.is_none()));
        assert_eq!((cells.len(), misfits), (5, 4));
    }

    #[test]
    fn what_is_cut_or_an_error_gives_no_rows() {
        for cut in ["", "{", r#"{"value":[{"id":"a"}"#, r#"[{"id":"#, "tru"] {
            assert!(matches!(read(cut), Err(Failure::Cut(_))), "{cut}");
        }
        for error in [r#"{"error":{"code":"x"}}"#, r#"{"value":[],"error":{"code":"x"}}"#] {
            assert_eq!(read(error).unwrap_err(), Failure::GraphError, "{error}");
        }
        for odd in [
            r#"{"value":[],"value":[]}"#,
            r#"{"value":[],"@odata.nextLink":7}"#,
            r#"{"@odata.nextLink":"https://x/2","value":[],"more":1}"#,
        ] {
            assert!(matches!(read(odd), Err(Failure::Malformed(_))), "{odd}");
        }
    }
}
