//! What a scalar function is made of, and its face towards DataFusion.

use std::hash::{Hash, Hasher};

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, DocSection, Documentation, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};

use crate::functions::argument::Arguments;
use crate::functions::coerce::{self, Argument};

type Returns = fn(&[DataType]) -> Result<DataType>;
type Run = fn(&Arguments<'_>) -> Result<ArrayRef>;

/// A scalar function without side effects.
#[derive(Debug)]
pub(crate) struct Function {
    name: &'static str,
    arguments: &'static [Argument],
    returns: Returns,
    run: Run,
    signature: Signature,
    documentation: Documentation,
}

/// The words of a function: what it is called, what it does, an example and its result.
#[derive(Debug)]
pub(crate) struct About {
    /// The name in SQL.
    pub(crate) name: &'static str,
    /// The heading it is listed under.
    pub(crate) family: &'static str,
    /// What it returns, in whole sentences, null included.
    pub(crate) text: &'static str,
    /// A query that needs no table.
    pub(crate) example: &'static str,
    /// The one value it returns, as text.
    pub(crate) result: &'static str,
}

impl Function {
    /// Puts a function together.
    pub(crate) fn new(
        about: &About,
        arguments: &'static [Argument],
        returns: Returns,
        run: Run,
    ) -> Self {
        Self {
            name: about.name,
            arguments,
            returns,
            run,
            signature: Signature::user_defined(Volatility::Immutable),
            documentation: documentation(about, arguments),
        }
    }
}

/// Writes what a function says about itself; aggregates use it, too.
pub(crate) fn documentation(about: &About, arguments: &[Argument]) -> Documentation {
    let section = DocSection { include: true, label: about.family, description: None };
    let example = format!("```sql\n{};\n-- {}\n```", about.example, about.result);
    let mut builder = Documentation::builder(section, about.text, syntax(about.name, arguments))
        .with_sql_example(example);
    for argument in arguments {
        builder = builder.with_argument(argument.name, argument.about);
    }
    builder.build()
}

fn syntax(name: &str, arguments: &[Argument]) -> String {
    let mut text = format!("{name}(");
    for (at, argument) in arguments.iter().enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        match argument.optional {
            true => text.push_str(&format!("[{comma}{}]", argument.name)),
            false => text.push_str(&format!("{comma}{}", argument.name)),
        }
    }
    text + ")"
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        coerce::arguments(self.name, self.arguments, types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        (self.returns)(types)
    }

    /// Constant arguments give a constant, computed once.
    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|a| matches!(a, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let column = (self.run)(&Arguments::new(&args.args, rows))?;
        match constant {
            true => ScalarValue::try_from_array(&column, 0).map(ColumnarValue::Scalar),
            false => Ok(ColumnarValue::Array(column)),
        }
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}
