//! Pages, the links between them, and what is told about those who ask for them.

use super::*;

#[test]
fn pages_hold_every_row_once_and_in_order() {
    let client = Client::start(Options { max_page: Some(7), ..tiny() });
    let pages = client.pages("/v1.0/users", &[]);
    assert!(pages.len() > 1 && pages[..pages.len() - 1].iter().all(|page| page.len() == 7));
    assert_eq!(ids(&pages.concat()), ids(&client.truth("users")));
    assert_eq!(client.sim.seen().len(), pages.len() + 1);
    assert!(client.sim.refusals().is_empty());
}

#[test]
fn an_edited_link_is_refused() {
    let client = Client::start(Options { max_page: Some(5), ..tiny() });
    let next = client.get("/v1.0/users?$select=id").json()["@odata.nextLink"].clone();
    let next = next.as_str().unwrap();
    assert_eq!(client.get(next).status, 200);
    assert_eq!(client.get(&next.replace("=id", "=id,mail")).status, 400);
    assert_eq!(client.get(&next.replace("/v1.0/", "/beta/")).status, 400);
    assert_eq!(client.sim.refusals().len(), 2);
}

#[test]
fn kept_pages_are_those_that_are_written_anew() {
    let fresh = Client::start(Options { max_page: Some(7), ..tiny() });
    let kept = Client::start(Options { max_page: Some(7), keep_pages: true, ..tiny() });
    for target in ["/v1.0/users?$select=id,mail", "/v1.0/groups", "/v1.0/auditLogs/signIns"] {
        let rows = fresh.pages(target, &[]);
        assert!(rows.len() > 1, "{target}");
        assert_eq!(kept.pages(target, &[]), rows, "{target}");
        assert_eq!(kept.pages(target, &[]), rows, "{target}");
    }
}

#[test]
fn a_page_is_kept_for_callers_with_a_token_only() {
    let client = Client::start(Options { keep_pages: true, ..tiny() });
    assert_eq!(client.get("/v1.0/users").status, 200);
    assert_eq!(client.send("GET", "/v1.0/users", &[], "").status, 401);
}

#[test]
fn a_proxy_in_front_is_where_links_lead() {
    let origin = "https://localhost:8443".to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let options = Options { origin: Some(origin.clone()), ..tiny() };
    let sim = runtime.block_on(Simulator::start(options)).unwrap();
    assert_eq!((sim.origin(), sim.graph.base(false)), (origin.clone(), origin + "/v1.0"));
}

#[test]
fn requests_are_counted_and_asking_for_the_counts_is_none() {
    let every = r#"{"about":"x","steps":[{"when":{"path":"/v1.0/users","nth":2,"every":2},
        "do":{"reply":{"status":429,"code":"TooManyRequests"}}}]}"#;
    let faults = Some(FaultScript::from_json(every).unwrap());
    let client = Client::start(Options { faults, ..tiny() });
    let statuses = (0..4).map(|_| client.get("/v1.0/users").status);
    assert_eq!(statuses.collect::<Vec<_>>(), [200, 429, 200, 429]);
    let parts = json!({"requests": [{"id": "1", "method": "GET", "url": "/groups"}]});
    assert_eq!(client.post("/v1.0/$batch", &parts).status, 200);
    let counts = client.get("/simulator/counts").json();
    let all = json!({"requests": 5, "parts": 1, "throttled": 2, "refused": 0, "tokens": 1});
    assert_eq!((&counts, &client.get("/simulator/counts").json()), (&all, &all));
}
