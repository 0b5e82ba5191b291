//! The privileges an audit gives or takes.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, ListBuilder, StringBuilder};
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::texts;
use crate::functions::consent;
use crate::functions::function::{About, Function};
use crate::functions::role;
use crate::ocsf::activities::{Activity, Of};
use crate::ocsf::functions::audit::targets::{Audit, Finder, Side, Target, Targets};
use crate::ocsf::functions::audit::{ACTIVITY, CATEGORY, FAMILY, TARGETS, example};

const ABOUT: About = About {
    name: "entra_audit_privileges",
    family: FAMILY,
    text: "Returns what an audit gives or takes: the name of the role, permissions of an app, \
           `Owner`, or the access package. Null if the audit does not tell.",
    example: example!("entra_audit_privileges('Add member to role', NULL, ", ")"),
    result: "[Reports Reader]",
};

/// `Revoke Privileges`: what is taken is in the old values.
const REVOKE: i32 = 2;

pub(super) fn functions() -> Vec<Function> {
    vec![Function::new(&ABOUT, const { &[ACTIVITY, CATEGORY, TARGETS] }, |_| Ok(texts()), run)]
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (names, categories) = (arguments.texts(0)?, arguments.texts(1)?);
    let lists = arguments.lists(2)?;
    let all = Targets::of(lists.as_ref());
    let mut finder = Finder::default();
    let mut out = ListBuilder::new(StringBuilder::new());
    for row in 0..arguments.rows() {
        let activity = finder.find(names.at(row), categories.at(row));
        let found = privileges(activity, &Audit::of(all.as_ref(), row));
        let found = (!found.is_empty()).then(|| found.into_iter().map(Some));
        out.append_option(found);
    }
    Ok(Arc::new(out.finish()))
}

/// Finds the privileges; none where the audit does not tell.
pub(super) fn privileges(activity: &Activity, audit: &Audit<'_>) -> Vec<String> {
    let sides = match activity.id {
        REVOKE => [Side::Old, Side::New],
        _ => [Side::New, Side::Old],
    };
    let property = |name: &str| sides.into_iter().find_map(|side| audit.property(name, side));
    let one = match activity.of {
        Of::Scopes => return scopes(audit, sides),
        Of::Role => role(audit, property),
        Of::AppRole => property("AppRole.Value").or_else(|| property("AppRole.DisplayName")),
        Of::Owner => Some("Owner".to_owned()),
        Of::Package => package(audit),
        _ => None,
    };
    one.into_iter().collect()
}

/// The name of the role; from its template if the audit has no name.
fn role(audit: &Audit<'_>, property: impl Fn(&str) -> Option<String>) -> Option<String> {
    let of_template = || {
        let template = property("Role.TemplateId")?;
        Some(role::find(&template).map_or(template, |role| role.2.to_owned()))
    };
    let target = || {
        let target = audit.first("Role")?;
        Some(target.display_name.or(target.id)?.into_owned())
    };
    property("Role.DisplayName")
        .or_else(of_template)
        .or_else(|| property("Role.WellKnownObjectName"))
        .or_else(target)
}

/// Permissions on behalf of users: those that changed, or all of a grant that stays as it is.
/// A grant that is changed has those it keeps on both sides.
fn scopes(audit: &Audit<'_>, [side, other]: [Side; 2]) -> Vec<String> {
    const SCOPE: &str = "DelegatedPermissionGrant.Scope";
    let words = |text: String| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    if let Some(consent) = audit.property("ConsentAction.Permissions", Side::New) {
        return consented(&consent);
    }
    let kept = audit.property(SCOPE, other).map(words).unwrap_or_default();
    // Some audits have the scopes on one side only, whichever it is.
    let Some(all) = audit.property(SCOPE, side).map(words) else { return kept };
    let changed: Vec<_> = all.iter().filter(|scope| !kept.contains(scope)).cloned().collect();
    if changed.is_empty() { all } else { changed }
}

fn consented(permissions: &str) -> Vec<String> {
    let owned = |scopes: Vec<&str>| scopes.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let added = owned(consent::added(permissions));
    match permissions.split_once("=>") {
        Some((_, after)) if added.is_empty() => owned(consent::added(&format!("=>{after}"))),
        _ => added,
    }
}

/// The access package; what its type is called differs, but it is no user and no group.
fn package(audit: &Audit<'_>) -> Option<String> {
    let is_package =
        |kind: &str| kind.to_ascii_lowercase().replace(' ', "").contains("accesspackage");
    let named = |target: &Target<'_>| target.kind.is_some_and(is_package);
    let other = |target: &Target<'_>| !target.is("User") && !target.is("Group");
    let package = audit.targets().find(named).or_else(|| audit.targets().find(other))?;
    Some(package.display_name.or(package.id)?.into_owned())
}
