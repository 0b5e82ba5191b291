//! What a page decodes to, compared with an independent reading by `serde_json`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use datafusion::arrow::record_batch::RecordBatch;

use super::*;
use crate::spec::{
    Column, Kind, RAW, TableSpec, arrow_schema, double, flag, integer, json, list, long, record,
    text, texts, time,
};

const INNER: &[Column] = &[text("city", "."), double("latitude", ".")];
const OUTER: &[Column] = &[text("country", "."), record("point", INNER, ".")];

static SPEC: TableSpec = TableSpec::collection("things", "/things").columns(&[
    text("id", "."),
    flag("is_on", "."),
    integer("small_count", "."),
    long("big_count", "."),
    double("ratio", "."),
    time("seen_date_time", "."),
    texts("tags", "."),
    record("place", OUTER, "."),
    list("places", &Kind::Record(OUTER), "."),
    json("open", "."),
]);

fn decoder(names: &[&str]) -> Decoder {
    let full = arrow_schema(&SPEC);
    let places: Vec<usize> = names.iter().map(|n| full.index_of(n).unwrap()).collect();
    let all: Vec<&'static Column> = SPEC.columns_served().chain([&RAW]).collect();
    let columns = places.iter().map(|i| all[*i]).collect();
    Decoder::new(columns, Arc::new(full.project(&places).unwrap()), "id".into())
}

fn all() -> Vec<&'static str> {
    SPEC.columns_served().map(|c| c.name).collect()
}

fn page(names: &[&str], rows: &str) -> Page {
    decoder(names).page(format!(r#"{{"value":[{rows}]}}"#).as_bytes()).unwrap()
}

fn texts_of(batch: &RecordBatch, column: usize) -> Vec<Option<&str>> {
    batch.column(column).as_string::<i32>().iter().collect()
}

#[test]
fn every_kind_of_value_reaches_its_column() {
    let row = r#"{"id":"a\"é","isOn":true,"smallCount":-5,"bigCount":9007199254740993,
        "ratio":1.5,"seenDateTime":"2026-11-14T01:02:03.1234567Z","tags":["x","y"],
        "place":{"country":"NO","point":{"city":"Oslo","latitude":59.9}},
        "places":[{"country":"SE"},null],"open":{"k":[1, 2]}}"#;
    let batch = page(&all(), row).batch;
    assert_eq!(texts_of(&batch, 0), [Some("a\"é")]);
    assert!(batch.column(1).as_boolean().value(0));
    assert_eq!(batch.column(2).as_primitive::<Int32Type>().value(0), -5);
    assert_eq!(batch.column(3).as_primitive::<Int64Type>().value(0), 9_007_199_254_740_993);
    assert_eq!(batch.column(4).as_primitive::<Float64Type>().value(0).to_bits(), 1.5f64.to_bits());
    let micros = batch.column(5).as_primitive::<TimestampMicrosecondType>().value(0);
    assert_eq!(micros, 1_794_618_123_123_456);
    assert_eq!(batch.column(6).as_list::<i32>().value(0).as_string::<i32>().value(1), "y");
    let places = batch.column(8).as_list::<i32>().value(0);
    assert_eq!((places.len(), places.is_null(1)), (2, true));
    assert_eq!(texts_of(&batch, 9), [Some(r#"{"k":[1, 2]}"#)]);
}

#[test]
fn absent_and_null_members_are_null_to_the_bottom() {
    let batch = page(&all(), r#"{},{"place":null,"places":null,"tags":null,"open":null}"#).batch;
    for column in batch.columns() {
        assert_eq!(column.null_count(), 2);
    }
    let place = batch.column(7).as_struct();
    // A field of a null struct shows its slot, so the slot must be null as well.
    assert_eq!(place.column(0).null_count(), 2);
    assert_eq!(place.column(1).as_struct().column(0).null_count(), 2);
}

#[test]
fn a_misfit_is_null_and_names_its_row_and_path() {
    let rows = r#"{"id":"a","smallCount":2147483648,"place":{"point":{"city":7}}},
        {"id":"b","isOn":"yes","bigCount":1e3,"tags":{"x":1},"place":[]}"#;
    let page = page(&all(), rows);
    let found: Vec<_> = page
        .misfits
        .iter()
        .map(|m| (m.key.as_deref().unwrap(), m.column.as_str(), m.found))
        .collect();
    assert_eq!(
        found,
        [
            ("a", "small_count", "a number out of range"),
            ("a", "place.point.city", "a number"),
            ("b", "is_on", "text"),
            ("b", "big_count", "a fractional number"),
            ("b", "tags", "an object"),
            ("b", "place", "a list"),
        ]
    );
    assert_eq!(page.batch.num_rows(), 2);
    assert_eq!(page.batch.column(2).null_count(), 2);
}

#[test]
fn unknown_members_are_skipped_and_order_does_not_matter() {
    let rows =
        r#"{"new":{"deep":[1]},"tags":[],"isOn":false,"id":"a"},{"id":"b","@odata.type":"x"}"#;
    let batch = page(&["id", "tags"], rows).batch;
    assert_eq!(texts_of(&batch, 0), [Some("a"), Some("b")]);
    assert_eq!(batch.column(1).null_count(), 1);
}

#[test]
fn raw_is_the_object_as_it_came() {
    let row = r#"{"id":"a", "unheard": [1,  2]}"#;
    let batch = page(&["raw", "id"], row).batch;
    assert_eq!(texts_of(&batch, 0), [Some(row)]);
    assert_eq!(texts_of(&batch, 1), [Some("a")]);
}

#[test]
fn no_columns_still_count_rows() {
    assert_eq!(page(&[], r#"{"id":"a"},{"id":"b"}"#).batch.num_rows(), 2);
}

#[test]
fn the_next_link_is_read_and_an_empty_one_is_none() {
    let decoder = decoder(&["id"]);
    let next = |body: &str| decoder.page(body.as_bytes()).unwrap().next;
    assert_eq!(
        next(r#"{"@odata.nextLink":"https://a/b","value":[]}"#).as_deref(),
        Some("https://a/b")
    );
    assert_eq!(
        next(r#"{"value":[],"@odata.nextLink":"https:\/\/a"}"#).as_deref(),
        Some("https://a")
    );
    assert_eq!(next(r#"{"value":[],"@odata.nextLink":""}"#), None);
    assert_eq!(next(r#"{"value":[],"@odata.nextLink":null}"#), None);
}

#[test]
fn the_head_of_a_page_tells_the_next_link_early() {
    let body = format!(
        r#"{{"@odata.context":"c","@odata.count":7,"@odata.nextLink":"https://a?x=\u0041","value":[{{"id":"{}"}}"#,
        "é".repeat(9_000)
    );
    assert_eq!(peek_next_link(body.as_bytes()).as_deref(), Some("https://a?x=A"));
    assert_eq!(peek_next_link(br#"{"value":[{"@odata.nextLink":"https://evil"}]}"#), None);
    assert_eq!(peek_next_link(b"<html>"), None);
}

#[track_caller]
fn fails(body: &[u8]) -> Failure {
    decoder(&["id"]).page(body).unwrap_err()
}

#[test]
fn a_body_cut_at_any_byte_gives_no_page() {
    let body = r#"{"@odata.nextLink":"https://a/b","value":[{"id":"é\n"},{"id":"b","tags":[1]}]}"#;
    for end in 0..body.len() {
        match fails(&body.as_bytes()[..end]) {
            Failure::Cut(_) => {}
            other => panic!("{end}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_page_is_refused() {
    for body in ["{}", r#"{"value":null}"#, r#"{"value":{}}"#, r#"{"value":[1]}"#, r#""x""#] {
        assert!(matches!(fails(body.as_bytes()), Failure::Malformed(_)), "{body}");
    }
    assert!(matches!(fails(b"<html>"), Failure::Cut(_)));
    assert!(matches!(fails(br#"{"value":[]} {"#), Failure::Cut(_)));
    assert!(matches!(fails(b"{\"value\":[{\"id\":\"\xff\"}]}"), Failure::Malformed(_)));
    assert_eq!(fails(br#"{"error":{"code":"x"}}"#), Failure::GraphError);
    let object = decoder(&["id"]).object(br#"{"error":{"code":"x"}}"#);
    assert_eq!(object.unwrap_err(), Failure::GraphError);
}

#[test]
fn one_byte_order_mark_is_tolerated() {
    assert_eq!(decoder(&["id"]).page(b"\xEF\xBB\xBF{\"value\":[]}").unwrap().batch.num_rows(), 0);
}

#[test]
fn a_bare_array_is_a_page_too() {
    assert_eq!(decoder(&["id"]).page(br#"[{"id":"a"}]"#).unwrap().batch.num_rows(), 1);
}

#[test]
fn a_repeated_member_keeps_its_first_value_and_is_noted() {
    let page = page(&["id"], r#"{"id":"a","id":"b"}"#);
    assert_eq!(texts_of(&page.batch, 0), [Some("a")]);
    assert_eq!(page.misfits.len(), 1);
    assert_eq!((page.misfits[0].column.as_str(), page.misfits[0].kept_first), ("id", true));
}

#[test]
fn a_number_no_float_can_hold_is_null_and_costs_nothing_else() {
    let numbers = ["1e400", "-1e400", "99999999999999999999", "-9223372036854775809"];
    for number in numbers {
        for column in ["smallCount", "bigCount", "id", "isOn", "seenDateTime", "tags", "place"] {
            let rows = format!(r#"{{"id":"a","{column}":{number}}},{{"id":"b","ratio":1.5}}"#);
            let page = page(&all(), &rows.replace(r#""id":"a","id""#, r#""id""#));
            assert_eq!(page.batch.num_rows(), 2, "{rows}");
            assert_eq!(texts_of(&page.batch, 0)[1], Some("b"));
            assert_eq!(page.misfits.len(), 1, "{rows}");
            assert_eq!(page.misfits[0].found, "a number out of range", "{rows}");
            let key = page.misfits[0].key.as_deref();
            assert_eq!(key, (column != "id").then_some("a"), "{rows}");
        }
    }
    let nested = r#"{"id":"a","place":{"point":{"latitude":1e999}},"tags":[1e999,"x"]}"#;
    assert_eq!(page(&all(), nested).misfits.len(), 2);
}

#[test]
fn half_a_surrogate_pair_is_refused_where_it_is_read() {
    for text in [r"\ud800", r"\ud800x", r"\ud800\u0041", r"\udc00"] {
        let body = format!(r#"{{"value":[{{"id":"{text}"}}]}}"#);
        assert!(matches!(fails(body.as_bytes()), Failure::Malformed(_)), "{body}");
        let elsewhere = body.replace("\"id\"", "\"unheard\"");
        assert!(decoder(&["id"]).page(elsewhere.as_bytes()).is_ok(), "{elsewhere}");
    }
}
