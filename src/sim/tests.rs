//! The simulator over real sockets, from the outside.

use std::io::{Read, Write};
use std::net::TcpStream;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::sim::{
    CLIENT_ID, CLIENT_SECRET, Edition, FaultScript, Options, Simulator, TENANT_ID, WorldName,
};

mod batches;
mod casts;
mod expand;
mod navigation;
mod pages;
mod relations;

/// A Thursday noon.
fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-01-15T12:00:00Z").unwrap().to_utc()
}

fn tiny() -> Options {
    Options { world: WorldName::Tiny, now: now(), ..Options::default() }
}

fn demo() -> Options {
    Options { now: now(), ..Options::default() }
}

/// A client that knows nothing but sockets.
struct Client {
    sim: Simulator,
    token: String,
}

struct Answer {
    status: u16,
    head: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or("-").to_owned()
    }
}

impl Client {
    fn start(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let sim = runtime.block_on(Simulator::start(options)).unwrap();
        let mut client = Self { sim, token: String::new() };
        client.token = client.sign_in();
        client
    }

    fn sign_in(&self) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
             &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
        );
        let path = format!("/{TENANT_ID}/oauth2/v2.0/token");
        let answer = self.send("POST", &path, &[], &form);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    fn get(&self, target: &str) -> Answer {
        self.get_with(target, &[])
    }

    fn eventual(&self, target: &str) -> Answer {
        self.get_with(target, &["ConsistencyLevel: eventual"])
    }

    fn get_with(&self, target: &str, extra: &[&str]) -> Answer {
        let bearer = format!("Authorization: Bearer {}", self.token);
        let headers: Vec<_> = extra.iter().copied().chain([bearer.as_str()]).collect();
        self.send("GET", target, &headers, "")
    }

    fn post(&self, target: &str, body: &Value) -> Answer {
        let bearer = format!("Authorization: Bearer {}", self.token);
        self.send("POST", target, &[&bearer], &body.to_string())
    }

    fn send(&self, method: &str, target: &str, headers: &[&str], body: &str) -> Answer {
        let bytes = self.raw(method, target, headers, body);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, text) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), text: text.to_owned() }
    }

    fn raw(&self, method: &str, target: &str, headers: &[&str], body: &str) -> Vec<u8> {
        let host = self.sim.origin().replace("http://", "");
        let mut stream = TcpStream::connect(&host).unwrap();
        let target = target.replace(&self.sim.origin(), "").replace(' ', "%20");
        let extra: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
        let length = body.len();
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{extra}\r\n{body}"
        )
        .unwrap();
        let mut bytes = Vec::new();
        // A reset is what some tests ask for.
        let _ = stream.read_to_end(&mut bytes);
        bytes
    }

    /// Follows next links and returns the rows of every page.
    fn pages(&self, target: &str, extra: &[&str]) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut next = Some(target.to_owned());
        while let Some(link) = next {
            let answer = self.get_with(&link, extra);
            assert_eq!(answer.status, 200, "{link}: {}", answer.text);
            let page = answer.json();
            pages.push(page["value"].as_array().unwrap().clone());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
            assert!(pages.len() < 500, "endless paging");
        }
        pages
    }

    fn rows(&self, target: &str) -> Vec<Value> {
        self.pages(target, &[]).concat()
    }

    fn truth(&self, collection: &str) -> Vec<Value> {
        self.sim.world().rows(collection).to_vec()
    }
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[test]
fn users_show_default_properties_unless_selected() {
    let client = Client::start(tiny());
    let row = client.get("/v1.0/users").json()["value"][0].clone();
    assert!(row.get("userPrincipalName").is_some() && row.get("accountEnabled").is_none());
    let row = client.get("/v1.0/users?$select=accountEnabled").json()["value"][0].clone();
    assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), ["accountEnabled", "id"]);
    assert_eq!(client.get("/v1.0/users?$select=skills").status, 501);
    assert_eq!(client.get("/v1.0/users?$select=nonsense").status, 400);
    assert_eq!(client.get("/v1.0/users?$select=print").status, 400);
    assert_eq!(client.get("/beta/users?$select=print").status, 200);
}

#[test]
fn advanced_queries_need_their_header_on_every_page() {
    let client = Client::start(Options { max_page: Some(3), ..tiny() });
    let target = "/v1.0/users?$count=true&$filter=displayName%20ne%20'x'";
    assert_eq!(client.get(target).code(), "Request_UnsupportedQuery");
    let page = client.eventual(target).json();
    assert!(page["@odata.count"].as_u64().unwrap() > 3);
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert_eq!(client.get(next).status, 400);
    let second = client.eventual(next).json();
    assert!(second.get("@odata.count").is_none() && second["value"].is_array());
    assert_eq!(client.get("/v1.0/users/$count").code(), "Request_BadRequest");
    let count = client.eventual("/v1.0/users/$count");
    assert_eq!(count.text, client.truth("users").len().to_string());
}

#[test]
fn the_logs_refuse_what_they_do_not_know() {
    let client = Client::start(tiny());
    let refused = |target: &str| client.get(target).status == 400;
    assert!(refused("/v1.0/auditLogs/signIns?$select=id"));
    assert!(refused("/v1.0/auditLogs/signIns?$skip=5"));
    assert!(refused("/v1.0/auditLogs/signIns?$count=true"));
    assert!(refused("/v1.0/auditLogs/signIns?$top=1001"));
    assert!(refused("/v1.0/auditLogs/signIns?$orderby=id"));
    assert!(refused("/v1.0/auditLogs/signIns?top=5"));
    assert!(!refused("/beta/auditLogs/signIns?top=5"));
    assert!(refused("/v1.0/identityProtection/riskyUsers?$top=501"));
    assert!(refused("/v1.0/identityProtection/riskyUsers?$orderby=riskLevel"));
    assert!(refused("/v1.0/nothing"));
    assert!(refused("/v2.0/users"));
}

#[test]
fn sign_ins_are_interactive_unless_beta_asks() {
    let client = Client::start(demo());
    let wide = "$filter=createdDateTime ge 2026-01-14T00:00:00Z";
    let count = |rows: &[Value], kind: &str| {
        rows.iter().filter(|row| row["signInEventTypes"][0] == kind).count()
    };
    let truth: Vec<_> = client
        .truth("signIns")
        .into_iter()
        .filter(|row| row["createdDateTime"].as_str().unwrap() >= "2026-01-14")
        .collect();
    let rows = client.rows(&format!("/v1.0/auditLogs/signIns?{wide}"));
    assert_eq!(rows.len(), count(&truth, "interactiveUser"));
    assert!(rows.iter().all(|row| row.get("signInEventTypes").is_none()));
    let service = "signInEventTypes/any(t: t eq 'servicePrincipal')";
    let rows = client.rows(&format!("/BETA/auditlogs/SIGNINS?{wide} and {service}"));
    assert_eq!(rows.len(), count(&truth, "servicePrincipal"));
    assert!(count(&rows, "servicePrincipal") == rows.len() && !rows.is_empty());
}

#[test]
fn logs_come_newest_first_or_oldest_first() {
    let client = Client::start(demo());
    let filter = "$filter=createdDateTime ge 2026-01-14T10:00:00Z";
    let newest = client.rows(&format!("/v1.0/auditLogs/signIns?{filter}"));
    let mut oldest =
        client.rows(&format!("/v1.0/auditLogs/signIns?{filter}&$orderby=createdDateTime&$top=100"));
    oldest.reverse();
    assert!(newest.len() > 100);
    assert_eq!(ids(&newest), ids(&oldest));
    let times: Vec<_> = newest.iter().map(|row| row["createdDateTime"].as_str()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
}

#[test]
fn licenses_and_permissions_fail_differently() {
    let code = |edition, roles: &[&str], target: &str| {
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        Client::start(Options { roles, edition, ..tiny() }).get(target).code()
    };
    let all = ["AuditLog.Read.All", "User.Read.All", "IdentityRiskyUser.Read.All"];
    let (signs, risk) = ("/v1.0/auditLogs/signIns", "/v1.0/identityProtection/riskyUsers");
    let premium = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    assert_eq!(code(Edition::Free, &all, signs), premium);
    assert_eq!(code(Edition::Free, &all, "/v1.0/users?$select=signInActivity"), premium);
    assert_eq!(code(Edition::P1, &all, signs), "-");
    assert_eq!(code(Edition::P1, &all, risk), "Forbidden");
    assert_eq!(code(Edition::P2, &[], signs), "Authentication_MSGraphPermissionMissing");
    assert_eq!(code(Edition::P2, &[], "/v1.0/users"), "Authorization_RequestDenied");
    let users = ["User.Read.All"];
    let activity = "/v1.0/users?$select=signInActivity";
    assert_eq!(code(Edition::P2, &users, activity), "Authentication_MSGraphPermissionMissing");
}

#[test]
fn a_tenant_without_p2_hides_risk() {
    let client = Client::start(Options { edition: Edition::P1, ..tiny() });
    let rows = client.rows("/v1.0/auditLogs/signIns");
    assert!(!rows.is_empty());
    let risk = |row: &Value| row.get("riskLevelDuringSignIn").cloned();
    assert!(rows.iter().all(|row| risk(row).is_none_or(|level| level == "hidden")));
}

#[test]
fn tokens_expire() {
    let client = Client::start(Options { token_lifetime: 60, ..tiny() });
    assert_eq!(client.get("/v1.0/users").status, 200);
    client.sim.advance(std::time::Duration::from_secs(61));
    let answer = client.get("/v1.0/users");
    assert_eq!((answer.status, answer.code().as_str()), (401, "InvalidAuthenticationToken"));
    assert_eq!(client.send("GET", "/v1.0/users", &[], "").status, 401);
    assert!(client.sim.refusals().is_empty());
}

#[test]
fn only_reading_is_allowed() {
    let client = Client::start(tiny());
    assert_eq!(client.post("/v1.0/users", &json!({})).status, 405);
    let part = |id: &str, method: &str, url: &str| json!({"id": id, "method": method, "url": url});
    let body = json!({"requests": [part("1", "GET", "/users?$top=2"), part("2", "DELETE", "/users/x"),
        part("3", "GET", "/users/nobody")]});
    let answer = client.post("/v1.0/$batch", &body).json();
    let status: Vec<_> =
        answer["responses"].as_array().unwrap().iter().map(|r| r["status"].as_u64()).collect();
    assert_eq!(status, [Some(200), Some(405), Some(404)]);
    assert_eq!(answer["responses"][0]["body"]["value"].as_array().unwrap().len(), 2);
    assert_eq!(client.sim.refusals().len(), 2);
    assert_eq!(client.sim.seen_in_batches().len(), 3);
    let twice = json!({"requests": [part("a", "GET", "/users"), part("A", "GET", "/users")]});
    assert_eq!(client.post("/v1.0/$batch", &twice).status, 400);
    let many: Vec<_> = (0..21).map(|i| part(&i.to_string(), "GET", "/users")).collect();
    assert_eq!(client.post("/v1.0/$batch", &json!({"requests": many})).status, 400);
}

#[test]
fn objects_are_found_by_id_name_and_list() {
    let client = Client::start(demo());
    let guest = client.truth("users").pop().unwrap();
    let upn = guest["userPrincipalName"].as_str().unwrap().replace('#', "%23");
    let found = client.get(&format!("/v1.0/users/{upn}?$select=id,skills")).json();
    assert_eq!((&found["id"], &found["skills"]), (&guest["id"], &guest["skills"]));
    let group = client.truth("groups")[3]["id"].clone();
    let body = json!({"ids": [guest["id"], group, "no-such-id"]});
    let found = client.post("/v1.0/directoryObjects/getByIds", &body).json();
    let kinds: Vec<_> =
        found["value"].as_array().unwrap().iter().map(|row| row["@odata.type"].clone()).collect();
    assert_eq!(kinds, ["#microsoft.graph.user", "#microsoft.graph.group"]);
    assert_eq!(client.get("/v1.0/users/nobody@nowhere.example").code(), "Request_ResourceNotFound");
}

#[test]
fn the_sixth_report_is_throttled() {
    let client = Client::start(Options { throttle: true, ..tiny() });
    let statuses: Vec<_> =
        (0..6).map(|_| client.get("/v1.0/auditLogs/directoryAudits").status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    let answer = client.get("/v1.0/auditLogs/signIns");
    assert!(answer.head.contains("retry-after: ") && answer.head.contains("request-id: "));
    assert_eq!(client.get("/v1.0/identityProtection/riskyUsers").status, 200);
    let second = client.get("/v1.0/identityProtection/riskyUsers");
    assert!(second.status == 429 && !second.head.contains("retry-after"));
    client.sim.advance(std::time::Duration::from_secs(30));
    assert_eq!(client.get("/v1.0/auditLogs/signIns").status, 200);
}

fn faulty(name: &str) -> Client {
    let faults = FaultScript::named(name);
    assert!(faults.is_some(), "{name}");
    Client::start(Options { faults, max_page: Some(5), ..tiny() })
}

#[test]
fn connections_break_where_the_script_says() {
    let broken = |name: &str| {
        let client = faulty(name);
        client.get("/v1.0/users");
        let bearer = format!("Authorization: Bearer {}", client.token);
        let bytes = client.raw("GET", "/v1.0/users", &[&bearer], "");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let again = client.get("/v1.0/users");
        assert_eq!(again.status, 200, "{name}");
        again.json();
        text.split_once("\r\n\r\n").map(|(head, body)| (head.to_lowercase(), body.to_owned()))
    };
    assert_eq!(broken("reset_before"), None);
    assert_eq!(broken("close_before"), None);
    let (head, body) = broken("cut_length").unwrap();
    assert!(head.contains("content-length") && !body.is_empty() && !body.ends_with('}'));
    let (head, body) = broken("cut_chunked").unwrap();
    assert!(head.contains("chunked") && !body.ends_with("0\r\n\r\n"));
    let (head, body) = broken("cut_close").unwrap();
    assert!(!head.contains("content-length") && !head.contains("chunked") && !body.is_empty());
    assert!(broken("reset_between").is_none_or(|(_, body)| body.is_empty()));
}

#[test]
fn damaged_pages_leave_the_rows_intact() {
    for name in ["empty_first", "empty_middle", "empty_many", "last_null", "last_empty", "late"] {
        let client = faulty(name);
        let mut rows = Vec::new();
        let mut next = "/v1.0/users".to_owned();
        let mut links = std::collections::HashSet::new();
        while !next.is_empty() {
            let page = client.get(&next).json();
            rows.extend(page["value"].as_array().unwrap().clone());
            next = page["@odata.nextLink"].as_str().unwrap_or_default().to_owned();
            assert!(next.is_empty() || links.insert(next.clone()), "{name} repeats a link");
        }
        assert_eq!(ids(&rows), ids(&client.truth("users")), "{name}");
    }
    let client = faulty("duplicate");
    let rows = client.rows("/v1.0/users");
    assert_eq!(rows[4], rows[5]);
    assert_eq!(rows.len(), client.truth("users").len() + 1);
}

#[test]
fn an_expired_token_is_refused_until_it_is_renewed() {
    let mut client = faulty("401_once");
    let first = client.get("/v1.0/users").json();
    let next = first["@odata.nextLink"].as_str().unwrap();
    assert_eq!(client.get(next).status, 401);
    assert_eq!(client.get(next).status, 401);
    client.token = client.sign_in();
    assert_eq!(client.get(next).status, 200);
}

/// Properties that no row leaves out.
const ALWAYS: [&str; 12] = [
    "accountEnabled",
    "activityDateTime",
    "activityDisplayName",
    "category",
    "createdDateTime",
    "displayName",
    "id",
    "isInteractive",
    "loggedByService",
    "mailEnabled",
    "securityEnabled",
    "userPrincipalName",
];

#[test]
fn every_property_is_known_in_the_demo_and_null_somewhere() {
    let (client, edges) = (Client::start(demo()), Client::start(tiny()));
    for resource in crate::sim::rules::load().unwrap() {
        let (rows, bare) = (client.truth(&resource.name), edges.truth(&resource.name));
        for (property, kind) in resource.properties.iter().filter(|(name, _)| !name.contains('/')) {
            let name = format!("{}.{property}", resource.name);
            assert!(rows.iter().any(|row| row.get(property).is_some()), "{name} is in no row");
            let required = resource.single
                || ALWAYS.contains(&property.as_str())
                || kind.starts_with("Collection")
                || resource.has(property, "required");
            let typed = matches!(
                property.as_str(),
                "userType" | "signInEventTypes" | "userId" | "initiatedBy"
            );
            let missing = rows.iter().chain(&bare).any(|row| row[property].is_null());
            assert!(missing || required || typed, "{name} is never null");
        }
    }
}

#[test]
fn the_story_can_be_found() {
    let client = Client::start(demo());
    let audits = client.rows(
        "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Add member to role'",
    );
    assert!(audits.iter().any(|row| {
        row["targetResources"][0]["modifiedProperties"][1]["newValue"] == "\"Global Administrator\""
    }));
    let name = audits[0]["targetResources"][0]["userPrincipalName"].as_str().unwrap();
    let rows = client.rows(&format!(
        "/v1.0/auditLogs/signIns?$filter=userPrincipalName eq '{name}' and location/countryOrRegion eq 'KZ'"
    ));
    assert!(rows.iter().any(|row| row["status"]["errorCode"] == 0));
    let spray = client.rows("/v1.0/auditLogs/signIns?$filter=startsWith(ipAddress,'203.0.113.')");
    assert!(spray.len() > 100);
    let risky = client.rows("/v1.0/identityProtection/riskyUsers?$filter=riskLevel eq 'high'");
    assert!(risky.iter().any(|row| row["userPrincipalName"] == name));
}

#[test]
fn a_week_of_interactive_sign_ins_fits_into_five_pages() {
    let client = Client::start(demo());
    let pages = client.pages(
        "/v1.0/auditLogs/signIns?$top=999&$filter=createdDateTime ge 2026-01-08T12:00:00Z",
        &[],
    );
    assert!((3..=5).contains(&pages.len()), "{}", pages.len());
}

#[test]
#[ignore = "a measurement: cargo test --lib sim_is_measured -- --ignored --nocapture"]
fn the_sim_is_measured() {
    let mut report = String::new();
    let mut time = |name: &str, client: &Client, target: &str| {
        let start = std::time::Instant::now();
        let bytes = client.get(target).text.len();
        report.push_str(&format!("{name}: {:?}, {bytes} bytes\n", start.elapsed()));
    };
    let start = std::time::Instant::now();
    let client = Client::start(demo());
    let started = start.elapsed();
    for round in 1..=3 {
        time(&format!("sign-ins beta {round}"), &client, "/beta/auditLogs/signIns?$top=999");
        time(&format!("sign-ins v1.0 {round}"), &client, "/v1.0/auditLogs/signIns?$top=999");
        time(&format!("users {round}"), &client, "/v1.0/users?$top=999");
        time(&format!("audits {round}"), &client, "/v1.0/auditLogs/directoryAudits");
    }
    time(
        "one user's sign-ins in 30 days",
        &client,
        "/beta/auditLogs/signIns?$filter=userId eq 'x'",
    );
    let bulk = WorldName::Bulk { sign_ins: 1_000_000, users: 100_000 };
    let bulk = Client::start(Options { world: bulk, now: now(), ..Options::default() });
    for round in 1..=3 {
        time(&format!("bulk page {round}"), &bulk, "/beta/auditLogs/signIns?$top=999");
        time(&format!("bulk users {round}"), &bulk, "/v1.0/users?$top=999");
    }
    // Printing is the purpose of a measurement.
    std::io::stderr().write_all(format!("\nstart {started:?}\n{report}").as_bytes()).unwrap();
}
