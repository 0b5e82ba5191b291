//! Paths that end in a type, and a service that ignores the filters it does not know.

use super::*;

const AGENTS: &str = "/v1.0/servicePrincipals/microsoft.graph.agentIdentity";

#[test]
fn a_cast_takes_query_options_in_advanced_queries_only() {
    let client = Client::start(tiny());
    assert_eq!(client.get(AGENTS).status, 200);
    let target = format!("{AGENTS}?$select=id&$top=2");
    assert_eq!(client.get(&target).status, 400);
    assert_eq!(client.eventual(&target).status, 400);
    let page = client.eventual(&format!("{target}&$count=true")).json();
    assert_eq!((page["value"].as_array().unwrap().len(), &page["@odata.count"]), (2, &json!(6)));
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert_eq!(client.eventual(next).status, 200);
}

#[test]
fn intune_ignores_the_filters_it_does_not_know() {
    let client = Client::start(tiny());
    let rows = |filter: &str| {
        let target = format!("/v1.0/deviceManagement/managedDevices?$filter={filter}");
        client.get(&target).json()["value"].as_array().unwrap().len()
    };
    assert_eq!(rows("operatingSystem eq 'iOS'"), 1);
    assert_eq!(rows("userId eq 'nobody'"), 6);
    assert_eq!(rows("isEncrypted eq true"), 6);
}
