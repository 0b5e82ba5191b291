//! Navigation paths over real sockets: objects, pages, counts, refusals.

use super::relations::{TYPE, group, keys, user};
use super::*;

#[test]
fn a_manager_has_a_path() {
    let client = Client::start(tiny());
    let answer = client.get(&format!("/v1.0/users/{}/manager?$select=id,displayName", user(27)));
    let manager = answer.json();
    assert_eq!(keys(&manager), ["@odata.context", TYPE, "displayName", "id"]);
    assert_eq!(manager["id"], user(26));
    let context = manager["@odata.context"].as_str().unwrap();
    assert!(context.ends_with("#directoryObjects(id,displayName)/$entity"), "{context}");
    for (nobody, named) in
        [(user(1), "manager"), (user(15), "manager"), ("nobody".into(), "nobody")]
    {
        let answer = client.get(&format!("/v1.0/users/{nobody}/manager"));
        assert_eq!((answer.status, answer.code().as_str()), (404, "Request_ResourceNotFound"));
        assert!(answer.text.contains(&format!("Resource '{named}'")), "{}", answer.text);
    }
    assert!(client.sim.refusals().is_empty(), "a missing manager is no mistake");
    let by_name = client.get("/v1.0/users/user27@tiny.example/MANAGER?$select=id").json();
    assert_eq!(by_name["id"], user(26));
}

#[test]
fn collections_behind_an_object_are_paged() {
    let client = Client::start(Options { max_page: Some(3), ..tiny() });
    for (collection, id, relation) in [
        ("users", user(2), "directReports"),
        ("users", user(21), "memberOf"),
        ("groups", group(1), "members"),
        ("groups", group(3), "owners"),
        ("groups", group(6), "members"),
        ("groups", group(8), "memberOf"),
        ("groups", group(10), "transitiveMembers"),
    ] {
        let target = format!("/v1.0/{collection}/{id}/{relation}");
        let pages = client.pages(&target, &[]);
        let truth = client.sim.world().related(collection, &id, relation);
        let rows = pages.concat();
        assert_eq!(ids(&rows), ids(&truth), "{target}");
        assert_eq!(pages.len(), truth.len().div_ceil(3).max(1), "{target}");
        assert!(rows.iter().zip(&truth).all(|(row, truth)| row[TYPE] == truth[TYPE]));
    }
    // Two nested groups, their two nested groups, 24 users, one guest.
    let nested = client.rows(&format!("/v1.0/groups/{}/transitiveMembers", group(10)));
    assert_eq!(nested.len(), 29);
    assert_eq!(nested.iter().filter(|row| row[TYPE] == "#microsoft.graph.group").count(), 4);
    assert!(client.sim.refusals().is_empty());
}

#[test]
fn a_link_belongs_to_its_path() {
    let client = Client::start(Options { max_page: Some(3), ..tiny() });
    let page = client.get(&format!("/v1.0/groups/{}/members?$select=id&$top=2", group(1))).json();
    assert_eq!(page["value"].as_array().unwrap().len(), 2);
    assert_eq!(keys(&page["value"][0]), [TYPE, "id"]);
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert_eq!(client.get(next).status, 200);
    assert_eq!(client.get(&next.replace(&group(1), &group(10))).status, 400);
    assert_eq!(client.get(&next.replace("/members", "/transitiveMembers")).status, 400);
    let guest = "/v1.0/users/siobhan.o'brien@tiny.example/memberOf?$top=1";
    assert_eq!(client.rows(guest).len(), 2);
}

#[test]
fn members_are_counted_in_advanced_queries_only() {
    let client = Client::start(Options { max_page: Some(5), ..tiny() });
    let path = format!("/v1.0/groups/{}/members", group(1));
    assert_eq!(client.get(&format!("{path}/$count")).code(), "Request_BadRequest");
    assert_eq!(client.eventual(&format!("{path}/$count")).text, "24");
    let target = format!("{path}?$count=true");
    assert!(client.get(&target).json().get("@odata.count").is_none());
    let first = client.eventual(&target).json();
    assert_eq!(first["@odata.count"], 24);
    let next = first["@odata.nextLink"].as_str().unwrap();
    assert_eq!(client.get(next).status, 400, "the header is needed on every page");
    assert!(client.eventual(next).json().get("@odata.count").is_none());
    let nested = format!("/v1.0/groups/{}/transitiveMembers/$count", group(10));
    assert_eq!(client.eventual(&nested).text, "29");
    // Where no page says so, nothing is counted.
    assert_eq!(client.eventual("/v1.0/domains/$count").code(), "Request_BadRequest");
    assert_eq!(client.eventual("/v1.0/directoryRoles/$count").code(), "Request_BadRequest");
}

#[test]
fn paths_behind_an_object_refuse_the_rest() {
    let client = Client::start(tiny());
    let (someone, team) =
        (format!("/v1.0/users/{}", user(2)), format!("/v1.0/groups/{}", group(1)));
    for target in [
        format!("{someone}/manager/$count"),
        format!("{someone}/manager?$top=1"),
        format!("{someone}/manager/displayName"),
        format!("{someone}/members"),
        format!("{someone}/nothing"),
        format!("{team}/manager"),
        format!("{team}/members/$ref"),
        format!("{team}/members/microsoft.graph.user"),
        format!("{team}/members?$filter=id eq 'x'"),
        format!("{team}/members?$orderby=displayName"),
        format!("{team}/members?$skip=1"),
        format!("{team}/members?$top=1000"),
        format!("{team}/members?$top=0"),
        format!("{team}/members?$select=nonsense"),
        format!("{team}/members?$select=DISPLAYNAME"),
        format!("{team}/members?$select=skills"),
        "/v1.0/auditLogs/signIns/x/members".to_owned(),
    ] {
        assert_eq!(client.eventual(&target).status, 400, "{target}");
    }
    assert_eq!(client.get(&format!("{team}/members?$top=999")).status, 200);
    assert_eq!(client.get("/v1.0/groups/nobody/members").code(), "Request_ResourceNotFound");
    let wrong = client.post(&format!("{team}/members"), &json!({}));
    assert_eq!(wrong.status, 405);
}

#[test]
fn a_fault_reaches_the_pages_behind_an_object() {
    let faults = FaultScript::named("duplicate");
    let client = Client::start(Options { faults, max_page: Some(5), ..tiny() });
    let rows = client.rows(&format!("/v1.0/groups/{}/members", group(1)));
    assert_eq!(rows.len(), 25);
    assert_eq!(rows[4], rows[5]);
}

#[test]
fn one_object_behind_another_is_found_among_its_own() {
    let client = Client::start(tiny());
    let licenses = |number: usize| format!("/v1.0/users/{}/licenseDetails", user(number));
    for number in 1..=4 {
        for row in client.rows(&licenses(number)) {
            let id = row["id"].as_str().unwrap();
            let one = client.get(&format!("{}/{id}", licenses(number)));
            assert_eq!((one.status, &one.json()["skuId"]), (200, &row["skuId"]));
        }
    }
    let missing = client.get(&format!("{}/nothing", licenses(1)));
    assert_eq!(missing.status, 404);
}
