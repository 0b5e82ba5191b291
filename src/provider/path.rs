//! From a SQL expression to the Graph property it stands for.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;

use crate::spec::{Column, Kind, Ops, TableSpec, Version, property_name};

/// Where a filter would be evaluated: the table, and the API version the scan reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub spec: &'static TableSpec,
    pub version: Version,
}

/// A property a filter can name: `status/errorCode` for `status['error_code']`.
#[derive(Debug, Clone)]
pub(super) struct Property {
    /// The column of the table.
    pub root: &'static Column,
    /// The column or field itself, which declares the operators.
    pub leaf: &'static Column,
    /// The path as Graph spells it.
    pub path: String,
    /// The operators Graph accepts on it in this API version.
    pub ops: Ops,
}

/// Returns the property an expression stands for, if it is a column or a field of one.
pub(super) fn property(scope: &Scope, expr: &Expr) -> Option<Property> {
    match expr {
        Expr::Column(column) => {
            let root = scope.spec.column(&column.name)?;
            let ops = root.ops_on(scope.version);
            Some(Property { root, leaf: root, path: property_name(root), ops })
        }
        Expr::ScalarFunction(call) if call.name() == "get_field" => {
            let (base, names) = call.args.split_first()?;
            names.iter().try_fold(property(scope, base)?, |parent, name| field(scope, parent, name))
        }
        Expr::Alias(alias) => property(scope, &alias.expr),
        _ => None,
    }
}

fn field(scope: &Scope, parent: Property, name: &Expr) -> Option<Property> {
    let Expr::Literal(value, _) = name else { return None };
    let name = text(value)?;
    let leaf = match parent.leaf.kind {
        Kind::Record(fields) => fields.iter().find(|f| f.name == name)?,
        _ => return None,
    };
    let path = format!("{}/{}", parent.path, property_name(leaf));
    Some(Property { root: parent.root, leaf, path, ops: leaf.ops_on(scope.version) })
}

/// Returns the text of a text scalar.
pub(super) fn text(value: &ScalarValue) -> Option<&str> {
    value.try_as_str().flatten()
}
