//! `$expand` over real sockets: what is shown and what is refused.

use super::relations::{TYPE, group, keys, related, user};
use super::*;

#[test]
fn every_user_shows_its_manager() {
    let client = Client::start(tiny());
    let rows = client.rows("/v1.0/users?$expand=manager");
    assert_eq!(rows.len(), 27);
    let mut without = 0;
    for row in &rows {
        match related(&client, "users", &row["id"], "manager").first() {
            Some(manager) => {
                assert_eq!(row["manager"]["id"], manager["id"]);
                assert_eq!(row["manager"]["displayName"], manager["displayName"]);
                assert_eq!(row["manager"][TYPE], "#microsoft.graph.user");
                assert!(row["manager"].get("accountEnabled").is_none(), "not a default property");
            }
            None => {
                assert!(row.get("manager").is_none(), "absent, not null");
                without += 1;
            }
        }
    }
    assert_eq!(without, 3);
    assert!(client.sim.refusals().is_empty());
}

#[test]
fn a_collection_is_expanded_to_twenty_objects() {
    let client = Client::start(tiny());
    let check = |collection: &str, relation: &str| {
        let mut largest = 0;
        for row in client.rows(&format!("/v1.0/{collection}?$expand={relation}")) {
            let truth = related(&client, collection, &row["id"], relation);
            let shown = row[relation].as_array().unwrap();
            assert_eq!(ids(shown), ids(&truth[..truth.len().min(20)]), "{}", row["id"]);
            assert!(shown.iter().zip(&truth).all(|(row, truth)| row[TYPE] == truth[TYPE]));
            assert!(row.get(format!("{relation}@odata.nextLink")).is_none());
            largest = largest.max(truth.len());
        }
        largest
    };
    assert_eq!(check("groups", "members"), 24);
    assert_eq!(check("users", "directReports"), 21);
    assert_eq!(check("groups", "owners"), 2);
    assert_eq!(check("groups", "memberOf"), 1);
    assert_eq!(check("users", "memberOf"), 3);
}

#[test]
fn single_objects_expand_too() {
    let client = Client::start(tiny());
    let one =
        client.get(&format!("/v1.0/users/{}?$select=id&$expand=manager($select=id,mail)", user(2)));
    let one = one.json();
    assert_eq!(keys(&one), ["@odata.context", "id", "manager"]);
    assert_eq!(keys(&one["manager"]), [TYPE, "id", "mail"]);
    assert_eq!(one["manager"]["id"], user(1));
    let context = one["@odata.context"].as_str().unwrap();
    assert!(context.ends_with("#users(id,manager(id,mail))/$entity"), "{context}");
    let top = client.get(&format!("/v1.0/users/{}?$expand=manager", user(1))).json();
    assert!(top.get("manager").is_none() && top.get("displayName").is_some());
    let all = client.get(&format!("/v1.0/groups/{}?$expand=members", group(1))).json();
    assert_eq!(all["members"].as_array().unwrap().len(), 20);
    let empty = client.get(&format!("/v1.0/groups/{}?$expand=members", group(6))).json();
    assert_eq!(empty["members"], json!([]));
}

#[test]
fn a_nested_select_takes_properties_of_any_type() {
    let client = Client::start(tiny());
    let target = "/v1.0/groups?$select=id&$expand=members($select=appId,groupTypes,department)";
    let rows = client.rows(target);
    let keepers = rows[2]["members"].as_array().unwrap();
    assert_eq!(keys(&keepers[0]), [TYPE, "department", "id"]);
    assert_eq!(keys(&keepers[2]), [TYPE, "appId", "id"]);
    assert_eq!(keys(&rows[1]["members"][0]), [TYPE, "groupTypes", "id"]);
    assert_eq!(keys(&rows[0]), ["id", "members"]);
}

#[test]
fn what_expand_does_not_know_is_refused() {
    let client = Client::start(tiny());
    let one = format!("/v1.0/users/{}", user(1));
    let refused = [
        "/v1.0/users?$expand=members".to_owned(),
        "/v1.0/users?$expand=manager,memberOf".to_owned(),
        "/v1.0/users?$expand=manager&$expand=memberOf".to_owned(),
        "/v1.0/users?$expand=manager($levels=max)".to_owned(),
        "/v1.0/users?$expand=manager($select=skills)".to_owned(),
        "/v1.0/users?$expand=manager($select=signInActivity)".to_owned(),
        "/v1.0/users?$expand=manager($select=print)".to_owned(),
        "/v1.0/users?$expand=memberOf($select=id)".to_owned(),
        "/v1.0/users?expand=manager".to_owned(),
        "/v1.0/groups?$expand=transitiveMembers".to_owned(),
        "/v1.0/groups?$expand=members($filter=id eq 'x')".to_owned(),
        format!("{one}?$expand=members"),
        format!("{one}?$expand=manager,memberOf"),
        format!("{one}/manager?$expand=manager"),
        "/v1.0/auditLogs/signIns?$expand=manager".to_owned(),
        "/v1.0/auditLogs/directoryAudits?$expand=members".to_owned(),
        "/v1.0/identityProtection/riskyUsers?$expand=history".to_owned(),
    ];
    for target in &refused {
        let answer = client.get(target);
        assert_eq!(answer.status, 400, "{target}");
        assert!(!answer.json()["error"]["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(client.sim.refusals().len(), refused.len());
    assert_eq!(client.get("/beta/users?expand=manager($select=print)").status, 200);
}

#[test]
fn expand_is_no_part_of_advanced_queries() {
    let client = Client::start(tiny());
    let target = "/v1.0/users?$expand=manager&$count=true";
    assert_eq!(client.eventual(target).code(), "Request_UnsupportedQuery");
    let search = "/v1.0/users?$expand=manager&$search=%22displayName:anna%22";
    assert_eq!(client.eventual(search).code(), "Request_UnsupportedQuery");
    let counted = "/v1.0/users/$count?$expand=manager";
    assert_eq!(client.eventual(counted).status, 400);
    // One of the two alone asks for nothing advanced.
    assert_eq!(client.get(target).status, 200);
    assert_eq!(client.eventual("/v1.0/users?$expand=manager").status, 200);
    let filtered = "/v1.0/users?$expand=manager&$filter=displayName eq 'Disabled Doe'";
    assert_eq!(client.get(filtered).json()["value"][0]["manager"]["id"], user(2));
}

#[test]
fn expanded_rows_come_in_pages() {
    let client = Client::start(Options { max_page: Some(4), ..tiny() });
    let pages = client.pages("/v1.0/users?$expand=manager($select=id)&$select=id", &[]);
    assert_eq!(pages.len(), 7);
    let rows = pages.concat();
    assert_eq!(ids(&rows), ids(&client.truth("users")));
    assert_eq!(rows.iter().filter(|row| row["manager"]["id"].is_string()).count(), 24);
}
