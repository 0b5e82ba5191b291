//! Makes `ended - began <= INTERVAL '7 days'` mean what it says.
//!
//! DataFusion compares a duration with an interval as months, then days, then nanoseconds,
//! and a difference of timestamps has nanoseconds only: forty days pass for less than seven.
//! Here both sides become durations, with days of 24 hours, as UTC has them.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, IntervalMonthDayNano, IntervalMonthDayNanoType, IntervalUnit, TimeUnit,
};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Between, BinaryExpr, InList, ScalarFunction};
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, Operator, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, TypeSignature, Volatility,
};

use crate::error::{Error, ErrorKind};

/// Rewrites every comparison an interval takes part in.
#[derive(Debug)]
pub(super) struct CompareDurations;

impl FunctionRewrite for CompareDurations {
    fn name(&self) -> &'static str {
        "compare_durations"
    }

    fn rewrite(
        &self,
        expr: Expr,
        schema: &DFSchema,
        _: &ConfigOptions,
    ) -> Result<Transformed<Expr>> {
        let Some(unit) = unit(&sides(&expr), schema) else { return Ok(Transformed::no(expr)) };
        let side = |side: Expr| as_duration(side, unit, schema);
        Ok(Transformed::yes(match expr {
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => Expr::BinaryExpr(BinaryExpr {
                left: Box::new(side(*left)?),
                op,
                right: Box::new(side(*right)?),
            }),
            Expr::Between(between) => Expr::Between(Between {
                expr: Box::new(side(*between.expr)?),
                low: Box::new(side(*between.low)?),
                high: Box::new(side(*between.high)?),
                ..between
            }),
            Expr::InList(list) => Expr::InList(InList {
                expr: Box::new(side(*list.expr)?),
                list: list.list.into_iter().map(side).collect::<Result<_>>()?,
                ..list
            }),
            other => other,
        }))
    }
}

/// The values an expression compares with each other.
fn sides(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::BinaryExpr(b) if compares(b.op) => vec![&b.left, &b.right],
        Expr::Between(b) => vec![&b.expr, &b.low, &b.high],
        Expr::InList(list) => std::iter::once(list.expr.as_ref()).chain(&list.list).collect(),
        _ => Vec::new(),
    }
}

fn compares(op: Operator) -> bool {
    use Operator::{Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq};
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom)
}

/// The unit to compare in, when lengths of time are compared and one is an interval.
fn unit(sides: &[&Expr], schema: &DFSchema) -> Option<TimeUnit> {
    // A type that can't be told is left to DataFusion, which will say what is wrong.
    let types: Option<Vec<_>> = sides.iter().map(|side| side.get_type(schema).ok()).collect();
    let mut unit = TimeUnit::Microsecond;
    let mut has_interval = false;
    for data_type in types? {
        match data_type {
            DataType::Interval(_) => has_interval = true,
            DataType::Duration(of_column) => unit = of_column,
            DataType::Null => {}
            _ => return None,
        }
    }
    has_interval.then_some(unit)
}

fn as_duration(side: Expr, unit: TimeUnit, schema: &DFSchema) -> Result<Expr> {
    if !matches!(side.get_type(schema)?, DataType::Interval(_)) {
        return Ok(side);
    }
    // At once, so that an interval without a length is refused before the first request.
    if let Expr::Literal(value, metadata) = side {
        let length = durations(&value.to_array()?, unit)?;
        return Ok(Expr::Literal(ScalarValue::try_from_array(&length, 0)?, metadata));
    }
    let function = Arc::new(ScalarUDF::from(AsDuration::new(unit)));
    Ok(Expr::ScalarFunction(ScalarFunction::new_udf(function, vec![side])))
}

/// `as_duration(Interval) -> Duration(unit)`; it appears in plans only.
#[derive(Debug, PartialEq, Eq, Hash)]
struct AsDuration {
    unit: TimeUnit,
    signature: Signature,
}

impl AsDuration {
    fn new(unit: TimeUnit) -> Self {
        Self { unit, signature: Signature::new(TypeSignature::Any(1), Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for AsDuration {
    fn name(&self) -> &'static str {
        "as_duration"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Duration(self.unit))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let intervals = ColumnarValue::values_to_arrays(&args.args)?;
        Ok(ColumnarValue::Array(durations(&intervals[0], self.unit)?))
    }
}

fn durations(intervals: &ArrayRef, unit: TimeUnit) -> Result<ArrayRef> {
    let intervals = cast(intervals, &DataType::Interval(IntervalUnit::MonthDayNano))?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>();
    let lengths = intervals.iter().map(|interval| interval.map(|i| length(i, unit)).transpose());
    let lengths: Int64Array = lengths.collect::<Result<Vec<_>>>()?.into();
    Ok(cast(&lengths, &DataType::Duration(unit))?)
}

const NANOS_PER_DAY: i128 = 86_400_000_000_000;

/// Returns the length of an interval in whole units.
///
/// An interval longer than any duration becomes the longest: it compares the same.
fn length(interval: IntervalMonthDayNano, unit: TimeUnit) -> Result<i64> {
    if interval.months != 0 {
        return Err(refused("a month has no fixed length, so no time can be compared with it"));
    }
    let nanos = i128::from(interval.days) * NANOS_PER_DAY + i128::from(interval.nanoseconds);
    let per_unit = match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    };
    if nanos % per_unit != 0 {
        return Err(refused("the interval is finer than the time it is compared with"));
    }
    let length = (nanos / per_unit).clamp(i64::MIN.into(), i64::MAX.into());
    Ok(i64::try_from(length).unwrap_or(i64::MAX))
}

fn refused(problem: &str) -> datafusion::error::DataFusionError {
    Error::new(ErrorKind::Query, problem)
        .with_hint(
            "say it in days, as in `INTERVAL '30 days'`, or compare `b <= a + INTERVAL '1 month'`",
        )
        .into()
}
