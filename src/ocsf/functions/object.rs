//! `ocsf_object`: a struct that is absent where nothing tells what it is.

use std::sync::Arc;

use datafusion::arrow::array::{Array, StructArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl,
    Signature, Volatility,
};

use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, documentation};
use crate::ocsf::functions::FAMILY;

/// The name in SQL.
pub(crate) const OBJECT: &str = "ocsf_object";

const ABOUT: About = About {
    name: OBJECT,
    family: FAMILY,
    text: "Returns a record of names and values; null where `needs` is not met. `needs` lists \
           members in groups: of every group, one must be there. Groups are parted by spaces, the \
           members of a group by `|`.",
    example: "SELECT ocsf_object('name|uid', 'name', 'Finance', 'uid', NULL)['name']",
    result: "Finance",
};
const ARGUMENTS: &[Argument] = &[
    argument("needs", Kind::Text, "Constant: the members that must be there."),
    argument("name", Kind::Text, "Constant: the name of a member; pairs go on."),
    argument("value", Kind::Any, "Its value."),
];

/// The function. DataFusion's `named_struct` is never null: an empty `{}` is no valid object.
#[derive(Debug)]
pub(super) struct Object {
    signature: Signature,
    documentation: Documentation,
}

impl Object {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::variadic_any(Volatility::Immutable),
            documentation: documentation(&ABOUT, ARGUMENTS),
        }
    }
}

impl PartialEq for Object {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Object {}

impl std::hash::Hash for Object {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        OBJECT.hash(state);
    }
}

impl ScalarUDFImpl for Object {
    fn name(&self) -> &str {
        OBJECT
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        exec_err!("{OBJECT} takes its names from its arguments")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let needs = args.scalar_arguments.first().and_then(|value| text(*value));
        let (Some(_), true) = (needs, args.scalar_arguments.len() % 2 == 1) else {
            return exec_err!("{OBJECT} takes what it needs and pairs of names and values");
        };
        let pairs = args.scalar_arguments[1..].iter().copied().step_by(2);
        let types = args.arg_fields[1..].iter().skip(1).step_by(2);
        let field = |(name, value): (Option<&ScalarValue>, &FieldRef)| match text(name) {
            Some(name) => Ok(Field::new(name, value.data_type().clone(), true)),
            None => exec_err!("the name of a member of {OBJECT} is a constant text"),
        };
        let fields: Fields = pairs.zip(types).map(field).collect::<Result<_>>()?;
        Ok(Arc::new(Field::new(OBJECT, DataType::Struct(fields), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let (Some(ColumnarValue::Scalar(needs)), DataType::Struct(fields)) =
            (args.args.first(), args.return_type())
        else {
            return exec_err!("{OBJECT} has no members");
        };
        let needs = text(Some(needs)).unwrap_or_default();
        let values = args.args[1..].chunks_exact(2).map(|pair| pair[1].to_array(args.number_rows));
        let values = values.collect::<Result<Vec<_>>>()?;
        let nulls = present(needs, fields, &values);
        let array =
            StructArray::try_new_with_length(fields.clone(), values, nulls, args.number_rows);
        Ok(ColumnarValue::Array(Arc::new(array?)))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

fn text(value: Option<&ScalarValue>) -> Option<&str> {
    value?.try_as_str().flatten()
}

/// The rows that have one member of every group.
fn present(needs: &str, fields: &Fields, values: &[Arc<dyn Array>]) -> Option<NullBuffer> {
    let nulls = |name: &str| fields.find(name).and_then(|(at, _)| values[at].logical_nulls());
    let group = |group: &str| -> Option<NullBuffer> {
        // A member without nulls is always there.
        let members: Option<Vec<_>> = group.split('|').map(nulls).collect();
        let either = |a: NullBuffer, b: NullBuffer| NullBuffer::new(a.inner() | b.inner());
        members?.into_iter().reduce(either)
    };
    let groups = needs.split_whitespace().filter_map(group);
    groups.reduce(|a, b| NullBuffer::new(a.inner() & b.inner()))
}

/// What an object is built from.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    /// The members it needs, in groups.
    pub(crate) needs: Vec<Vec<&'a str>>,
    pub(crate) members: Vec<(&'a str, &'a Expr)>,
}

/// Takes an object apart; nothing for another expression.
pub(crate) fn parts(expr: &Expr) -> Option<Parts<'_>> {
    let Expr::ScalarFunction(call) = expr else { return None };
    if call.func.name() != OBJECT {
        return None;
    }
    let (needs, pairs) = call.args.split_first()?;
    let needs = literal(needs)?.split_whitespace().map(|group| group.split('|').collect());
    let members = pairs.chunks_exact(2).map(|pair| Some((literal(&pair[0])?, &pair[1])));
    Some(Parts { needs: needs.collect(), members: members.collect::<Option<_>>()? })
}

fn literal(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(value, _) => text(Some(value)),
        _ => None,
    }
}
