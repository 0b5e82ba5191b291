//! One builder per column, driven by the declaration.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListArray,
    NullBufferBuilder, StringBuilder, StructArray, TimestampMicrosecondBuilder,
};
use datafusion::arrow::buffer::{OffsetBuffer, ScalarBuffer};
use datafusion::arrow::datatypes::{DataType, FieldRef, Fields};
use datafusion::arrow::error::ArrowError;

use crate::spec::{Column, Kind, property_name};

/// The builder of one column, one field or one list item.
pub(super) enum Builder {
    Text(StringBuilder),
    Flag(BooleanBuilder),
    Integer(Int32Builder),
    Long(Int64Builder),
    Double(Float64Builder),
    Time(TimestampMicrosecondBuilder),
    Json(StringBuilder),
    Record(Record),
    List(List),
}

/// A struct column: its members and its own nulls.
pub(super) struct Record {
    fields: Fields,
    pub(super) members: Members,
    pub(super) nulls: NullBufferBuilder,
}

/// A list column: its items and where each list ends.
pub(super) struct List {
    field: FieldRef,
    pub(super) item: Box<Builder>,
    pub(super) offsets: Vec<i32>,
    pub(super) nulls: NullBufferBuilder,
    pub(super) items: usize,
}

/// The named builders of an object.
pub(super) struct Members {
    properties: Vec<String>,
    names: Vec<&'static str>,
    pub(super) builders: Vec<Builder>,
    filled: Vec<usize>,
    rows: usize,
    expected: usize,
}

impl Members {
    pub(super) fn new(columns: &[&Column], types: &Fields) -> Self {
        Self {
            properties: columns.iter().map(|c| property_name(c)).collect(),
            names: columns.iter().map(|c| c.name).collect(),
            builders: columns.iter().zip(types).map(|(c, f)| Builder::new(&c.kind, f)).collect(),
            filled: vec![0; columns.len()],
            rows: 0,
            expected: 0,
        }
    }

    /// Finds a member by its JSON name.
    ///
    /// Graph sends the properties of a resource in one order, so the member after the
    /// last one found is tried first.
    pub(super) fn find(&mut self, name: &str) -> Option<usize> {
        let count = self.properties.len();
        for step in 0..count {
            let index = self.expected + step;
            let index = if index >= count { index - count } else { index };
            if self.properties[index] == name {
                self.expected = index + 1;
                return Some(index);
            }
        }
        None
    }

    /// Claims a member for the current object; false when it was set already.
    pub(super) fn claim(&mut self, index: usize) -> bool {
        let fresh = self.filled[index] == self.rows;
        self.filled[index] = self.rows + 1;
        fresh
    }

    /// Ends the current object: members it did not have are null.
    pub(super) fn end(&mut self) {
        self.rows += 1;
        self.expected = 0;
        for (filled, builder) in self.filled.iter_mut().zip(&mut self.builders) {
            if *filled < self.rows {
                *filled = self.rows;
                builder.append_null();
            }
        }
    }

    /// The nulls that a null object leaves in every member: a field of a null struct
    /// would otherwise show the slot's content.
    pub(super) fn append_null(&mut self) {
        self.end();
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Returns what SQL calls a member.
    pub(super) fn name(&self, index: usize) -> &'static str {
        self.names[index]
    }

    pub(super) fn finish(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        self.builders.iter_mut().map(Builder::finish).collect()
    }
}

impl Builder {
    fn new(kind: &Kind, field: &FieldRef) -> Self {
        match (kind, field.data_type()) {
            (Kind::Record(columns), DataType::Struct(fields)) => {
                // The schema leaves out what the table's API version does not serve.
                let served = |c: &&Column| fields.iter().any(|f| f.name() == c.name);
                let columns: Vec<&Column> = columns.iter().filter(served).collect();
                Self::Record(Record {
                    fields: fields.clone(),
                    members: Members::new(&columns, fields),
                    nulls: NullBufferBuilder::new(1024),
                })
            }
            (Kind::List(item), DataType::List(inner)) => Self::List(List {
                field: Arc::clone(inner),
                item: Box::new(Self::new(item, inner)),
                offsets: vec![0],
                nulls: NullBufferBuilder::new(1024),
                items: 0,
            }),
            (Kind::Flag, _) => Self::Flag(BooleanBuilder::new()),
            (Kind::Integer, _) => Self::Integer(Int32Builder::new()),
            (Kind::Long, _) => Self::Long(Int64Builder::new()),
            (Kind::Double, _) => Self::Double(Float64Builder::new()),
            (Kind::Time, data_type) => {
                Self::Time(TimestampMicrosecondBuilder::new().with_data_type(data_type.clone()))
            }
            (Kind::Json, _) => Self::Json(StringBuilder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    pub(super) fn append_null(&mut self) {
        match self {
            Self::Text(b) | Self::Json(b) => b.append_null(),
            Self::Flag(b) => b.append_null(),
            Self::Integer(b) => b.append_null(),
            Self::Long(b) => b.append_null(),
            Self::Double(b) => b.append_null(),
            Self::Time(b) => b.append_null(),
            Self::Record(b) => {
                b.members.append_null();
                b.nulls.append_null();
            }
            Self::List(b) => {
                b.nulls.append_null();
                b.end();
            }
        }
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(b) | Self::Json(b) => Arc::new(b.finish()),
            Self::Flag(b) => Arc::new(b.finish()),
            Self::Integer(b) => Arc::new(b.finish()),
            Self::Long(b) => Arc::new(b.finish()),
            Self::Double(b) => Arc::new(b.finish()),
            Self::Time(b) => Arc::new(b.finish()),
            Self::Record(b) => b.finish()?,
            Self::List(b) => b.finish()?,
        })
    }
}

impl Record {
    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let rows = self.members.rows();
        let columns = self.members.finish()?;
        let nulls = self.nulls.finish();
        let fields = self.fields.clone();
        Ok(Arc::new(StructArray::try_new_with_length(fields, columns, nulls, rows)?))
    }
}

impl List {
    /// Ends the current list after the items appended so far.
    pub(super) fn end(&mut self) {
        // Invariant: a page is capped at 64 MiB, so it holds fewer than 2^31 items.
        self.offsets.push(i32::try_from(self.items).unwrap_or(i32::MAX));
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(std::mem::take(&mut self.offsets)));
        let values = self.item.finish()?;
        let nulls = self.nulls.finish();
        Ok(Arc::new(ListArray::try_new(Arc::clone(&self.field), offsets, values, nulls)?))
    }
}
