//! A JSON value into a typed builder, and what happens when it does not fit.
//!
//! Whatever the value, exactly one entry is appended: the value, or null with a note.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use crate::decode::builder::{Builder, List, Members, Record};
use crate::decode::instant::parse_micros;

/// Values of this page that did not fit, by row.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) row: usize,
    pub(super) misfits: Vec<Found>,
    /// Numbers are read digit by digit, because one of them has no machine number.
    pub(super) wild_numbers: bool,
}

/// A value that did not fit, before its row has a name.
pub(super) struct Found {
    pub(super) row: usize,
    pub(super) path: String,
    pub(super) what: &'static str,
    pub(super) kept_first: bool,
}

impl Notes {
    fn add(&mut self, what: &'static str) {
        self.misfits.push(Found { row: self.row, path: String::new(), what, kept_first: false });
    }

    fn add_repeated(&mut self, name: &str) {
        let what = "a repeated member";
        self.misfits.push(Found { row: self.row, path: name.into(), what, kept_first: true });
    }
}

/// Where the next value goes.
pub(super) struct Slot<'a> {
    pub(super) builder: &'a mut Builder,
    pub(super) notes: &'a mut Notes,
}

impl Slot<'_> {
    fn misfit(self, found: &'static str) {
        self.builder.append_null();
        self.notes.add(found);
    }

    /// Looks at the text of a value before it is read: `serde_json` gives up a whole page
    /// for a number like `1e400`.
    fn fill_raw<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let raw: &RawValue = serde::Deserialize::deserialize(deserializer)?;
        let is_number = raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit());
        if is_number && serde_json::from_str::<serde_json::Number>(raw.get()).is_err() {
            self.misfit("a number out of range");
            return Ok(());
        }
        serde_json::Deserializer::from_str(raw.get())
            .deserialize_any(self)
            .map_err(D::Error::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Builder::Json(builder) = self.builder else {
            return match self.notes.wild_numbers {
                true => self.fill_raw(deserializer),
                false => deserializer.deserialize_any(self),
            };
        };
        let raw: &RawValue = serde::Deserialize::deserialize(deserializer)?;
        match raw.get() {
            "null" => builder.append_null(),
            text => builder.append_value(text),
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.builder.append_null();
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        match self.builder {
            Builder::Flag(b) => b.append_value(value),
            _ => self.misfit("a boolean"),
        }
        Ok(())
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "the guards have checked the range"
    )]
    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        match self.builder {
            Builder::Integer(b) if i32::try_from(value).is_ok() => b.append_value(value as i32),
            Builder::Long(b) => b.append_value(value),
            // Beyond 2^53 a whole number has no exact Float64.
            Builder::Double(b) if value.unsigned_abs() <= 1 << 53 => b.append_value(value as f64),
            Builder::Integer(_) | Builder::Double(_) => self.misfit("a number out of range"),
            _ => self.misfit("a number"),
        }
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => {
                self.misfit("a number out of range");
                Ok(())
            }
        }
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        match self.builder {
            Builder::Double(b) => b.append_value(value),
            // A whole number beyond 64 bits comes as a float.
            _ if value.fract() == 0.0 && value.abs() >= 9e18 => {
                self.misfit("a number out of range");
            }
            _ => self.misfit("a fractional number"),
        }
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        match self.builder {
            Builder::Text(b) => b.append_value(value),
            Builder::Time(b) => match parse_micros(value) {
                Some(micros) => b.append_value(micros),
                None => self.misfit("text that is no timestamp"),
            },
            _ => self.misfit("text"),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let notes = self.notes;
        if let Builder::List(list) = self.builder {
            return fill_list(list, notes, items);
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Slot { builder: self.builder, notes }.misfit("a list");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let notes = self.notes;
        if let Builder::Record(record) = self.builder {
            return fill_record(record, notes, entries);
        }
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Slot { builder: self.builder, notes }.misfit("an object");
        Ok(())
    }
}

fn fill_list<'de, A: SeqAccess<'de>>(
    list: &mut List,
    notes: &mut Notes,
    mut items: A,
) -> Result<(), A::Error> {
    while items.next_element_seed(Slot { builder: &mut list.item, notes })?.is_some() {
        list.items += 1;
    }
    list.nulls.append_non_null();
    list.end();
    Ok(())
}

fn fill_record<'de, A: MapAccess<'de>>(
    record: &mut Record,
    notes: &mut Notes,
    entries: A,
) -> Result<(), A::Error> {
    fill_members(&mut record.members, notes, entries)?;
    record.nulls.append_non_null();
    Ok(())
}

/// Fills one object. A repeated name keeps its first value and is noted.
pub(super) fn fill_members<'de, A: MapAccess<'de>>(
    members: &mut Members,
    notes: &mut Notes,
    mut entries: A,
) -> Result<(), A::Error> {
    while let Some(found) = entries.next_key_seed(Name(members))? {
        let Some(index) = found else {
            entries.next_value::<IgnoredAny>()?;
            continue;
        };
        if members.claim(index) {
            fill_member(members, index, notes, &mut entries)?;
        } else {
            entries.next_value::<IgnoredAny>()?;
            notes.add_repeated(members.name(index));
        }
    }
    members.end();
    Ok(())
}

fn fill_member<'de, A: MapAccess<'de>>(
    members: &mut Members,
    index: usize,
    notes: &mut Notes,
    entries: &mut A,
) -> Result<(), A::Error> {
    let before = notes.misfits.len();
    entries.next_value_seed(Slot { builder: &mut members.builders[index], notes })?;
    for found in &mut notes.misfits[before..] {
        let (name, path) = (members.name(index), &found.path);
        found.path = if path.is_empty() { name.to_owned() } else { format!("{name}.{path}") };
    }
    Ok(())
}

/// Reads a member name and looks it up without keeping it.
struct Name<'a>(&'a mut Members);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.find(name))
    }
}

/// One row: an object, or nothing else.
pub(super) struct Row<'a> {
    pub(super) members: &'a mut Members,
    pub(super) raw: Option<&'a mut datafusion::arrow::array::StringBuilder>,
    pub(super) notes: &'a mut Notes,
}

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { members, raw, notes } = self;
        let Some(builder) = raw else {
            return deserializer.deserialize_map(Self { members, raw: None, notes });
        };
        let text: &RawValue = serde::Deserialize::deserialize(deserializer)?;
        builder.append_value(text.get());
        let mut inner = serde_json::Deserializer::from_str(text.get());
        Row { members, raw: None, notes }.deserialize(&mut inner).map_err(D::Error::custom)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<(), A::Error> {
        fill_members(self.members, self.notes, entries)?;
        self.notes.row += 1;
        Ok(())
    }
}
