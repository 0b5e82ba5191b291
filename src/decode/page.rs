//! The envelope: rows, next link, or an error in disguise.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringBuilder};
use datafusion::arrow::datatypes::{Fields, SchemaRef};
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::decode::builder::Members;
use crate::decode::slot::{Found, Notes, Row};
use crate::decode::{Failure, Misfit, Page, open};
use crate::spec::{Column, Kind};

/// Decodes pages of one scan: the projected columns, nothing else.
#[derive(Debug, Clone)]
pub struct Decoder {
    columns: Vec<&'static Column>,
    schema: SchemaRef,
    key: String,
    open: bool,
}

impl Decoder {
    /// Creates a decoder for `columns`, which `schema` holds in the same order.
    ///
    /// `key` is the property that names a row in a note about a misfit.
    pub fn new(columns: Vec<&'static Column>, schema: SchemaRef, key: String) -> Self {
        Self { columns, schema, key, open: false }
    }

    /// Takes replies of any shape, for a schema of `id` and `raw`.
    pub fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// Decodes the reply of a listing.
    pub fn page(&self, body: &[u8]) -> Result<Page, Failure> {
        if self.open {
            return open::page(text(body)?, &self.schema);
        }
        self.decode(body, |sink, deserializer| deserializer.deserialize_any(Envelope(sink)))
    }

    /// Decodes the reply of a direct get: one row.
    pub fn object(&self, body: &[u8]) -> Result<Page, Failure> {
        let page = self.decode(body, |sink, deserializer| {
            sink.has_value = true;
            sink.row(deserializer)
        })?;
        match serde_json::from_slice::<Disguise>(body) {
            Ok(Disguise { error: Some(_) }) => Err(Failure::GraphError),
            _ => Ok(page),
        }
    }

    fn decode<'de, F>(&self, body: &'de [u8], read: F) -> Result<Page, Failure>
    where
        F: Fn(
            &mut Sink,
            &mut serde_json::Deserializer<serde_json::de::StrRead<'de>>,
        ) -> Result<(), serde_json::Error>,
    {
        let text = text(body)?;
        let attempt = |wild_numbers| {
            let mut sink = Sink::new(&self.columns, self.schema.fields());
            sink.notes.wild_numbers = wild_numbers;
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let read = read(&mut sink, &mut deserializer).and_then(|()| deserializer.end());
            read.map(|()| sink)
        };
        let sink = match attempt(false) {
            Err(error) if has_wild_number(&error) => attempt(true),
            result => result,
        };
        let sink = sink.map_err(classify)?;
        if sink.error {
            return Err(Failure::GraphError);
        }
        if !sink.has_value {
            return Err(Failure::Malformed("the reply has no `value`".into()));
        }
        self.finish(sink, text)
    }

    fn finish(&self, mut sink: Sink, text: &str) -> Result<Page, Failure> {
        let notes = std::mem::take(&mut sink.notes);
        let next = sink.next.take();
        let rows = sink.members.rows();
        let columns = sink.columns(&self.columns).map_err(|e| Failure::Malformed(e.to_string()))?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(|e| Failure::Malformed(e.to_string()))?;
        Ok(Page { batch, next, misfits: self.misfits(notes, text) })
    }

    /// Names the rows of misfits, by reading the page again: they are rare.
    fn misfits(&self, notes: Notes, text: &str) -> Vec<Misfit> {
        if notes.misfits.is_empty() {
            return Vec::new();
        }
        let rows = rows_of(text);
        let key = |row: usize| {
            let object: BTreeMap<String, &RawValue> = serde_json::from_str(rows.get(row)?).ok()?;
            serde_json::from_str(object.get(&self.key)?.get()).ok()
        };
        let named = |found: Found| Misfit {
            column: found.path,
            key: key(found.row),
            found: found.what,
            kept_first: found.kept_first,
        };
        notes.misfits.into_iter().map(named).collect()
    }
}

/// Returns the texts of the rows, unread: what is odd in one does not hide the others.
fn rows_of(text: &str) -> Vec<&str> {
    #[derive(serde::Deserialize)]
    struct Listing<'a> {
        #[serde(borrow)]
        value: Vec<&'a RawValue>,
    }
    let listing = serde_json::from_str::<Listing<'_>>(text).map(|listing| listing.value);
    let rows = listing.or_else(|_| serde_json::from_str(text));
    rows.map_or_else(|_| vec![text], |rows| rows.into_iter().map(RawValue::get).collect())
}

/// An error object where one row was expected.
#[derive(serde::Deserialize)]
struct Disguise {
    error: Option<IgnoredAny>,
}

/// A reply must be UTF-8; one byte-order mark is tolerated.
fn text(body: &[u8]) -> Result<&str, Failure> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    std::str::from_utf8(body).map_err(|error| match error.error_len() {
        // The end of the body splits a character.
        None => Failure::Cut("the reply ends inside a character".into()),
        Some(_) => Failure::Malformed("the reply is not UTF-8".into()),
    })
}

/// A number without a machine number fails the whole page, unless numbers are read apart.
fn has_wild_number(error: &serde_json::Error) -> bool {
    error.is_syntax() && error.to_string().starts_with("number out of range")
}

/// Half a surrogate pair, which is no text in any encoding. `serde_json` has no word for it
/// but its message.
fn has_half_a_pair(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    ["unexpected end of hex escape", "lone leading surrogate"].iter().any(|m| text.starts_with(m))
}

pub(super) fn classify(error: serde_json::Error) -> Failure {
    match error.classify() {
        Category::Data => Failure::Malformed(error.to_string()),
        Category::Syntax if has_half_a_pair(&error) => Failure::Malformed(error.to_string()),
        Category::Eof | Category::Syntax | Category::Io => Failure::Cut(error.to_string()),
    }
}

/// Reads the next link from the head of a page, before the rows are decoded.
///
/// Graph sends it ahead of `value`. It is a hint for fetching early; the decoded page
/// has the last word.
pub fn peek_next_link(body: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(&body[..body.len().min(8192)]);
    let head =
        head.unwrap_or_else(|e| std::str::from_utf8(&body[..e.valid_up_to()]).unwrap_or_default());
    let found = RefCell::new(None);
    // The text is cut, so the deserializer always ends in an error; what counts is what
    // was found before it did.
    let _ = serde_json::Deserializer::from_str(head).deserialize_map(Head(&found));
    found.into_inner()
}

struct Head<'a>(&'a RefCell<Option<String>>);

impl<'de> Visitor<'de> for Head<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(name) = entries.next_key::<std::borrow::Cow<'_, str>>()? {
            match name.as_ref() {
                "value" => return Ok(()),
                "@odata.nextLink" => *self.0.borrow_mut() = entries.next_value()?,
                _ => drop(entries.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// What a page is decoded into.
struct Sink {
    members: Members,
    raw: Option<StringBuilder>,
    notes: Notes,
    next: Option<String>,
    has_value: bool,
    error: bool,
}

impl Sink {
    fn new(columns: &[&'static Column], types: &Fields) -> Self {
        let is_raw = |c: &&Column| matches!(c.kind, Kind::Raw);
        let (plain, fields): (Vec<_>, Vec<_>) =
            columns.iter().copied().zip(types.iter().cloned()).filter(|(c, _)| !is_raw(c)).unzip();
        Self {
            members: Members::new(&plain, &Fields::from(fields)),
            raw: columns.iter().any(is_raw).then(StringBuilder::new),
            notes: Notes::default(),
            next: None,
            has_value: false,
            error: false,
        }
    }

    fn row<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let row =
            Row { members: &mut self.members, raw: self.raw.as_mut(), notes: &mut self.notes };
        row.deserialize(deserializer)
    }

    /// Puts `raw` back among the columns, at its place in the projection.
    fn columns(
        &mut self,
        columns: &[&Column],
    ) -> Result<Vec<ArrayRef>, datafusion::arrow::error::ArrowError> {
        let mut plain = self.members.finish()?.into_iter();
        let mut out = Vec::with_capacity(columns.len());
        for column in columns {
            match (&column.kind, &mut self.raw) {
                (Kind::Raw, Some(raw)) => out.push(Arc::new(raw.finish()) as ArrayRef),
                _ => out.extend(plain.next()),
            }
        }
        Ok(out)
    }
}

/// The members of a reply around its rows.
struct Envelope<'a>(&'a mut Sink);

impl<'de> Visitor<'de> for Envelope<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page: an object with `value`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(name) = entries.next_key::<std::borrow::Cow<'_, str>>()? {
            match name.as_ref() {
                "value" if self.0.has_value => return Err(A::Error::custom("`value` twice")),
                "value" => entries.next_value_seed(Rows(self.0))?,
                // An empty link is the end, as an absent one is.
                "@odata.nextLink" => {
                    self.0.next = entries.next_value::<Option<String>>()?.filter(|l| !l.is_empty());
                }
                "error" => {
                    self.0.error = true;
                    entries.next_value::<IgnoredAny>()?;
                }
                _ => drop(entries.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    /// Some documented replies are a bare array.
    fn visit_seq<A: SeqAccess<'de>>(self, rows: A) -> Result<(), A::Error> {
        Rows(self.0).visit_seq(rows)
    }
}

/// The array of rows.
struct Rows<'a>(&'a mut Sink);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`value` to be a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        self.0.has_value = true;
        while rows.next_element_seed(Next(self.0))?.is_some() {}
        Ok(())
    }
}

struct Next<'a>(&'a mut Sink);

impl<'de> DeserializeSeed<'de> for Next<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.row(deserializer)
    }
}
