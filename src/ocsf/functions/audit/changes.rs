//! What an audit says was changed, and what it says about a finding.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int32Array, ListBuilder, StringBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::texts;
use crate::functions::function::{About, Function};
use crate::ocsf::activities::Of;
use crate::ocsf::functions::audit::targets::{Audit, Finder, Targets};
use crate::ocsf::functions::audit::{ACTIVITY, FAMILY, TARGETS, example};

const CHANGES: About = About {
    name: "entra_audit_changes",
    family: FAMILY,
    text: "Returns the names of the properties an audit changed, over all targets, each once. Null \
           if it names none.",
    example: example!("entra_audit_changes(", ")"),
    result: "[Role.DisplayName]",
};
const STATUS: About = About {
    name: "entra_audit_finding_status_id",
    family: FAMILY,
    text: "Returns the `status_id` a finding of Identity Protection has after what an \
           administrator decided about it: 2 In Progress, 3 Suppressed, 4 Resolved. Null for \
           activities that decide nothing.",
    example: "SELECT entra_audit_finding_status_id('ConfirmSafe')",
    result: "4",
};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new(&CHANGES, const { &[TARGETS] }, |_| Ok(texts()), changes),
        Function::new(&STATUS, const { &[ACTIVITY] }, |_| Ok(DataType::Int32), status),
    ]
}

fn changes(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let lists = arguments.lists(0)?;
    let all = Targets::of(lists.as_ref());
    let mut out = ListBuilder::new(StringBuilder::new());
    for row in 0..arguments.rows() {
        let mut names: Vec<&str> = Vec::new();
        for name in Audit::of(all.as_ref(), row).changed() {
            // The names once more, as one value.
            if name != "Included Updated Properties" && !names.contains(&name) {
                names.push(name);
            }
        }
        out.append_option((!names.is_empty()).then(|| names.into_iter().map(Some)));
    }
    Ok(Arc::new(out.finish()))
}

fn status(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let names = arguments.texts(0)?;
    let mut finder = Finder::default();
    let mut one = |row| match finder.find(names.at(row), None).of {
        Of::Finding(status) => Some(status),
        _ => None,
    };
    Ok(Arc::new((0..arguments.rows()).map(&mut one).collect::<Int32Array>()))
}
