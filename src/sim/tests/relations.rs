//! What the tests of relations share, and what relations cost and hide.

use super::*;

pub(super) const TYPE: &str = "@odata.type";

pub(super) fn user(number: usize) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}

pub(super) fn group(number: usize) -> String {
    format!("b0000000-0000-4000-8000-{number:012}")
}

pub(super) fn keys(row: &Value) -> Vec<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

pub(super) fn related(client: &Client, collection: &str, id: &Value, relation: &str) -> Vec<Value> {
    client.sim.world().related(collection, id.as_str().unwrap(), relation)
}

fn units(answer: &Answer) -> Option<&str> {
    answer.head.lines().find_map(|line| line.strip_prefix("x-ms-resource-unit: "))
}

#[test]
fn a_type_the_app_may_not_read_shows_its_id_alone() {
    let roles = vec!["Group.Read.All".to_owned()];
    let client = Client::start(Options { roles, ..tiny() });
    let target = format!("/v1.0/groups/{}/members?$select=displayName", group(2));
    let rows = client.rows(&target);
    assert_eq!(rows[0]["displayName"], "All Staff");
    assert_eq!(
        rows[1],
        json!({TYPE: "#microsoft.graph.user", "id": user(15), "displayName": null})
    );
    let keepers = client.get(&format!("/v1.0/groups/{}?$expand=members", group(3))).json();
    for member in keepers["members"].as_array().unwrap() {
        let known = keys(member).into_iter().filter(|key| !member[*key].is_null());
        assert_eq!(known.collect::<Vec<_>>(), [TYPE, "id"]);
    }
    let denied = client.get(&format!("/v1.0/users/{}/manager", user(2)));
    assert_eq!((denied.status, denied.code().as_str()), (403, "Authorization_RequestDenied"));
}

#[test]
fn users_alone_do_not_open_groups() {
    let roles = vec!["User.Read.All".to_owned()];
    let client = Client::start(Options { roles, ..tiny() });
    let status = |path: &str| client.get(&format!("/v1.0/users/{}/{path}", user(2))).status;
    assert_eq!((status("manager"), status("directReports"), status("memberOf")), (200, 200, 403));
    assert_eq!(client.get(&format!("/v1.0/groups/{}/members", group(1))).status, 403);
}

#[test]
fn every_path_says_what_it_costs() {
    let client = Client::start(tiny());
    let (someone, team) = (format!("users/{}", user(2)), format!("groups/{}", group(1)));
    for (target, cost) in [
        ("users".to_owned(), "2"),
        ("users?$expand=manager".to_owned(), "3"),
        ("users?$expand=manager($select=id)".to_owned(), "3"),
        ("users?$expand=manager&$select=id".to_owned(), "2"),
        ("groups?$expand=members".to_owned(), "2"),
        (format!("{someone}?$expand=memberOf"), "3"),
        (format!("{someone}/manager"), "1"),
        (format!("{someone}/directReports"), "1"),
        (format!("{someone}/memberOf"), "2"),
        (format!("{someone}/memberOf?$select=id"), "1"),
        (format!("{team}/members"), "3"),
        (format!("{team}/members?$select=id&$top=5"), "1"),
        (format!("{team}/members/$count"), "3"),
        (format!("{team}/owners"), "1"),
        (format!("{team}/transitiveMembers"), "5"),
        (format!("{team}/transitiveMembers?$top=20"), "5"),
    ] {
        let answer = client.eventual(&format!("/v1.0/{target}"));
        assert_eq!((answer.status, units(&answer)), (200, Some(cost)), "{target}");
    }
}

#[test]
fn members_spend_resource_units() {
    let client = Client::start(Options { throttle: true, share: 0.1, ..tiny() });
    // A tenth of 3,500 units for a small tenant, 5 each; a few come back meanwhile.
    let target = format!("/v1.0/groups/{}/transitiveMembers", group(6));
    let part = |id: usize| json!({"id": id.to_string(), "method": "GET", "url": target[5..]});
    let body = json!({"requests": (0..20).map(part).collect::<Vec<_>>()});
    let spent: Vec<_> = (0..36)
        .flat_map(|_| {
            client.post("/v1.0/$batch", &body).json()["responses"].as_array().unwrap().clone()
        })
        .map(|part| part["status"].as_u64().unwrap())
        .collect();
    let first = spent.iter().position(|status| *status == 429).unwrap();
    assert!(first >= 70, "{first}");
}
