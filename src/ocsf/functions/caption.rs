//! Ids and their captions, from the schema.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, Int32Array, Int64Array, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::functions::FAMILY;
use crate::ocsf::schema::{self, Attribute, Schema};

const CAPTION: About = About {
    name: "ocsf_caption",
    family: FAMILY,
    text: "Returns the caption of an id in an attribute of a class, of the newest version of OCSF \
           known here. Null for null and for what the schema does not have.",
    example: "SELECT ocsf_caption(3001, 'user.account.type_id', 6)",
    result: "Azure AD Account",
};
const TYPE_UID: About = About {
    name: "ocsf_type_uid",
    family: FAMILY,
    text: "Returns the `type_uid` of an activity of a class. Null if either is null.",
    example: "SELECT ocsf_type_uid(3002, 1)",
    result: "300201",
};
const SEVERITY_ID: About = About {
    name: "ocsf_severity_id",
    family: FAMILY,
    text: "Returns the `severity_id` of a severity in any case, `info` included; 99 for words OCSF \
           does not have. Null stays null.",
    example: "SELECT ocsf_severity_id('high')",
    result: "4",
};
const SEVERITY: About = About {
    name: "ocsf_severity",
    family: FAMILY,
    text: "Returns the caption of a `severity_id`. Null for null and unknown ids.",
    example: "SELECT ocsf_severity(4)",
    result: "High",
};

/// By `severity_id`; 99 is `Other`.
const SEVERITIES: [&str; 7] =
    ["Unknown", "Informational", "Low", "Medium", "High", "Critical", "Fatal"];

pub(super) fn functions() -> Vec<Function> {
    const CLASS: Argument = argument("class_uid", Kind::Integer, "Id of a class, such as 3002.");
    const PATH: Argument =
        argument("attribute", Kind::Text, "Path of an attribute, such as `user.type_id`.");
    const ID: Argument = argument("id", Kind::Integer, "Value of the attribute.");
    const ACTIVITY: Argument = argument("activity_id", Kind::Integer, "Id of the activity.");
    const WORD: Argument = argument("severity", Kind::Text, "Such as `High` or `informational`.");
    const SEVERITY_OF: Argument = argument("severity_id", Kind::Integer, "0 to 6, or 99.");
    vec![
        Function::new(&CAPTION, &[CLASS, PATH, ID], |_| Ok(DataType::Utf8), caption),
        Function::new(&TYPE_UID, &[CLASS, ACTIVITY], |_| Ok(DataType::Int64), type_uid),
        Function::new(&SEVERITY_ID, &[WORD], |_| Ok(DataType::Int32), severity_id),
        Function::new(&SEVERITY, &[SEVERITY_OF], |_| Ok(DataType::Utf8), severity),
    ]
}

fn caption(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (classes, paths, ids) =
        (arguments.integers(0)?, arguments.texts(1)?, arguments.integers(2)?);
    let newest = schema::versions().last().and_then(Schema::of);
    // Rows mostly ask for the attribute of the row before.
    let mut last: Option<(i64, String, Option<&Attribute>)> = None;
    let mut one = |row| {
        let (class, path) = (classes.is_valid(row).then(|| classes.value(row))?, paths.at(row)?);
        let known = last.take().filter(|(c, p, _)| (*c, p.as_str()) == (class, path));
        let (.., attribute) = last.insert(known.unwrap_or_else(|| {
            let uid = u32::try_from(class).ok();
            let found = newest.zip(uid).and_then(|(schema, uid)| schema.attribute(uid, path));
            (class, path.to_owned(), found)
        }));
        let id = ids.is_valid(row).then(|| ids.value(row))?;
        attribute.as_ref()?.captions.get(&id).map(String::as_str)
    };
    Ok(Arc::new((0..arguments.rows()).map(&mut one).collect::<StringArray>()))
}

fn type_uid(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (classes, activities) = (arguments.integers(0)?, arguments.integers(1)?);
    let one = |(class, activity): (Option<i64>, Option<i64>)| {
        class?.checked_mul(100)?.checked_add(activity?)
    };
    Ok(Arc::new(classes.iter().zip(&activities).map(one).collect::<Int64Array>()))
}

fn severity_id(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let words = arguments.texts(0)?;
    let id = |word: &str| {
        let is = |caption: &&str| caption.eq_ignore_ascii_case(word);
        match SEVERITIES.iter().position(is) {
            Some(id) => i32::try_from(id).unwrap_or(99),
            None if word.eq_ignore_ascii_case("info") => 1,
            None => 99,
        }
    };
    let one = |row| words.at(row).map(|word| id(word.trim()));
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<Int32Array>()))
}

fn severity(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let ids = arguments.integers(0)?;
    Ok(Arc::new(ids.iter().map(|id| severity_of(id?)).collect::<StringArray>()))
}

/// Returns the caption of a `severity_id`.
pub(super) fn severity_of(id: i64) -> Option<&'static str> {
    match id {
        99 => Some("Other"),
        id => SEVERITIES.get(usize::try_from(id).ok()?).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_are_those_of_the_schema() {
        for schema in schema::versions().filter_map(Schema::of) {
            for class in schema.classes.keys().copied() {
                let attribute = schema.attribute(class, "severity_id").expect("every class has it");
                let captions: Vec<_> = attribute.captions.values().map(String::as_str).collect();
                assert_eq!(captions, [&SEVERITIES[..], &["Other"]].concat(), "{class}");
            }
        }
    }
}
