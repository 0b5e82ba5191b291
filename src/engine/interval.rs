//! `7 * INTERVAL '1 day'`, as every database but DataFusion has it.
//!
//! A saved query needs it: how far back to look is a parameter, and a parameter is a value.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, IntervalMonthDayNanoArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType, IntervalUnit,
};
use datafusion::common::DFSchema;
use datafusion::error::Result;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    TypeSignature, Volatility,
};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use crate::error::{Error, ErrorKind};

/// Plans a product of an interval and a whole number.
#[derive(Debug)]
pub(super) struct IntervalProducts;

impl ExprPlanner for IntervalProducts {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        if expr.op != BinaryOperator::Multiply {
            return Ok(PlannerResult::Original(expr));
        }
        let is = |side: &Expr, kind: fn(&DataType) -> bool| {
            side.get_type(schema).is_ok_and(|data_type| kind(&data_type))
        };
        let RawBinaryExpr { op, left, right } = expr;
        Ok(if is(&left, is_interval) && is(&right, is_factor) {
            PlannerResult::Planned(product(left, right))
        } else if is(&left, is_factor) && is(&right, is_interval) {
            PlannerResult::Planned(product(right, left))
        } else {
            PlannerResult::Original(RawBinaryExpr { op, left, right })
        })
    }
}

fn is_interval(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Interval(_))
}

/// The type of a parameter is not known before its value is.
fn is_factor(data_type: &DataType) -> bool {
    data_type.is_integer() || data_type.is_null()
}

fn product(interval: Expr, factor: Expr) -> Expr {
    let function = Arc::new(ScalarUDF::from(IntervalTimes::default()));
    Expr::ScalarFunction(ScalarFunction::new_udf(function, vec![interval, factor]))
}

/// `interval_times(Interval, Int64) -> Interval(MonthDayNano)`; it appears in plans only.
#[derive(Debug, PartialEq, Eq, Hash)]
struct IntervalTimes {
    signature: Signature,
}

impl Default for IntervalTimes {
    fn default() -> Self {
        Self { signature: Signature::new(TypeSignature::Any(2), Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for IntervalTimes {
    fn name(&self) -> &'static str {
        "interval_times"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [_, factor] if is_factor(factor) => Ok(DataType::Interval(IntervalUnit::MonthDayNano)),
            _ => Err(refused("an interval can be multiplied with a whole number only")),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        Ok(ColumnarValue::Array(products(&columns[0], &columns[1])?))
    }
}

fn products(intervals: &ArrayRef, factors: &ArrayRef) -> Result<ArrayRef> {
    let intervals = cast(intervals, &DataType::Interval(IntervalUnit::MonthDayNano))?;
    let factors = cast(factors, &DataType::Int64)?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>();
    let pairs = intervals.iter().zip(factors.as_primitive::<Int64Type>());
    let products = pairs.map(|(interval, factor)| match (interval, factor) {
        (Some(interval), Some(factor)) => times(interval, factor).map(Some),
        _ => Ok(None),
    });
    Ok(Arc::new(IntervalMonthDayNanoArray::from(products.collect::<Result<Vec<_>>>()?)))
}

fn times(interval: IntervalMonthDayNano, factor: i64) -> Result<IntervalMonthDayNano> {
    let small = |part: i32| {
        i64::from(part).checked_mul(factor).and_then(|product| i32::try_from(product).ok())
    };
    let nanos = interval.nanoseconds.checked_mul(factor);
    match (small(interval.months), small(interval.days), nanos) {
        (Some(months), Some(days), Some(nanos)) => {
            Ok(IntervalMonthDayNano::new(months, days, nanos))
        }
        _ => Err(refused("the interval is too long")),
    }
}

fn refused(problem: &str) -> datafusion::error::DataFusionError {
    Error::new(ErrorKind::Query, problem).with_hint("as in `now() - 7 * INTERVAL '1 day'`").into()
}
