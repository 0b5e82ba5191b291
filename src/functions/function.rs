//! What a scalar function is made of, and its face towards DataFusion.

use std::hash::{Hash, Hasher};

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::preimage::PreimageResult;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{
    ColumnarValue, DocSection, Documentation, Expr, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};

use crate::functions::argument::Arguments;
use crate::functions::coerce::{self, Argument};

type Returns = fn(&[DataType]) -> Result<DataType>;
type Run = fn(&Arguments<'_>) -> Result<ArrayRef>;

/// Returns which values of the argument give a result: from, and up to but without. The
/// argument has the type that is named.
pub(crate) type Preimage = fn(&DataType, &ScalarValue) -> Option<(ScalarValue, ScalarValue)>;

/// A scalar function without side effects.
#[derive(Debug)]
pub(crate) struct Function {
    name: &'static str,
    arguments: &'static [Argument],
    /// Whether all arguments may come again, as a group.
    repeating: bool,
    returns: Returns,
    run: Run,
    preimage: Option<Preimage>,
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
            repeating: false,
            returns,
            run,
            preimage: None,
            signature: Signature::user_defined(Volatility::Immutable),
            documentation: documentation(about, arguments),
        }
    }

    /// Takes its arguments any number of times, as groups.
    pub(crate) fn repeating(mut self) -> Self {
        self.repeating = true;
        self.documentation.syntax_example =
            syntax(self.name, self.arguments).replace(')', ", ...)");
        self
    }

    /// A comparison of the result with a constant is one of the argument, which a scan can
    /// be asked for.
    pub(crate) fn with_preimage(mut self, preimage: Preimage) -> Self {
        self.preimage = Some(preimage);
        self
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
        match self.repeating {
            true => coerce::groups(self.name, self.arguments, types),
            false => coerce::arguments(self.name, self.arguments, types),
        }
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

    fn preimage(
        &self,
        args: &[Expr],
        literal: &Expr,
        info: &SimplifyContext,
    ) -> Result<PreimageResult> {
        let (Some(preimage), [argument], Expr::Literal(value, _)) = (self.preimage, args, literal)
        else {
            return Ok(PreimageResult::None);
        };
        let Some((from, to)) = preimage(&info.get_data_type(argument)?, value) else {
            return Ok(PreimageResult::None);
        };
        let interval = Box::new(Interval::try_new(from, to)?);
        Ok(PreimageResult::Range { expr: argument.clone(), interval })
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}
