//! The observables of an event: what it names that can be looked for elsewhere.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, Int32Builder, ListArray, StringBuilder, StructArray,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::functions::FAMILY;
use crate::ocsf::schema::{self, Schema};

const ABOUT: About = About {
    name: "ocsf_observables",
    family: FAMILY,
    text: "Returns a list of OCSF observables: of each path, type id and value one, with the \
           caption of its type. Those whose value is null or empty are left out; null if none is \
           left.",
    example: "SELECT ocsf_observables('src_endpoint.ip', 2, '198.51.100.7', 'user.name', 4, NULL)[1]['type']",
    result: "IP Address",
};

/// Attributes of one observable.
const WIDTH: usize = 3;

pub(super) fn functions() -> Vec<Function> {
    let arguments = const {
        &[
            argument("name", Kind::Text, "Path of the attribute, such as `src_endpoint.ip`."),
            argument("type_id", Kind::Integer, "What it is, such as 2 for an IP address."),
            argument("value", Kind::Text, "The value of the attribute."),
        ]
    };
    vec![Function::new(&ABOUT, arguments, |_| Ok(list()), run).repeating()]
}

fn fields() -> Fields {
    let field = |name: &str, data_type| Field::new(name, data_type, true);
    Fields::from(vec![
        field("name", DataType::Utf8),
        field("type_id", DataType::Int32),
        field("type", DataType::Utf8),
        field("value", DataType::Utf8),
    ])
}

fn list() -> DataType {
    DataType::new_list(DataType::Struct(fields()), true)
}

/// The columns of the list's items, as far as they are written.
#[derive(Default)]
struct Columns {
    names: StringBuilder,
    ids: Int32Builder,
    types: StringBuilder,
    values: StringBuilder,
}

impl Columns {
    fn append(&mut self, name: &str, id: Option<i32>, caption: Option<&str>, value: &str) {
        self.names.append_value(name);
        self.ids.append_option(id);
        self.types.append_option(caption);
        self.values.append_value(value);
    }

    fn finish(mut self) -> Result<StructArray> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.names.finish()),
            Arc::new(self.ids.finish()),
            Arc::new(self.types.finish()),
            Arc::new(self.values.finish()),
        ];
        Ok(StructArray::try_new(fields(), columns, None)?)
    }
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let one =
        |at| Ok((arguments.texts(at)?, arguments.integers(at + 1)?, arguments.texts(at + 2)?));
    let given = (0..arguments.count()).step_by(WIDTH).map(one).collect::<Result<Vec<_>>>()?;
    let observable = schema::versions()
        .last()
        .and_then(Schema::of)
        .and_then(|schema| schema.object("observable"));
    let captions = observable.and_then(|o| o.attributes.get("type_id")).map(|a| &a.captions);
    let mut columns = Columns::default();
    let (mut lengths, mut valid) = (Vec::new(), Vec::new());
    for row in 0..arguments.rows() {
        let mut found = 0;
        for (names, ids, values) in &given {
            let value = values.at(row).filter(|value| !value.is_empty());
            let Some((name, value)) = names.at(row).zip(value) else { continue };
            let id = ids.is_valid(row).then(|| ids.value(row));
            let caption = id.zip(captions).and_then(|(id, captions)| captions.get(&id));
            let id = id.and_then(|id| i32::try_from(id).ok());
            columns.append(name, id, caption.map(String::as_str), value);
            found += 1;
        }
        lengths.push(found);
        valid.push(found > 0);
    }
    let item = Arc::new(Field::new("item", DataType::Struct(fields()), true));
    let offsets = OffsetBuffer::from_lengths(lengths);
    let nulls = Some(NullBuffer::from(valid));
    Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(columns.finish()?), nulls)?))
}
