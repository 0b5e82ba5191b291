//! What the queries over several providers must find in the demo, told from its story alone:
//! what `fixtures/README.md` says about the lists.

use std::collections::BTreeSet;

use datafusion::arrow::util::display::array_value_to_string;
use entraql::Engine;

use crate::story::{engine, filled};

type Rows = BTreeSet<Vec<String>>;

async fn found(engine: &Engine, name: &str, with: &[(&str, &str)], columns: &[&str]) -> Rows {
    let path = format!("queries/cross_idp/{name}.sql");
    let sql = filled(&std::fs::read_to_string(&path).unwrap(), with);
    let mut query = engine.query(&sql).await.unwrap_or_else(|e| panic!("{path}: {e:?}"));
    let mut rows = Rows::new();
    while let Some(batch) = query.next().await.unwrap() {
        let columns: Vec<_> = columns.iter().map(|c| batch.column_by_name(c).unwrap()).collect();
        let row = |row| columns.iter().map(|c| array_value_to_string(c, row).unwrap()).collect();
        rows.extend((0..batch.num_rows()).map(row));
    }
    assert!(query.receipt().complete);
    rows
}

/// Names of the company's accounts.
fn expected(rows: &[(&str, &str)]) -> Rows {
    let account = |name: &str| match name.contains('@') {
        true => name.to_owned(),
        false => format!("{name}@haldenvoss.example"),
    };
    rows.iter().map(|(what, name)| vec![(*what).to_owned(), account(name)]).collect()
}

#[tokio::test]
async fn accounts_of_one_provider_are_found() {
    let engine = engine().await;
    let rows = found(&engine, "only_in_one_provider", &[], &["finding", "account"]).await;
    let beside = [
        ("Okta only", "badge.reader"),
        ("Okta only", "tomas.reed@fairlead.example"),
        ("Okta only, disabled in Entra", "pavel.petrov"),
    ];
    let missing = ["harper.suzuki440", "mei.evans126", "wei.rossi499", "yuki.weber70"];
    let missing = missing.map(|name| ("Entra only", name));
    // Shut out of Okta is not in Okta.
    let shut_out = [("Entra only", "sota.fischer522")];
    let all = [&beside[..], &missing, &shut_out].concat();
    assert_eq!(rows, expected(&all));
    let with = [("office", "'nowhere'")];
    let rows = found(&engine, "only_in_one_provider", &with, &["finding", "account"]).await;
    assert_eq!(rows, expected(&beside));
}

#[tokio::test]
async fn a_second_factor_counts_at_either_provider() {
    let engine = engine().await;
    let rows = found(&engine, "mfa_across_providers", &[], &["mfa", "account"]).await;
    let of = |mfa: &str| rows.iter().filter(|r| r[0] == mfa).cloned().collect::<Rows>();
    let none = ["badge.reader", "harry.bennett175", "lena.fischer", "noah.fischer1119"];
    let mut none = none.map(|name| ("none", name)).to_vec();
    none.push(("none", "tomas.reed@fairlead.example"));
    assert_eq!(of("none"), expected(&none));
    let okta = ["elif.chen966", "marie.lefevre857", "pavel.petrov", "zoe.unal"];
    assert_eq!(of("Okta only"), expected(&okta.map(|name| ("Okta only", name))));
    let entra = ["anna.johnson1122", "yuki.dubois567"];
    assert_eq!(of("Entra only"), expected(&entra.map(|name| ("Entra only", name))));
    // Everybody with an account, less one that is closed.
    assert_eq!((rows.len(), of("both").len()), (31, 20));
}

#[tokio::test]
async fn roles_the_providers_disagree_about_are_found() {
    let engine = engine().await;
    let rows = found(&engine, "admin_role_conflicts", &[], &["conflict", "account"]).await;
    assert_eq!(
        rows,
        expected(&[
            ("administers Okta, and Entra does not know the account", "badge.reader"),
            ("administers Okta, and is disabled in Entra", "pavel.petrov"),
            ("has a role in Entra, and is shut out of Okta", "zoe.unal"),
            ("has the highest role of both", "admin.nightowl"),
        ])
    );
}

#[tokio::test]
async fn every_entry_of_the_watch_list_is_seen() {
    let engine = engine().await;
    let columns = ["value", "user_principal_name"];
    let rows = found(&engine, "watch_list_sign_ins", &[], &columns).await;
    let spray = "203.0.113.0/24";
    let (sprayed, others): (Rows, Rows) = rows.into_iter().partition(|row| row[0] == spray);
    // The 112 accounts that were tried, and the one that was being opened.
    assert_eq!(sprayed.len(), 113);
    assert_eq!(
        others,
        expected(&[
            ("192.0.2.0/24", "admin.nightowl"),
            ("192.0.2.0/24", "lena.fischer"),
            ("Inbox Helper Pro", "lena.fischer"),
            ("Stale.Ferry@haldenvoss.example", "stale.ferry"),
            ("pavel.petrov@haldenvoss.example", "pavel.petrov"),
        ])
    );
}
