//! Relations inside batches, and parts that depend on each other.

use super::relations::{group, user};
use super::*;

#[test]
fn relations_are_read_in_batches() {
    let client = Client::start(tiny());
    let part = |id: &str, url: String| json!({"id": id, "method": "GET", "url": url});
    let mut counted = part("3", format!("/groups/{}/members/$count", group(1)));
    counted["headers"] = json!({"ConsistencyLevel": "eventual"});
    let body = json!({"requests": [
        part("1", format!("/users/{}/manager", user(1))),
        part("2", format!("/groups/{}/members?$top=5&$select=id", group(1))),
        counted,
        part("4", "/users?$expand=manager&$top=2".to_owned()),
    ]});
    let answer = client.post("/v1.0/$batch", &body).json();
    let parts = answer["responses"].as_array().unwrap();
    let status: Vec<_> = parts.iter().map(|part| part["status"].as_u64().unwrap()).collect();
    assert_eq!(status, [404, 200, 200, 200]);
    assert_eq!(parts[1]["body"]["value"].as_array().unwrap().len(), 5);
    assert_eq!(parts[1]["headers"]["x-ms-resource-unit"], "1");
    assert_eq!(parts[2]["body"], "24");
    assert_eq!(parts[3]["body"]["value"][1]["manager"]["id"], user(1));
    // The link of a part is absolute; without its version it fits into the next batch.
    let next = parts[1]["body"]["@odata.nextLink"].as_str().unwrap();
    let next = next.split_once("/v1.0").unwrap().1.to_owned();
    let again = client.post("/v1.0/$batch", &json!({"requests": [part("1", next)]})).json();
    assert_eq!(again["responses"][0]["body"]["value"][0]["id"], user(6));
}

/// Sends parts with what they depend on; returns the status of each, or of the batch.
fn batch(client: &Client, parts: &[(&str, &str, &[&str])]) -> Result<Vec<u64>, u16> {
    let part = |(id, url, depends): &(&str, &str, &[&str])| match depends {
        [] => json!({"id": id, "method": "GET", "url": url}),
        some => json!({"id": id, "method": "GET", "url": url, "dependsOn": some}),
    };
    let body = json!({"requests": parts.iter().map(part).collect::<Vec<_>>()});
    let answer = client.post("/v1.0/$batch", &body);
    if answer.status != 200 {
        return Err(answer.status);
    }
    let all = answer.json()["responses"].as_array().unwrap().clone();
    Ok(all.iter().map(|part| part["status"].as_u64().unwrap()).collect())
}

#[test]
fn a_failed_part_fails_what_depends_on_it() {
    let client = Client::start(tiny());
    let (good, bad) = ("/users?$top=1", "/users/nobody");
    let serial = [("1", good, &[][..]), ("a", good, &["1"][..]), ("3", good, &["A"][..])];
    assert_eq!(batch(&client, &serial), Ok(vec![200, 200, 200]));
    let broken = [
        ("1", good, &[][..]),
        ("2", bad, &["1"][..]),
        ("3", good, &["2"][..]),
        ("4", good, &["3"][..]),
    ];
    assert_eq!(batch(&client, &broken), Ok(vec![200, 404, 424, 424]));
    let parallel = [("1", bad, &[][..]), ("2", good, &[][..])];
    assert_eq!(batch(&client, &parallel), Ok(vec![404, 200]));
    let seen: Vec<_> = client.sim.seen_in_batches().iter().map(|seen| seen.status).collect();
    assert_eq!(seen, [200, 200, 200, 200, 404, 424, 424, 404, 200]);
    assert!(client.sim.refusals().is_empty());
}

#[test]
fn a_batch_is_all_serial_or_all_parallel() {
    let client = Client::start(tiny());
    let url = "/users?$top=1";
    let none: &[&str] = &[];
    for parts in [
        vec![("1", url, none), ("2", url, &["1"][..]), ("3", url, none)],
        vec![("1", url, none), ("2", url, &["1"][..]), ("3", url, &["1"][..])],
        vec![("1", url, none), ("2", url, &["1"][..]), ("3", url, &["1", "2"][..])],
        vec![("1", url, &["2"][..]), ("2", url, none)],
        vec![("1", url, &["1"][..])],
        vec![("1", url, none), ("2", url, &["9"][..])],
    ] {
        assert_eq!(batch(&client, &parts), Err(400), "{parts:?}");
    }
    assert!(client.sim.seen_in_batches().is_empty());
}
