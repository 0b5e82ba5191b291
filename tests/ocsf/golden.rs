//! Hand-made events, one per class: valid as they are, found out when anything is changed.

use std::collections::BTreeSet;

use super::check::Checker;
use super::finding::Kind;
use super::json::Json;
use super::keep;
use super::mutation::{Mutation, mutations};

fn golden() -> Vec<Json> {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

#[test]
fn golden_events_are_valid() {
    let mut checker = Checker::new("1.6.0");
    let mut classes = BTreeSet::new();
    for event in golden() {
        classes.insert(event.get("class_uid").unwrap().integer().unwrap());
        let findings = checker.check(&event.to_string());
        assert!(findings.is_empty(), "{event}\n{findings:#?}");
    }
    let known = checker.schema().classes.keys().map(|uid| uid.parse::<i64>().unwrap());
    assert_eq!(classes, known.collect(), "a class without a golden event");
}

#[test]
fn golden_events_are_valid_in_the_next_version() {
    let mut checker = Checker::new("1.8.0");
    for event in golden() {
        let text = event.to_string().replace(r#""version":"1.6.0""#, r#""version":"1.8.0""#);
        let findings = checker.check(&text);
        assert!(findings.is_empty(), "{text}\n{findings:#?}");
    }
}

#[test]
fn every_single_change_is_found() {
    let checker = Checker::new("1.6.0");
    let mut kinds = BTreeSet::new();
    let mut changed = Vec::new();
    for event in golden() {
        for mutation in mutations(checker.schema(), &event) {
            let Mutation { kind, path, event } = mutation;
            let text = event.to_string();
            let findings = checker.check_alone(&text);
            let found = findings.iter().any(|f| f.kind == kind && f.path == path);
            assert!(found, "{kind:?} at {path} was not found in\n{text}\n{findings:#?}");
            kinds.insert(kind);
            changed.push(text);
        }
    }
    keep("mutations", &changed);
    assert!(changed.len() > 2_000, "only {} changes", changed.len());
    assert_eq!(kinds.len(), 19, "{kinds:?}");
}

#[test]
fn events_are_told_apart_by_their_uid() {
    let mut checker = Checker::new("1.6.0");
    let event = golden()[0].to_string();
    assert_eq!(checker.check(&event), []);
    let findings = checker.check(&event);
    assert_eq!((findings.len(), findings[0].kind), (1, Kind::Uid));
}

#[test]
fn what_is_no_event_is_unreadable() {
    for text in ["", "{", "[]", "7", "null", r#"{"time": 99999999999999999999}"#] {
        let findings = Checker::new("1.6.0").check(text);
        let kind = if text.len() > 4 { Kind::Class } else { Kind::Unreadable };
        assert_eq!(findings[0].kind, kind, "{text}");
    }
}
