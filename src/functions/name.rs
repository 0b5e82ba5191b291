//! Names that are written in more than one way: activities and sign-in names.

use std::borrow::Cow;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};

const ACTIVITY: About = About {
    name: "activity_name",
    family: "Audit details",
    text: "Writes the name of an activity one way: dashes of all sorts become `-`, spaces around \
           it go. Null stays null.",
    example: "SELECT activity_name('Update application – Certificates and secrets management ')",
    result: "Update application - Certificates and secrets management",
};
const FOLD: About = About {
    name: "upn_fold",
    family: "Names",
    text: "Returns a sign-in name to compare and group by: lower case, without the id in front of \
           deleted users, and guests under their address at home. Null stays null.",
    example: "SELECT upn_fold('Jan.Kuiper_nordkai.example#EXT#@contoso.com')",
    result: "jan.kuiper@nordkai.example",
};
const DOMAIN: About = About {
    name: "upn_domain",
    family: "Names",
    text: "Returns the domain of a sign-in name, for guests the one at home. Null if there is \
           none.",
    example: "SELECT upn_domain('Jan.Kuiper_nordkai.example#EXT#@contoso.com')",
    result: "nordkai.example",
};

pub(super) fn functions() -> Vec<Function> {
    const NAME: &[Argument] = &[argument("name", Kind::Text, "Value of `activity_display_name`.")];
    const UPN: &[Argument] = &[argument("upn", Kind::Text, "Sign-in name.")];
    let text = |_: &[DataType]| Ok(DataType::Utf8);
    vec![
        Function::new(&ACTIVITY, NAME, text, |a| each(a, |name| Some(activity(name).into()))),
        Function::new(&FOLD, UPN, text, |a| each(a, |upn| Some(fold(upn).into()))),
        Function::new(&DOMAIN, UPN, text, |a| each(a, |upn| domain(upn).map(Cow::from))),
    ]
}

fn each(arguments: &Arguments<'_>, f: fn(&str) -> Option<Cow<'_, str>>) -> Result<ArrayRef> {
    let texts = arguments.texts(0)?;
    let one = |row| texts.at(row).and_then(f);
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}

fn activity(name: &str) -> String {
    // Hyphens and dashes of U+2010 to U+2015, and the minus sign.
    let fold = |c: char| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
    name.trim().chars().map(fold).collect()
}

fn fold(upn: &str) -> String {
    let lower = upn.trim().to_lowercase();
    let name = without_object_id(&lower);
    match name.split_once("#ext#@") {
        // The address at home has its `@` written as `_`, and may have others before it.
        Some((home, _)) => match home.rsplit_once('_') {
            Some((local, domain)) => format!("{local}@{domain}"),
            None => home.to_owned(),
        },
        None => name.to_owned(),
    }
}

/// A deleted user's name starts with its object id, 32 digits long.
fn without_object_id(name: &str) -> &str {
    match name.split_at_checked(32) {
        Some((id, rest)) if id.bytes().all(|b| b.is_ascii_hexdigit()) && rest.len() > 1 => {
            if rest.starts_with('@') { name } else { rest }
        }
        _ => name,
    }
}

fn domain(upn: &str) -> Option<String> {
    let folded = fold(upn);
    let (_, domain) = folded.rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_what_people_call_themselves() {
        for (upn, folded) in [
            ("Ada@Contoso.COM", "ada@contoso.com"),
            ("0123456789abcdef0123456789ABCDEFada@contoso.com", "ada@contoso.com"),
            (
                "0123456789abcdef0123456789abcdef@contoso.com",
                "0123456789abcdef0123456789abcdef@contoso.com",
            ),
            ("jan_k_nordkai.example#EXT#@contoso.com", "jan_k@nordkai.example"),
            ("odd#EXT#@contoso.com", "odd"),
            ("ÄRGER@contoso.com", "ärger@contoso.com"),
            ("no address", "no address"),
            ("", ""),
        ] {
            assert_eq!(fold(upn), folded, "{upn}");
        }
    }

    #[test]
    fn a_name_without_at_has_no_domain() {
        assert_eq!(domain("ada"), None);
        assert_eq!(domain("ada@"), None);
        assert_eq!(domain("Ada@Contoso.com").as_deref(), Some("contoso.com"));
    }

    #[test]
    fn dashes_are_one_dash() {
        assert_eq!(activity(" a – b — c − d - e\u{a0}"), "a - b - c - d - e");
    }
}
