//! `collect_set`: the first few different values of a group.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, Documentation, Signature, Volatility,
};

use crate::functions::coerce::{self, Argument, Kind, argument};
use crate::functions::function::{About, documentation};

const ARGUMENTS: &[Argument] = &[
    argument("value", Kind::Any, "Values to collect; nulls are left out."),
    argument("most", Kind::Integer, "How many to keep, a constant of one at least."),
];

const ABOUT: About = About {
    name: "collect_set",
    family: "Aggregates",
    text: "Returns the different values of a group as a list, those that came first, and not more \
           than asked for. An empty list if there are none.",
    example: "SELECT collect_set(v, 2) FROM (VALUES ('a'), (NULL), ('a'), ('b'), ('c')) AS t(v)",
    result: "[a, b]",
};

/// The aggregate.
#[derive(Debug)]
pub(super) struct CollectSet {
    signature: Signature,
    documentation: Documentation,
}

impl CollectSet {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
            documentation: documentation(&ABOUT, ARGUMENTS),
        }
    }
}

impl PartialEq for CollectSet {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for CollectSet {}

impl std::hash::Hash for CollectSet {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        ABOUT.name.hash(state);
    }
}

impl AggregateUDFImpl for CollectSet {
    fn name(&self) -> &str {
        ABOUT.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        coerce::arguments(ABOUT.name, ARGUMENTS, types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(DataType::new_list(types[0].clone(), true))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let list = DataType::new_list(args.input_fields[0].data_type().clone(), true);
        // The bound travels with the values: a later stage merges under the same one.
        Ok(vec![
            Arc::new(Field::new(format!("{}[values]", args.name), list, true)),
            Arc::new(Field::new(format!("{}[most]", args.name), DataType::Int64, true)),
        ])
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let kind = args.expr_fields[0].data_type().clone();
        Ok(Box::new(Set { kind, most: None, values: Vec::new(), seen: HashSet::new() }))
    }

    fn default_value(&self, kind: &DataType) -> Result<ScalarValue> {
        ScalarValue::try_from(kind)
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

#[derive(Debug)]
struct Set {
    kind: DataType,
    most: Option<i64>,
    values: Vec<ScalarValue>,
    seen: HashSet<ScalarValue>,
}

impl Set {
    /// Takes the bound from its column, where it is the same in every row.
    fn agree(&mut self, column: &ArrayRef) -> Result<()> {
        for most in column.as_primitive::<Int64Type>() {
            match (most, self.most) {
                (Some(most), None) if most > 0 => self.most = Some(most),
                (Some(most), Some(known)) if most == known => {}
                _ => return exec_err!("`collect_set` takes one constant above zero as `most`"),
            }
        }
        Ok(())
    }

    fn add(&mut self, column: &ArrayRef) -> Result<()> {
        let most = self.most.and_then(|most| usize::try_from(most).ok()).unwrap_or(0);
        for row in (0..column.len()).filter(|row| column.is_valid(*row)) {
            if self.values.len() >= most {
                break;
            }
            let value = ScalarValue::try_from_array(column, row)?.compacted();
            if self.seen.insert(value.clone()) {
                self.values.push(value);
            }
        }
        Ok(())
    }

    fn list(&self) -> ScalarValue {
        ScalarValue::List(ScalarValue::new_list_nullable(&self.values, &self.kind))
    }
}

impl Accumulator for Set {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.agree(&values[1])?;
        self.add(&values[0])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let (lists, bounds) = (states[0].as_list::<i32>(), &states[1]);
        for row in 0..lists.len() {
            // A stage that saw no row knows no bound.
            if bounds.is_valid(row) {
                self.agree(&bounds.slice(row, 1))?;
                self.add(&lists.value(row))?;
            }
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.list(), ScalarValue::Int64(self.most)])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.list())
    }

    fn size(&self) -> usize {
        size_of_val(self) + ScalarValue::size_of_vec(&self.values) * 2
    }
}
