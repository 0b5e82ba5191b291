//! The functions of OCSF in SQL: over nulls, several rows, and values of all kinds.

use datafusion::prelude::SessionContext;

use crate::functions::tests::run;

async fn values(sql: &str) -> Vec<String> {
    let context = SessionContext::new();
    for function in super::scalar() {
        context.register_udf(function);
    }
    run(&context, sql).await
}

#[test]
fn every_function_documents_itself() {
    let all = super::scalar();
    for function in &all {
        let documentation = function.documentation().expect("documents itself");
        assert!(documentation.syntax_example.starts_with(&format!("{}(", function.name())));
    }
    assert!(all.is_sorted_by(|a, b| a.name() < b.name()));
}

#[tokio::test]
async fn values_become_what_ocsf_asks_for() {
    for (sql, expected) in [
        ("ocsf_time_ms(NULL)", "NULL"),
        ("ocsf_time_ms(TIMESTAMP '1969-12-31 23:59:59.9995')", "-1"),
        ("ocsf_time_s(TIMESTAMP '2020-06-04 10:00:00Z')", "1591264800"),
        ("ocsf_datetime(TIMESTAMP '2026-01-02 03:04:05')", "2026-01-02T03:04:05Z"),
        ("ocsf_datetime(NULL)", "NULL"),
        ("ocsf_severity_id('INFORMATIONAL')", "1"),
        ("ocsf_severity_id('info')", "1"),
        ("ocsf_severity_id(' Fatal ')", "6"),
        ("ocsf_severity_id('odd')", "99"),
        ("ocsf_severity_id(NULL)", "NULL"),
        ("ocsf_severity(0)", "Unknown"),
        ("ocsf_severity(99)", "Other"),
        ("ocsf_severity(7)", "NULL"),
        ("ocsf_severity(-1)", "NULL"),
        ("ocsf_caption(2004, 'status_id', 1)", "New"),
        ("ocsf_caption(3001, 'status_id', 1)", "Success"),
        ("ocsf_caption(3001, 'status_id', 7)", "NULL"),
        ("ocsf_caption(-1, 'status_id', 1)", "NULL"),
        ("ocsf_caption(3001, NULL, 1)", "NULL"),
        ("ocsf_caption(3001, 'user.account.type_id', 19)", "ActiveDirectory Account"),
        ("ocsf_type_uid(3001, NULL)", "NULL"),
        ("ocsf_type_uid(9223372036854775807, 1)", "NULL"),
        ("entra_error_class(0)", "NULL"),
        ("entra_error_class(50173)", "SESSION_REVOKED"),
    ] {
        assert_eq!(values(&format!("SELECT {sql}")).await, [expected], "{sql}");
    }
    let captions = "SELECT ocsf_caption(class, 'activity_id', id) \
                      FROM (VALUES (3001, 1), (3006, 1), (3006, NULL), (NULL, 1), (3001, 6)) AS t(class, id)";
    let expected = ["Create", "Assign Privileges", "NULL", "NULL", "Delete"];
    assert_eq!(values(captions).await, expected);
}

#[tokio::test]
async fn observables_are_those_with_a_value() {
    let sql = "SELECT ocsf_observables('src_endpoint.ip', 2, ip, 'user.name', 4, name, 'x', NULL, x) \
                 FROM (VALUES ('198.51.100.7', 'ada', NULL), ('', NULL, NULL), (NULL, 'bo', 'y')) \
                   AS t(ip, name, x)";
    assert_eq!(
        values(sql).await,
        [
            "[{name: src_endpoint.ip, type_id: 2, type: IP Address, value: 198.51.100.7}, \
             {name: user.name, type_id: 4, type: User Name, value: ada}]",
            "NULL",
            "[{name: user.name, type_id: 4, type: User Name, value: bo}, \
             {name: x, type_id: NULL, type: NULL, value: y}]",
        ]
    );
}

#[tokio::test]
async fn a_map_has_what_is_there() {
    let sql = "SELECT ocsf_map('flag', flag, 'number', number, 'text', t, 'at', at, 'list', l) \
                 FROM (VALUES \
                   (true, 1.5, 'a \"b\"', TIMESTAMP '2026-01-02 03:04:05Z', \
                    [named_struct('sku_id', 's', 'none', NULL)]), \
                   (NULL, NULL, '', NULL, NULL)) AS v(flag, number, t, at, l)";
    assert_eq!(
        values(sql).await,
        [
            "{flag: true, number: 1.5, text: a \"b\", at: 2026-01-02T03:04:05Z, \
             list: [{\"skuId\":\"s\"}]}",
            "NULL",
        ]
    );
    assert_eq!(values("SELECT ocsf_map('empty', [], 'null', NULL)").await, ["NULL"]);
    for wrong in ["ocsf_map('name')", "ocsf_map()", "ocsf_observables('a', 1)"] {
        let error = values(&format!("SELECT {wrong}")).await.concat();
        assert!(error.contains("argument"), "{error}");
    }
}
