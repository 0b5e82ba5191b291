//! Which folder a row belongs to: `name=value` for each column, as Hive has it.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Schema, TimeUnit};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::error::{Error, ErrorKind, Result};
use crate::output::FileFormat;
use crate::output::out::from_format;

/// The column that rows need not have.
const DAY: &str = "day";

/// The times `day` can come from, the first of them a row has.
const TIMES: [&str; 4] = ["time", "activity_date_time", "created_date_time", "detected_date_time"];

/// What Hive calls the folder of NULL.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// What Hive escapes in a folder's name.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'\'')
    .add(b'*')
    .add(b'/')
    .add(b':')
    .add(b'=')
    .add(b'?')
    .add(b'\\')
    .add(b'{')
    .add(b'[')
    .add(b']')
    .add(b'^');

/// How rows are told apart.
pub(super) struct Partition {
    keys: Vec<Key>,
    /// The columns that are written: those a folder's name does not tell.
    kept: Vec<usize>,
}

/// One level of folders.
struct Key {
    name: String,
    column: usize,
    is_day: bool,
}

impl Partition {
    /// Finds the columns.
    ///
    /// # Errors
    ///
    /// `Usage` when there is none of a name, or its values are no names for a folder.
    pub(super) fn new(schema: &Schema, by: &[String], format: FileFormat) -> Result<Self> {
        let keys: Vec<_> = by.iter().map(|name| Key::new(schema, name)).collect::<Result<_>>()?;
        // A line of text is read without its folder; Parquet's readers know the folder, and
        // some of them refuse a column that is in both.
        let told = |at: &usize| keys.iter().any(|key| key.column == *at && !key.is_day);
        let is_text = matches!(format, FileFormat::Text(_));
        let kept = (0..schema.fields().len()).filter(|at| is_text || !told(at)).collect();
        Ok(Self { keys, kept })
    }

    /// Returns the columns that are written.
    pub(super) fn kept(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        batch.project(&self.kept).map_err(from_format)
    }

    /// Returns the rows of each folder, in their order.
    pub(super) fn folders(&self, batch: &RecordBatch) -> Result<BTreeMap<String, Vec<u32>>> {
        let values: Vec<_> =
            self.keys.iter().map(|key| key.values(batch)).collect::<Result<_>>()?;
        let mut folders: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut folder = String::new();
        for (at, row) in (0..batch.num_rows()).zip(0..) {
            folder.clear();
            for (key, values) in self.keys.iter().zip(&values) {
                key.name(values.is_valid(at).then(|| values.value(at)), &mut folder);
            }
            match folders.get_mut(&folder) {
                Some(rows) => rows.push(row),
                None => drop(folders.insert(folder.clone(), vec![row])),
            }
        }
        Ok(folders)
    }
}

impl Key {
    fn new(schema: &Schema, name: &str) -> Result<Self> {
        let found = schema.column_with_name(name).map(|(at, _)| (at, false));
        let day = || (name == DAY).then(|| time_of(schema)).flatten().map(|at| (at, true));
        let (column, is_day) = found.or_else(day).ok_or_else(|| missing(schema, name))?;
        let kind = schema.field(column).data_type();
        if kind.is_nested() || kind.is_floating() || matches!(kind, DataType::Null) {
            let message = format!("`{name}` cannot name folders: its values are {kind}");
            return Err(Error::new(ErrorKind::Usage, message)
                .with_hint("a column of texts, whole numbers or days can"));
        }
        Ok(Self { name: escaped(name), column, is_day })
    }

    fn values(&self, batch: &RecordBatch) -> Result<StringArray> {
        let column = batch.column(self.column);
        let to = |column: &ArrayRef, kind| cast(column, &kind).map_err(from_format);
        let text = match (self.is_day, column.data_type()) {
            (false, _) => to(column, DataType::Utf8)?,
            (true, DataType::Int64) => {
                let time = to(column, DataType::Timestamp(TimeUnit::Millisecond, None))?;
                to(&to(&time, DataType::Date32)?, DataType::Utf8)?
            }
            (true, _) => to(&to(column, DataType::Date32)?, DataType::Utf8)?,
        };
        // A value that has no text would be taken for NULL.
        match text.null_count() == column.logical_null_count() {
            true => Ok(text.as_string().clone()),
            false => Err(Error::new(
                ErrorKind::Output,
                format!("`{}` has a value that cannot name a folder", self.name),
            )),
        }
    }

    fn name(&self, value: Option<&str>, folder: &mut String) {
        if !folder.is_empty() {
            folder.push('/');
        }
        folder.push_str(&self.name);
        folder.push('=');
        match value {
            Some(value) => folder.extend(utf8_percent_encode(value, ESCAPED)),
            None => folder.push_str(NULL),
        }
    }
}

fn escaped(name: &str) -> String {
    utf8_percent_encode(name, ESCAPED).to_string()
}

/// The time of rows: milliseconds or a timestamp.
fn time_of(schema: &Schema) -> Option<usize> {
    let is_time = |kind: &DataType| matches!(kind, DataType::Int64 | DataType::Timestamp(..));
    let found = TIMES.iter().filter_map(|name| schema.column_with_name(name));
    found.filter(|(_, field)| is_time(field.data_type())).map(|(at, _)| at).next()
}

fn missing(schema: &Schema, name: &str) -> Error {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    let near = |known: &str| strsim::normalized_damerau_levenshtein(name, known);
    let best = names.max_by(|a, b| near(a).total_cmp(&near(b))).filter(|best| near(best) > 0.6);
    let hint = match best {
        Some(best) => format!("did you mean `{best}`?"),
        None if name == DAY => format!("a day needs one of the columns {}", TIMES.join(", ")),
        None => "`DESCRIBE` lists the columns; the fields of a record are none".to_owned(),
    };
    Error::new(ErrorKind::Usage, format!("there is no column `{name}` to partition by"))
        .with_hint(hint)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{Int64Array, TimestampMicrosecondArray};

    use super::*;
    use crate::output::testing::{batch, numbers, record, text};

    fn folders(rows: &RecordBatch, by: &[&str]) -> Result<Vec<String>> {
        let by: Vec<_> = by.iter().map(|&name| name.to_owned()).collect();
        let partition = Partition::new(&rows.schema(), &by, FileFormat::Parquet)?;
        Ok(partition.folders(rows)?.into_keys().collect())
    }

    #[test]
    fn a_day_is_that_of_the_time_in_utc() {
        let (last, first) = (1_794_614_399_999_i64, 1_794_614_400_000_i64);
        let millis = Int64Array::from(vec![Some(last), Some(first), None]);
        let micros = TimestampMicrosecondArray::from(vec![last * 1_000, first * 1_000, 0]);
        let days = ["day=2026-11-13", "day=2026-11-14"];
        let null = format!("day={NULL}");
        let rows = batch(&[("time", Arc::new(millis) as ArrayRef)]);
        assert_eq!(folders(&rows, &["day"]).unwrap(), [days[0], days[1], &null]);
        let rows =
            batch(&[("created_date_time", Arc::new(micros.with_timezone("UTC")) as ArrayRef)]);
        assert_eq!(folders(&rows, &["day"]).unwrap(), ["day=1970-01-01", days[0], days[1]]);
        let own =
            batch(&[("day", text(&[Some("mon"), None, None])), ("time", numbers(&[None; 3]))]);
        assert_eq!(folders(&own, &["day"]).unwrap(), [null.as_str(), "day=mon"]);
    }

    #[test]
    fn a_folder_below_another_is_named_by_both() {
        let rows =
            batch(&[("a", numbers(&[Some(1), Some(-1)])), ("b", text(&[Some("x"), Some("=")]))]);
        assert_eq!(folders(&rows, &["b", "a"]).unwrap(), ["b=%3D/a=-1", "b=x/a=1"]);
    }

    #[test]
    fn a_column_that_cannot_be_is_an_error_that_says_why() {
        let rows = batch(&[("kind", text(&[None])), ("status", record(&[("x", None)]))]);
        let error = |name| folders(&rows, &[name]).unwrap_err();
        assert_eq!(error("kidn").hint(), Some("did you mean `kind`?"));
        assert!(error("day").hint().unwrap().contains("created_date_time"));
        assert!(error("status").message().contains("`status` cannot name folders"));
        assert_eq!(error("status.x").kind(), ErrorKind::Usage);
    }
}
