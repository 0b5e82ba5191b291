//! Who and what an audit is about, picked by type: no order of the targets can be relied on.

use std::borrow::Cow;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, Int32Array, ListArray, StringArray, StringBuilder, StructArray,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{Result, exec_err};

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::activities::Of;
use crate::ocsf::functions::audit::entity::entity;
use crate::ocsf::functions::audit::targets::{Audit, Finder, Target, Targets};
use crate::ocsf::functions::audit::{ACTIVITY, CATEGORY, FAMILY, TARGETS, example};

const TARGET: About = About {
    name: "entra_audit_target",
    family: FAMILY,
    text: "Returns the part of an audit as a record with id, `display_name`, \
           `user_principal_name` and type: the user or app that is given something, the group, \
           the group that becomes part of another, the resource access is given to, or the entity \
           that is managed. Null if the audit has no such part.",
    example: example!("entra_audit_target('Add member to role', NULL, ", ", 'user')['id']"),
    result: "u1",
};
const RESOURCES: About = About {
    name: "entra_audit_resources",
    family: FAMILY,
    text: "Returns the targets as OCSF resources. Null if no target has an id or a name.",
    example: example!("entra_audit_resources(", ")[1]['uid']"),
    result: "u1",
};

pub(super) fn functions() -> Vec<Function> {
    const PART: Argument = argument(
        "part",
        Kind::Text,
        "`'user'`, `'group'`, `'subgroup'`, `'resource'` or `'entity'`.",
    );
    vec![
        Function::new(
            &TARGET,
            const { &[ACTIVITY, CATEGORY, TARGETS, PART] },
            |_| Ok(DataType::Struct(fields())),
            run,
        ),
        Function::new(&RESOURCES, const { &[TARGETS] }, |_| Ok(list()), resources),
    ]
}

fn fields() -> Fields {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    ["id", "display_name", "user_principal_name", "type"].map(text).into_iter().collect()
}

/// Finds a part of an audit.
type Pick = for<'a> fn(Of, &Audit<'a>) -> Option<Target<'a>>;

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (names, categories) = (arguments.texts(0)?, arguments.texts(1)?);
    let (lists, parts) = (arguments.lists(2)?, arguments.texts(3)?);
    let all = Targets::of(lists.as_ref());
    let mut finder = Finder::default();
    let mut columns: [StringBuilder; 4] = Default::default();
    let mut valid = Vec::with_capacity(arguments.rows());
    for row in 0..arguments.rows() {
        let pick: Option<Pick> = match parts.at(row) {
            Some("user") => Some(user),
            Some("group") => Some(group),
            Some("subgroup") => Some(subgroup),
            Some("resource") => Some(resource),
            Some("entity") => Some(entity),
            Some(other) => {
                return exec_err!("`entra_audit_target` does not know the part '{other}'");
            }
            None => None,
        };
        let of = finder.find(names.at(row), categories.at(row)).of;
        let found = pick.and_then(|pick| pick(of, &Audit::of(all.as_ref(), row)));
        valid.push(found.is_some());
        let [id, name, upn, kind] = &mut columns;
        let found = found.as_ref();
        id.append_option(found.and_then(|t| t.id.as_deref()));
        name.append_option(found.and_then(|t| t.display_name.as_deref()));
        upn.append_option(found.and_then(|t| t.user_principal_name));
        kind.append_option(found.and_then(|t| t.kind));
    }
    let columns = columns.map(|mut column| Arc::new(column.finish()) as ArrayRef).to_vec();
    Ok(Arc::new(StructArray::try_new(fields(), columns, Some(NullBuffer::from(valid)))?))
}

const USER: &str = "User";
const GROUP: &str = "Group";
const SERVICE_PRINCIPAL: &str = "ServicePrincipal";

/// The account an audit is about, or the app that is used like one.
pub(super) fn user<'a>(of: Of, audit: &Audit<'a>) -> Option<Target<'a>> {
    let person = || audit.first(USER);
    match of {
        Of::Scopes => grantee(audit).or_else(person),
        Of::AppRole => person().or_else(|| grantee(audit)),
        Of::Owner => person().or_else(|| owner(audit)),
        _ => person().or_else(|| audit.first(SERVICE_PRINCIPAL)),
    }
}

/// The app that is granted permissions: its id is a property of the app that has them.
fn grantee<'a>(audit: &Audit<'a>) -> Option<Target<'a>> {
    let mut apps = audit.targets().filter(|target| target.is(SERVICE_PRINCIPAL));
    let Some(id) = audit.latest("ServicePrincipal.ObjectID") else {
        return apps.next();
    };
    let known = apps.find(|app| app.id.as_deref() == Some(id.as_str()));
    known.or_else(|| {
        Some(Target {
            id: Some(Cow::from(id)),
            display_name: audit.latest("ServicePrincipal.DisplayName").map(Cow::from),
            user_principal_name: None,
            kind: Some(SERVICE_PRINCIPAL),
        })
    })
}

/// An app that owns another one.
fn owner<'a>(audit: &Audit<'a>) -> Option<Target<'a>> {
    let owned = audit.latest("ServicePrincipal.ObjectID");
    let mut apps = audit.targets().filter(|target| target.is(SERVICE_PRINCIPAL));
    let is_owned = |app: &Target<'_>| owned.is_some() && app.id.as_deref() == owned.as_deref();
    let owner = apps.find(|app| !is_owned(app))?;
    // Alone it is the app that is owned.
    let other = audit.first("Application").is_some() || owned.is_some() || apps.next().is_some();
    other.then_some(owner)
}

/// The group: the one named by the properties, if another group is its member.
pub(super) fn group<'a>(of: Of, audit: &Audit<'a>) -> Option<Target<'a>> {
    let mut groups = audit.targets().filter(|target| target.is(GROUP));
    let first = groups.next()?;
    if !matches!(of, Of::Group { subgroup: Some(_) }) {
        return Some(first);
    }
    let Some(id) = audit.latest("Group.ObjectID") else {
        return Some(groups.last().unwrap_or(first));
    };
    let is = |group: &Target<'_>| group.id.as_deref() == Some(id.as_str());
    let named = is(&first).then(|| first.clone()).or_else(|| groups.find(is));
    named.or_else(|| {
        Some(Target {
            display_name: audit.latest("Group.DisplayName").map(Cow::from),
            id: Some(Cow::from(id.clone())),
            user_principal_name: None,
            kind: Some(GROUP),
        })
    })
}

/// The group that is the member of another one.
fn subgroup<'a>(of: Of, audit: &Audit<'a>) -> Option<Target<'a>> {
    let Of::Group { subgroup: Some(_) } = of else { return None };
    let group = group(of, audit)?;
    audit.targets().find(|target| target.is(GROUP) && *target != group)
}

/// What access is given to: the role, the app that has the permissions, the package.
fn resource<'a>(of: Of, audit: &Audit<'a>) -> Option<Target<'a>> {
    match of {
        Of::Role => audit.first("Role").or_else(|| role(audit)),
        Of::AppRole | Of::Scopes => {
            let user = user(of, audit);
            audit.targets().find(|t| t.is(SERVICE_PRINCIPAL) && Some(t) != user.as_ref())
        }
        Of::Owner => {
            let user = user(of, audit);
            let app = |t: &Target<'_>| t.is(SERVICE_PRINCIPAL) && Some(t) != user.as_ref();
            audit.first("Application").or_else(|| audit.targets().find(app))
        }
        Of::Package => audit.targets().find(|t| !t.is(USER) && !t.is(GROUP)),
        _ => None,
    }
}

/// A role that is named by the properties of the one who gets it.
fn role<'a>(audit: &Audit<'a>) -> Option<Target<'a>> {
    let id = audit.latest("Role.ObjectID").or_else(|| audit.latest("Role.TemplateId"));
    let display_name = audit.latest("Role.DisplayName").map(Cow::from);
    (id.is_some() || display_name.is_some()).then(|| Target {
        id: id.map(Cow::from),
        display_name,
        user_principal_name: None,
        kind: Some("Role"),
    })
}

/// Attributes of `resource_details` an audit has.
fn details() -> Fields {
    Fields::from(vec![
        Field::new("uid", DataType::Utf8, true),
        Field::new("name", DataType::Utf8, true),
        Field::new("type", DataType::Utf8, true),
        Field::new("role_id", DataType::Int32, true),
        Field::new("role", DataType::Utf8, true),
    ])
}

fn list() -> DataType {
    DataType::new_list(DataType::Struct(details()), true)
}

fn resources(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let lists = arguments.lists(0)?;
    let all = Targets::of(lists.as_ref());
    let [mut ids, mut names, mut kinds]: [StringBuilder; 3] = Default::default();
    let (mut lengths, mut valid) = (Vec::new(), Vec::new());
    for row in 0..arguments.rows() {
        let mut found = 0;
        for target in Audit::of(all.as_ref(), row).targets() {
            let name = target.user_principal_name.or(target.display_name.as_deref());
            ids.append_option(target.id.as_deref());
            names.append_option(name);
            kinds.append_option(target.kind);
            found += 1;
        }
        lengths.push(found);
        valid.push(found > 0);
    }
    let count = lengths.iter().sum();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids.finish()),
        Arc::new(names.finish()),
        Arc::new(kinds.finish()),
        Arc::new(Int32Array::from_value(1, count)),
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n("Target", count))),
    ];
    let items = StructArray::try_new(details(), columns, None)?;
    let item = Arc::new(Field::new("item", items.data_type().clone(), true));
    let (offsets, nulls) = (OffsetBuffer::from_lengths(lengths), NullBuffer::from(valid));
    Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(items), Some(nulls))?))
}
