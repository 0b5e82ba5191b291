//! The targets of an audit, and the properties they say were changed.

use core::ops::Range;
use std::borrow::Cow;
use std::collections::HashMap;

use datafusion::arrow::array::{Array, AsArray, StructArray};

use crate::functions::argument::{Field, Lists, same};
use crate::functions::json::unquote;
use crate::functions::target::Changes;
use crate::ocsf::activities::{self, Activity};

/// The targets of all rows.
pub(super) struct Targets<'a> {
    lists: &'a Lists,
    records: &'a StructArray,
    id: Field<'a>,
    display_name: Field<'a>,
    user_principal_name: Field<'a>,
    kind: Field<'a>,
    changes: Option<Changes<'a>>,
    old: Option<Field<'a>>,
    new: Option<Field<'a>>,
}

impl<'a> Targets<'a> {
    /// Nothing for a null without a type: no row has targets then.
    pub(super) fn of(lists: Option<&'a Lists>) -> Option<Self> {
        let lists = lists?;
        let records = lists.items().as_struct_opt()?;
        let changes = Changes::of(lists);
        let side = |name| changes.as_ref().map(|changes| changes.field(name));
        Some(Self {
            lists,
            records,
            id: Field::of(records, "id"),
            display_name: Field::of(records, "display_name"),
            user_principal_name: Field::of(records, "user_principal_name"),
            kind: Field::of(records, "type"),
            old: side("old_value"),
            new: side("new_value"),
            changes,
        })
    }
}

/// The targets of one audit.
pub(super) struct Audit<'a> {
    all: Option<&'a Targets<'a>>,
    range: Range<usize>,
}

/// One target, as far as it names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) display_name: Option<Cow<'a, str>>,
    pub(super) user_principal_name: Option<&'a str>,
    pub(super) kind: Option<&'a str>,
}

impl Target<'_> {
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.is_some_and(|own| same(own, kind))
    }
}

/// The value of a property to take: before or after the change.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Old,
    New,
}

impl<'a> Audit<'a> {
    pub(super) fn of(all: Option<&'a Targets<'a>>, row: usize) -> Self {
        Self { all, range: all.and_then(|all| all.lists.range(row)).unwrap_or_default() }
    }

    /// Returns the targets that can be told apart, in order: those with an id or a name.
    pub(super) fn targets(&self) -> impl Iterator<Item = Target<'a>> + use<'a> {
        let range = self.range.clone();
        self.all.into_iter().flat_map(move |all| {
            let there = move |at: &usize| all.records.is_valid(*at);
            range.clone().filter(there).filter_map(move |at| target(all, at))
        })
    }

    pub(super) fn first(&self, kind: &str) -> Option<Target<'a>> {
        self.targets().find(|target| target.is(kind))
    }

    /// Returns a property of any target, taken out of its JSON.
    pub(super) fn property(&self, name: &str, side: Side) -> Option<String> {
        let all = self.all?;
        let side = match side {
            Side::Old => all.old.as_ref()?,
            Side::New => all.new.as_ref()?,
        };
        let mut named = all.changes.as_ref()?.named(self.range.clone(), name);
        named.find_map(|(_, at)| side.at(at).map(unquote).filter(|v| is_there(v)))
    }

    /// Returns the names of the properties that were changed.
    pub(super) fn changed(&self) -> impl Iterator<Item = &'a str> {
        let changes = self.all.and_then(|all| all.changes.as_ref());
        let range = self.range.clone();
        changes.into_iter().flat_map(move |changes| changes.names(range.clone()))
    }

    /// Returns a property as it is after the change, or else before it.
    pub(super) fn latest(&self, name: &str) -> Option<String> {
        self.property(name, Side::New).or_else(|| self.property(name, Side::Old))
    }
}

/// Audits write an empty list, or `null`, for no value.
fn is_there(value: &str) -> bool {
    !matches!(value.trim(), "" | "[]" | "{}" | "null")
}

fn target<'a>(all: &Targets<'a>, at: usize) -> Option<Target<'a>> {
    let text = |field: &Field<'a>| field.at(at).filter(|text| !text.trim().is_empty());
    let found = Target {
        id: text(&all.id).map(Cow::from),
        display_name: text(&all.display_name).map(Cow::from),
        user_principal_name: text(&all.user_principal_name),
        kind: text(&all.kind),
    };
    let named =
        found.id.is_some() || found.display_name.is_some() || found.user_principal_name.is_some();
    named.then_some(found)
}

/// Finds activities by name, each name of a batch once.
#[derive(Default)]
pub(super) struct Finder<'a> {
    known: HashMap<&'a str, Option<&'static Activity>>,
}

impl<'a> Finder<'a> {
    /// Returns what a row's activity is meant to be.
    pub(super) fn find(
        &mut self,
        name: Option<&'a str>,
        category: Option<&str>,
    ) -> &'static Activity {
        let mut listed = |name| *self.known.entry(name).or_insert_with(|| activities::find(name));
        name.and_then(&mut listed).unwrap_or_else(|| activities::by_category(category))
    }
}
