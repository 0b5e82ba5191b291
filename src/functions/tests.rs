//! The functions over columns as they come: sliced, dictionaries, views, null records.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, DictionaryArray, ListArray, RecordBatch, StringArray, StringViewArray,
    StructArray,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{Field, Int8Type};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::SessionContext;

/// A session with the functions and one table, `t`.
fn session(columns: Vec<(&str, ArrayRef)>) -> SessionContext {
    let context = SessionContext::new();
    for function in super::scalar() {
        context.register_udf(function);
    }
    for function in super::aggregate() {
        context.register_udaf(function);
    }
    if !columns.is_empty() {
        let named = columns.into_iter().map(|(name, column)| (name, column, true));
        let batch = RecordBatch::try_from_iter_with_nullable(named).expect("is a batch");
        // A slice: an offset that is ignored shows as the wrong row.
        let batch = batch.slice(1, batch.num_rows() - 1);
        context.register_batch("t", batch).expect("registers");
    }
    context
}

/// The values of the first column, or the error.
pub(crate) async fn run(context: &SessionContext, sql: &str) -> Vec<String> {
    let frame = match context.sql(sql).await {
        Ok(frame) => frame.collect().await,
        Err(error) => Err(error),
    };
    let batches = match frame {
        Ok(batches) => batches,
        Err(error) => return vec![error.strip_backtrace()],
    };
    let options = FormatOptions::default().with_null("NULL");
    let texts = |batch: &RecordBatch| {
        let column = Arc::clone(batch.column(0));
        let format = ArrayFormatter::try_new(&column, &options).expect("can be shown");
        (0..column.len()).map(|row| format.value(row).to_string()).collect::<Vec<_>>()
    };
    batches.iter().flat_map(texts).collect()
}

async fn value(sql: &str) -> String {
    run(&session(Vec::new()), &format!("SELECT {sql}")).await.join(" | ")
}

#[tokio::test]
async fn every_function_documents_itself() {
    let scalar = super::scalar();
    let aggregate = super::aggregate();
    let all = scalar.iter().map(|f| (f.name(), f.documentation()));
    for (name, documentation) in all.chain(aggregate.iter().map(|f| (f.name(), f.documentation())))
    {
        let documentation = documentation.unwrap_or_else(|| panic!("{name}"));
        assert!(documentation.syntax_example.starts_with(&format!("{name}(")), "{name}");
        assert!(documentation.arguments.as_ref().is_some_and(|a| !a.is_empty()), "{name}");
    }
    assert!(scalar.is_sorted_by(|a, b| a.name() < b.name()));
    assert!(aggregate.is_sorted_by(|a, b| a.name() < b.name()));
}

#[tokio::test]
async fn addresses_are_compared_as_addresses() {
    for (sql, expected) in [
        ("ip_in_cidr('10.1.2.3', '10.0.0.0/8')", "true"),
        ("ip_in_cidr('11.1.2.3', '10.0.0.0/8')", "false"),
        ("ip_in_cidr('::ffff:10.1.2.3', '10.0.0.0/8')", "true"),
        ("ip_in_cidr('10.1.2.3', '::ffff:10.0.0.0/104')", "true"),
        ("ip_in_cidr('10.1.2.3', '::/0')", "false"),
        ("ip_in_cidr(' 2001:DB8::1 ', '2001:db8::/32')", "true"),
        ("ip_in_cidr('10.1.2.3', '10.1.2.3')", "true"),
        ("ip_in_cidr('10.1.2.3', '10.1.2.9/24')", "true"),
        ("ip_in_cidr('10.1.2.3', '10.0.0.0/33')", "NULL"),
        ("ip_in_cidr('10.1.2', '10.0.0.0/8')", "NULL"),
        ("ip_in_cidr('', '10.0.0.0/8')", "NULL"),
        ("ip_in_cidr(NULL, '10.0.0.0/8')", "NULL"),
        ("ip_in_cidr('10.1.2.3', NULL)", "NULL"),
        ("ip_in_any('10.1.2.3', ['192.0.2.0/24', '10.0.0.0/8', '10.1.0.0/16'])", "true"),
        ("ip_in_any('192.0.3.0', ['192.0.2.0/24', '10.0.0.0/8'])", "false"),
        ("ip_in_any('2001:db8::1', ['10.0.0.0/8', '2001:db8::/126'])", "true"),
        ("ip_in_any('2001:db8::4', ['10.0.0.0/8', '2001:db8::/126'])", "false"),
        ("ip_in_any('10.1.2.3', ['10.0.0.0/8', 'rubbish'])", "true"),
        ("ip_in_any('11.1.2.3', ['10.0.0.0/8', 'rubbish'])", "NULL"),
        ("ip_in_any('11.1.2.3', ['10.0.0.0/8', NULL])", "NULL"),
        ("ip_in_any('11.1.2.3', [])", "false"),
        ("ip_in_any('11.1.2.3', NULL)", "NULL"),
        ("ip_in_any('x', ['10.0.0.0/8'])", "NULL"),
        ("ip_is_private('100.127.255.255')", "true"),
        ("ip_is_private('100.128.0.0')", "false"),
        ("ip_is_private('::ffff:192.168.0.1')", "true"),
        ("ip_is_private('fd00::1')", "true"),
        ("ip_is_private('2001:db8::1')", "false"),
        ("ip_is_private('8.8.8.8')", "false"),
        ("ip_is_private('localhost')", "NULL"),
        ("ip_normalize('2001:0DB8:0::0001')", "2001:db8::1"),
        ("ip_normalize('::FFFF:192.0.2.1')", "192.0.2.1"),
        ("ip_normalize('192.0.2.01')", "NULL"),
        ("ip_prefix('203.0.113.77', 24, 64)", "203.0.113.0/24"),
        ("ip_prefix('2001:db8:1:2:3::4', 24, 64)", "2001:db8:1:2::/64"),
        ("ip_prefix('203.0.113.77', 0, 0)", "0.0.0.0/0"),
        ("ip_prefix('203.0.113.77', 24, 129)", "NULL"),
        ("ip_prefix('203.0.113.77', -1, 64)", "NULL"),
        ("ip_prefix('203.0.113.77', 24, NULL)", "NULL"),
    ] {
        assert_eq!(value(sql).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn words_are_found_with_three_answers() {
    for (sql, expected) in [
        ("has_term('Azure CLI', 'cli')", "true"),
        ("has_term('client', 'cli')", "false"),
        ("has_term(NULL, 'cli')", "NULL"),
        ("has_term('cli', NULL)", "NULL"),
        ("has_any_term('curl/8', ['wget', 'CURL'])", "true"),
        ("has_any_term('curl/8', ['wget', NULL])", "NULL"),
        ("has_any_term('curl/8', ['wget'])", "false"),
        ("has_any_term('curl/8', NULL)", "NULL"),
        ("regexp_extract_all('a1b22', '[0-9]+')", "[1, 22]"),
        ("regexp_extract_all('none', '[0-9]+')", "[]"),
        ("regexp_extract_all('ab', '(a)|(b)', 2)", "[NULL, b]"),
        ("regexp_extract_all(NULL, 'a')", "NULL"),
        ("regexp_extract_all('a', NULL)", "NULL"),
        ("regexp_extract_all('a', 'a', NULL)", "NULL"),
        ("haversine_km(0, 0, NULL, 0)", "NULL"),
        ("json_unquote(NULL)", "NULL"),
        ("consent_scopes(NULL)", "NULL"),
        ("signin_outcome(NULL)", "NULL"),
        ("signin_error(0)", "NULL"),
        ("role_name('no id')", "NULL"),
        ("is_privileged_role('4A5D8F65-41da-4de4-8968-e035b65339cf')", "false"),
        ("upn_domain('nobody')", "NULL"),
        ("to_json(NULL)", "NULL"),
        ("to_json([1, NULL])", "[1,null]"),
        ("to_json([named_struct('sku_id', ['s'])])", r#"[{"skuId":["s"]}]"#),
        ("to_json(named_struct('app_of', named_struct('app_id', 7)))", r#"{"appOf":{"appId":7}}"#),
        ("to_json(TIMESTAMP '2026-01-02 03:04:05')", "\"2026-01-02T03:04:05Z\""),
    ] {
        assert_eq!(value(sql).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn a_wrong_argument_is_named() {
    for (sql, words) in [
        ("ip_in_cidr('10.1.2.3')", "`ip_in_cidr` takes the arguments ip, cidr, and here are 1"),
        ("ip_in_cidr(7, '10.0.0.0/8')", "`ip_in_cidr` takes text as `ip`, and here is Int64"),
        ("modprop('x', 'y')", "takes a list of records with modified_properties"),
        ("initiator(named_struct('a', 1))", "takes a record with user or app"),
        ("regexp_extract_all('a', '(')", "`regexp_extract_all`"),
        ("regexp_extract_all('a', 'a', 1)", "there is no group 1, the pattern has 0"),
        ("collect_set(v, 0) FROM (VALUES (1)) AS t(v)", "one constant above zero"),
        ("max_in_window(now(), INTERVAL '1 month')", "one constant interval without months"),
    ] {
        let error = value(sql).await;
        assert!(error.contains(words), "{sql}: {error}");
    }
}

fn text(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<StringArray>())
}

#[tokio::test]
async fn text_may_come_as_a_dictionary_or_a_view() {
    let ips = [Some("rubbish"), Some("10.0.0.1"), None, Some("10.0.0.1"), Some("11.0.0.1")];
    let dictionary: DictionaryArray<Int8Type> = ips.into_iter().collect();
    let views: StringViewArray = ips.into_iter().collect();
    let nets = text(&[None, Some("10.0.0.0/8"), Some("x"), Some("11.0.0.0/8"), Some("11.0.0.0/8")]);
    let columns: Vec<(&str, ArrayRef)> =
        vec![("d", Arc::new(dictionary)), ("v", Arc::new(views)), ("net", nets)];
    let context = session(columns);
    for column in ["d", "v"] {
        let fixed = format!("SELECT ip_in_cidr({column}, '10.0.0.0/8') FROM t");
        assert_eq!(run(&context, &fixed).await, ["true", "NULL", "true", "false"], "{column}");
        let by_row = format!("SELECT ip_in_cidr({column}, net) FROM t");
        assert_eq!(run(&context, &by_row).await, ["true", "NULL", "false", "true"], "{column}");
        let lists = format!("SELECT ip_in_any({column}, [net, '12.0.0.0/8']) FROM t");
        assert_eq!(run(&context, &lists).await, ["true", "NULL", "false", "true"], "{column}");
        let set = format!("SELECT collect_set({column}, 5) FROM t");
        assert_eq!(run(&context, &set).await, ["[10.0.0.1, 11.0.0.1]"], "{column}");
    }
}

/// A record column whose nulls have values behind them, as Arrow allows.
fn leaking(fields: Vec<(&str, ArrayRef)>, valid: &[bool]) -> ArrayRef {
    let fields = fields.into_iter().map(|(name, column)| {
        (Arc::new(Field::new(name, column.data_type().clone(), true)), column)
    });
    let (fields, columns): (Vec<_>, Vec<_>) = fields.unzip();
    Arc::new(StructArray::new(fields.into(), columns, Some(NullBuffer::from(valid.to_vec()))))
}

fn list(lengths: &[usize], items: ArrayRef, valid: &[bool]) -> ArrayRef {
    let field = Arc::new(Field::new("item", items.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    Arc::new(ListArray::new(field, offsets, items, Some(NullBuffer::from(valid.to_vec()))))
}

#[tokio::test]
async fn what_is_behind_a_null_record_stays_there() {
    let user = leaking(
        vec![
            ("id", text(&[Some("0"), Some("1"), Some("2"), Some("3")])),
            ("user_principal_name", text(&[Some("z"), Some("a"), Some("b"), Some("")])),
        ],
        &[true, true, false, true],
    );
    let app = leaking(
        vec![("display_name", text(&[Some("app"), Some("app"), Some("sync"), Some("empty")]))],
        &[true, false, true, true],
    );
    let whole = leaking(vec![("user", user), ("app", app)], &[true, true, true, true]);
    let gone = leaking(
        vec![("app", leaking(vec![("app_id", text(&[Some("x"); 4]))], &[true; 4]))],
        &[true, false, false, false],
    );
    let context = session(vec![("by", whole), ("gone", gone)]);
    assert_eq!(run(&context, "SELECT initiator(by) FROM t").await, ["a", "sync", "empty"]);
    assert_eq!(run(&context, "SELECT initiator_id(by) FROM t").await, ["1", "NULL", "3"]);
    assert_eq!(run(&context, "SELECT initiator_type(by) FROM t").await, ["user", "app", "user"]);
    assert_eq!(run(&context, "SELECT initiator_id(gone) FROM t").await, ["NULL"; 3]);
}

/// Five rows: one to be sliced off, one with two targets, one whose target is null, one
/// null, one empty.
fn targets() -> SessionContext {
    let properties = leaking(
        vec![
            (
                "display_name",
                text(&[Some("x"), Some("Name"), Some("name"), Some("NAME"), Some("Name")]),
            ),
            ("old_value", text(&[None, Some("[\"a\"]"), None, Some("\"c\""), Some("d")])),
            ("new_value", text(&[None, Some("\"A\""), Some("B"), Some("\"C\""), Some("D")])),
        ],
        &[true, true, true, false, true],
    );
    // The first target has one property, the others one, two (one null), one.
    let properties = list(&[1, 1, 2, 1], properties, &[true, true, true, true]);
    let records = leaking(
        vec![
            ("id", text(&[Some("t0"), Some("t1"), Some("t2"), Some("t3")])),
            ("type", text(&[Some("User"), Some("Group"), Some("user"), Some("User")])),
            ("modified_properties", properties),
        ],
        &[true, true, true, false],
    );
    let column = list(&[1, 2, 1, 0, 0], records, &[true, true, true, false, true]);
    session(vec![("t", column)])
}

#[tokio::test]
async fn properties_are_found_over_all_targets() {
    let context = targets();
    for (sql, expected) in [
        ("modprop(t, 'name')", ["A", "NULL", "NULL", "NULL"]),
        ("modprop(t, 'name', 'old')", ["a", "NULL", "NULL", "NULL"]),
        ("modprop(t, NULL)", ["NULL", "NULL", "NULL", "NULL"]),
        (
            "modprop_all(t, 'Name')",
            [
                "[{target_id: t1, old: a, new: A}, {target_id: t2, old: NULL, new: B}]",
                "[]",
                "NULL",
                "[]",
            ],
        ),
        ("target(t, 'USER')['id']", ["t2", "NULL", "NULL", "NULL"]),
        (
            "target(t, 'Group')['modified_properties'][1]['new_value']",
            ["\"A\"", "NULL", "NULL", "NULL"],
        ),
        ("target(t, 'User') IS NULL", ["false", "true", "true", "true"]),
        ("array_length(targets(t, 'user'))", ["1", "0", "NULL", "0"]),
        ("targets(t, 'group')[1]['id']", ["t1", "NULL", "NULL", "NULL"]),
    ] {
        let found = run(&context, &format!("SELECT {sql} FROM t")).await;
        assert_eq!(found, expected, "{sql}");
    }
    let error = run(&context, "SELECT modprop(t, 'name', 'both') FROM t").await;
    assert!(error[0].contains("takes 'old' or 'new', not 'both'"), "{error:?}");
}

#[tokio::test]
async fn windows_count_what_is_close_together() {
    let minutes =
        "(VALUES (0, 'a'), (25, 'b'), (26, 'a'), (30, 'a'), (35, 'a'), (60, NULL), (NULL, 'z'))";
    let rows = format!("(SELECT to_timestamp(m * 60) AS ts, u FROM {minutes} AS v(m, u))");
    for (sql, expected) in [
        ("max_in_window(ts, INTERVAL '10 minutes')", "4"),
        ("max_in_window(ts, INTERVAL '9 minutes')", "3"),
        ("max_in_window(ts, INTERVAL '0 minutes')", "1"),
        ("max_in_window(ts, INTERVAL '1 day')", "6"),
        ("max_distinct_in_window(u, ts, INTERVAL '10 minutes')", "2"),
        ("max_distinct_in_window(u, ts, INTERVAL '0 minutes')", "1"),
        ("max_in_window(ts, INTERVAL '1 day') FILTER (WHERE u = 'nobody')", "0"),
        ("collect_set(u, 1)", "[a]"),
        ("collect_set(u, 9) FILTER (WHERE u = 'nobody')", "[]"),
    ] {
        let found = run(&session(Vec::new()), &format!("SELECT {sql} FROM {rows}")).await;
        assert_eq!(found, [expected], "{sql}");
    }
}

/// With several partitions an aggregate is made of parts.
#[tokio::test]
async fn parts_of_a_group_are_put_together() {
    let union = |sql: &str| format!("{sql} UNION ALL {sql}");
    let rows = union("SELECT TIMESTAMP '2026-01-01 08:00:00' AS ts, 'a' AS u");
    let sql = format!(
        "SELECT concat_ws(',', max_in_window(ts, INTERVAL '1 minute'), \
                max_distinct_in_window(u, ts, INTERVAL '1 minute'), \
                array_to_string(collect_set(u, 3), '+')) \
           FROM ({rows} UNION ALL SELECT ts, 'b' FROM ({rows})) GROUP BY date_trunc('day', ts)"
    );
    let context = session(Vec::new());
    let plan = run(&context, &format!("EXPLAIN FORMAT TREE {sql}")).await.join("\n");
    assert_eq!(run(&context, &sql).await, ["4,2,a+b"], "{plan}");
}
