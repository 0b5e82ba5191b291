//! The busiest stretch of a group: how much of it falls into a window of some length.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{
    DataType, Field, FieldRef, Int64Type, IntervalMonthDayNanoType, TimestampMicrosecondType,
};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, Documentation, Signature, Volatility,
};

use crate::functions::coerce::{self, Argument, Kind, argument};
use crate::functions::function::{About, documentation};

const TIME: Argument = argument("time", Kind::Instant, "When it happened; nulls are left out.");
const LENGTH: Argument = argument(
    "length",
    Kind::Interval,
    "How long a window is: a constant, without months. Both ends belong to it.",
);
const EVENTS: &[Argument] = &[TIME, LENGTH];
const VALUES: &[Argument] =
    &[argument("value", Kind::Any, "Values to tell apart; nulls are left out."), TIME, LENGTH];

const COUNT: About = About {
    name: "max_in_window",
    family: "Aggregates",
    text: "Returns the largest number of rows inside any window of that length: bursts, as a plain \
           GROUP BY. Zero if there are none.",
    example: "SELECT max_in_window(t, INTERVAL '10 minutes') FROM (VALUES (TIMESTAMP \
              '2026-01-01 08:00:00'), (TIMESTAMP '2026-01-01 08:10:00'), (TIMESTAMP \
              '2026-01-01 08:11:00')) AS v(t)",
    result: "2",
};
const DISTINCT: About = About {
    name: "max_distinct_in_window",
    family: "Aggregates",
    text: "Returns the largest number of different values inside any window of that length. Zero \
           if there are none.",
    example: "SELECT max_distinct_in_window(u, t, INTERVAL '10 minutes') FROM (VALUES ('a', \
              TIMESTAMP '2026-01-01 08:00:00'), ('a', TIMESTAMP '2026-01-01 08:01:00'), ('b', \
              TIMESTAMP '2026-01-01 08:02:00')) AS v(u, t)",
    result: "2",
};

/// The aggregate, with or without values to tell apart.
#[derive(Debug)]
pub(super) struct Window {
    about: &'static About,
    arguments: &'static [Argument],
    signature: Signature,
    documentation: Documentation,
}

impl Window {
    /// Counts rows.
    pub(super) fn count() -> Self {
        Self::new(&COUNT, EVENTS)
    }

    /// Counts different values.
    pub(super) fn distinct() -> Self {
        Self::new(&DISTINCT, VALUES)
    }

    fn new(about: &'static About, arguments: &'static [Argument]) -> Self {
        let signature = Signature::user_defined(Volatility::Immutable);
        Self { about, arguments, signature, documentation: documentation(about, arguments) }
    }
}

impl PartialEq for Window {
    fn eq(&self, other: &Self) -> bool {
        self.about.name == other.about.name
    }
}

impl Eq for Window {}

impl std::hash::Hash for Window {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.about.name.hash(state);
    }
}

impl AggregateUDFImpl for Window {
    fn name(&self) -> &str {
        self.about.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        coerce::arguments(self.about.name, self.arguments, types)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn is_nullable(&self) -> bool {
        false
    }

    fn default_value(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(0)))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let field = |part: &str, kind| Field::new(format!("{}[{part}]", args.name), kind, true);
        // With values their column comes first; the time is the one before the length.
        let columns = &args.input_fields[..args.input_fields.len() - 1];
        let lists = columns.iter().enumerate().map(|(at, input)| {
            Arc::new(field(&at.to_string(), DataType::new_list(input.data_type().clone(), true)))
        });
        let length = Arc::new(field("length", DataType::Int64));
        Ok(lists.chain([length]).collect())
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let kinds = args.expr_fields.iter().map(|field| field.data_type().clone());
        let mut kinds: Vec<_> = kinds.collect();
        kinds.pop();
        Ok(Box::new(Events { name: self.about.name, kinds, length: None, list: Vec::new() }))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

#[derive(Debug)]
struct Events {
    name: &'static str,
    /// The types of value and time, or of time alone.
    kinds: Vec<DataType>,
    /// Microseconds.
    length: Option<i64>,
    /// Time and value; where none are told apart the value is null.
    list: Vec<(i64, ScalarValue)>,
}

impl Events {
    fn agree(&mut self, length: Option<i64>) -> Result<()> {
        match (length, self.length) {
            (Some(length), None) if length >= 0 => self.length = Some(length),
            (length, known) if length.is_some() && length == known => {}
            _ => return exec_err!("`{}` takes one constant interval without months", self.name),
        }
        Ok(())
    }

    fn add(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let Some((times, values)) = columns.split_last() else { return Ok(()) };
        let times = times.as_primitive::<TimestampMicrosecondType>();
        let values = values.first();
        let there = |row: &usize| times.is_valid(*row) && values.is_none_or(|v| v.is_valid(*row));
        for row in (0..times.len()).filter(there) {
            let value = match values {
                Some(values) => ScalarValue::try_from_array(values, row)?.compacted(),
                None => ScalarValue::Null,
            };
            self.list.push((times.value(row), value));
        }
        Ok(())
    }

    /// Moves both ends of the window over the times in order.
    fn most(&mut self) -> usize {
        self.list.sort_by_key(|(time, _)| *time);
        let length = self.length.unwrap_or(0);
        let (mut start, mut most) = (0, 0);
        let mut inside: HashMap<&ScalarValue, usize> = HashMap::new();
        for (end, (time, value)) in self.list.iter().enumerate() {
            *inside.entry(value).or_default() += 1;
            while time.saturating_sub(self.list[start].0) > length {
                let gone = &self.list[start].1;
                let left = inside.get_mut(gone).map_or(0, |count| {
                    *count -= 1;
                    *count
                });
                if left == 0 {
                    inside.remove(gone);
                }
                start += 1;
            }
            let here = if self.kinds.len() > 1 { inside.len() } else { end + 1 - start };
            most = most.max(here);
        }
        most
    }
}

/// Days have 24 hours here, as in the arithmetic of instants in UTC.
fn microseconds(column: &ArrayRef, row: usize) -> Option<i64> {
    let intervals = column.as_primitive::<IntervalMonthDayNanoType>();
    let interval = intervals.is_valid(row).then(|| intervals.value(row))?;
    let days = i64::from(interval.days).checked_mul(86_400_000_000)?;
    (interval.months == 0).then_some(days)?.checked_add(interval.nanoseconds / 1_000)
}

impl Accumulator for Events {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let Some((lengths, columns)) = values.split_last() else { return Ok(()) };
        for row in 0..lengths.len() {
            self.agree(microseconds(lengths, row))?;
        }
        self.add(columns)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let Some((lengths, lists)) = states.split_last() else { return Ok(()) };
        let lengths = lengths.as_primitive::<Int64Type>();
        // A stage that saw no row knows no length.
        for row in (0..lengths.len()).filter(|row| lengths.is_valid(*row)) {
            self.agree(Some(lengths.value(row)))?;
            let columns: Vec<_> = lists.iter().map(|l| l.as_list::<i32>().value(row)).collect();
            self.add(&columns)?;
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let list = |values: &[ScalarValue], kind: &DataType| {
            ScalarValue::List(ScalarValue::new_list_nullable(values, kind))
        };
        let mut out = Vec::new();
        if let [kind, _] = self.kinds.as_slice() {
            let values: Vec<_> = self.list.iter().map(|(_, value)| value.clone()).collect();
            out.push(list(&values, kind));
        }
        if let Some(kind) = self.kinds.last() {
            let DataType::Timestamp(_, zone) = kind else {
                return exec_err!("`{}` counts timestamps", self.name);
            };
            let time = |at: i64| ScalarValue::TimestampMicrosecond(Some(at), zone.clone());
            let times: Vec<_> = self.list.iter().map(|(at, _)| time(*at)).collect();
            out.push(list(&times, kind));
        }
        out.push(ScalarValue::Int64(self.length));
        Ok(out)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(i64::try_from(self.most()).ok()))
    }

    fn size(&self) -> usize {
        let values: usize = self.list.iter().map(|(_, value)| value.size()).sum();
        size_of_val(self) + self.list.capacity() * size_of::<i64>() + values
    }
}
