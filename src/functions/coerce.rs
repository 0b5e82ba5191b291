//! What an argument may be, and which type it is read as.
//!
//! Text comes as text, large text, views and dictionaries, also inside lists and records.
//! DataFusion casts all of them to what is named here, so that a function reads one type.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields, IntervalUnit, TimeUnit};
use datafusion::common::{Result, plan_err};

/// One argument of a function.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) kind: Kind,
    /// Only the last arguments may be left out.
    pub(crate) optional: bool,
}

/// What an argument is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Integer,
    Double,
    Instant,
    Interval,
    /// A list of texts.
    Texts,
    /// A record with one of these fields at least.
    Record(&'static [&'static str]),
    /// A list of records that have all of these fields.
    Records(&'static [&'static str]),
    Any,
}

/// Names an argument.
pub(crate) const fn argument(name: &'static str, kind: Kind, about: &'static str) -> Argument {
    Argument { name, about, kind, optional: false }
}

/// Names an argument that may be left out.
pub(crate) const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Argument {
    Argument { name, about, kind, optional: true }
}

/// Returns the types a function reads its arguments as.
pub(crate) fn arguments(
    function: &str,
    arguments: &[Argument],
    types: &[DataType],
) -> Result<Vec<DataType>> {
    let least = arguments.iter().filter(|a| !a.optional).count();
    if types.len() < least || types.len() > arguments.len() {
        let wanted: Vec<_> = arguments.iter().map(|a| a.name).collect();
        return plan_err!(
            "`{function}` takes the arguments {}, and here are {}",
            wanted.join(", "),
            types.len()
        );
    }
    arguments.iter().zip(types).map(|(argument, given)| one(function, argument, given)).collect()
}

/// Returns the types of arguments that come again and again, in groups.
pub(crate) fn groups(
    function: &str,
    arguments: &[Argument],
    types: &[DataType],
) -> Result<Vec<DataType>> {
    if types.is_empty() {
        return self::arguments(function, arguments, types);
    }
    let groups = types.chunks(arguments.len().max(1));
    let taken = groups.map(|group| self::arguments(function, arguments, group));
    Ok(taken.collect::<Result<Vec<_>>>()?.concat())
}

fn one(function: &str, argument: &Argument, given: &DataType) -> Result<DataType> {
    let Some(read_as) = read_as(argument.kind, given) else {
        let (name, words) = (argument.name, words(argument.kind));
        return plan_err!("`{function}` takes {words} as `{name}`, and here is {given}");
    };
    Ok(read_as)
}

fn read_as(kind: Kind, given: &DataType) -> Option<DataType> {
    let plain = plain(given);
    let null = plain == DataType::Null;
    match kind {
        Kind::Any => Some(plain),
        Kind::Text => (null || plain == DataType::Utf8).then_some(DataType::Utf8),
        Kind::Integer => (null || plain.is_integer()).then_some(DataType::Int64),
        Kind::Double => (null || plain.is_numeric()).then_some(DataType::Float64),
        Kind::Instant => match plain {
            DataType::Timestamp(_, zone) => Some(DataType::Timestamp(TimeUnit::Microsecond, zone)),
            _ => null.then_some(DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
        },
        Kind::Interval => matches!(plain, DataType::Interval(_))
            .then_some(DataType::Interval(IntervalUnit::MonthDayNano)),
        Kind::Texts => match &plain {
            DataType::List(item) if item.data_type().is_null() => Some(texts()),
            DataType::List(item) if *item.data_type() == DataType::Utf8 => Some(texts()),
            _ => null.then(texts),
        },
        Kind::Record(fields) => {
            let known = |found: &Fields| fields.iter().any(|f| found.find(f).is_some());
            match &plain {
                DataType::Struct(found) => known(found).then_some(plain),
                _ => null.then_some(DataType::Null),
            }
        }
        Kind::Records(fields) => {
            let known = |found: &Fields| fields.iter().all(|f| found.find(f).is_some());
            match &plain {
                DataType::List(item) => match item.data_type() {
                    DataType::Struct(found) => known(found).then_some(plain),
                    _ => None,
                },
                _ => null.then_some(DataType::Null),
            }
        }
    }
}

fn words(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Integer => "a whole number".to_owned(),
        Kind::Double => "a number".to_owned(),
        Kind::Instant => "a timestamp".to_owned(),
        Kind::Interval => "an interval".to_owned(),
        Kind::Texts => "a list of texts".to_owned(),
        Kind::Record(fields) => format!("a record with {}", fields.join(" or ")),
        Kind::Records(fields) => format!("a list of records with {}", fields.join(" and ")),
        Kind::Any => "anything".to_owned(),
    }
}

/// A list of texts.
pub(crate) fn texts() -> DataType {
    DataType::new_list(DataType::Utf8, true)
}

/// Returns the type without the ways Arrow has to store the same thing.
fn plain(given: &DataType) -> DataType {
    let field = |f: &Arc<Field>| Arc::new(f.as_ref().clone().with_data_type(plain(f.data_type())));
    match given {
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Dictionary(_, value) => plain(value),
        DataType::RunEndEncoded(_, value) => plain(value.data_type()),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => DataType::List(field(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect()),
        other => other.clone(),
    }
}
