//! Writes a sign-in in the full shape of beta.
//!
//! Written as text, not built as a tree: a page holds a thousand of them.

use std::fmt::Write;

use serde_json::Value;

use crate::sim::moment;
use crate::sim::options::TENANT_ID;
use crate::sim::page::quote;
use crate::sim::random::{Random, guid_of};
use crate::sim::world::merge;
use crate::sim::world::people::Person;
use crate::sim::world::setting::{App, Place, Setting};
use crate::sim::world::sign_ins::{Kind, SignIn};

/// The serial number of the row in which everything nullable is null.
const NULL_SERIAL: u32 = 4_242;
/// Members that are never null.
const REQUIRED: [&str; 5] =
    ["id", "createdDateTime", "signInEventTypes", "isInteractive", "userId"];

/// Writes a row.
pub(crate) fn sign_in(setting: &Setting, people: &[Person], row: &SignIn) -> String {
    let mut out = String::with_capacity(3_200);
    out.push('{');
    identity(&mut out, setting, people, row);
    application(&mut out, setting, row);
    client(&mut out, setting, row);
    outcome(&mut out, setting, people.get(row.who), row);
    constants(&mut out, row);
    authentication(&mut out, row);
    out.push('}');
    finish(out, setting, people, row)
}

fn finish(text: String, setting: &Setting, people: &[Person], row: &SignIn) -> String {
    if row.change.is_none() && row.serial != NULL_SERIAL {
        return text;
    }
    let mut value: Value = serde_json::from_str(&text).unwrap_or_default();
    if let Some(change) = &row.change {
        merge(&mut value, &crate::sim::world::story::resolve(change, setting, people));
    }
    if let (Some(fields), NULL_SERIAL) = (value.as_object_mut(), row.serial) {
        for (name, field) in fields.iter_mut() {
            if !REQUIRED.contains(&name.as_str()) {
                *field = Value::Null;
            }
        }
    }
    value.to_string()
}

/// Returns the id of a sign-in.
pub(crate) fn id(serial: u32) -> String {
    guid_of("sign-in", u64::from(serial))
}

/// Writing to a String cannot fail, so the result is dropped.
macro_rules! put {
    ($out:expr, $($text:tt)*) => {{ let _ = write!($out, $($text)*); }};
}

fn identity(out: &mut String, setting: &Setting, people: &[Person], row: &SignIn) {
    let kind = row.kind.word();
    put!(out, r#""id":"{}","createdDateTime":"{}","#, id(row.serial), moment::seconds(row.at));
    put!(
        out,
        r#""signInEventTypes":["{kind}"],"isInteractive":{},"#,
        row.kind == Kind::Interactive
    );
    let Some(person) = people.get(row.who).filter(|_| row.kind.is_user()) else {
        let service = &setting.services[row.who];
        let id = if row.kind == Kind::Managed { &service.resource_id } else { &service.id };
        put!(
            out,
            r#""userId":"","userDisplayName":null,"userPrincipalName":null,"userType":null,"#
        );
        put!(
            out,
            r#""servicePrincipalId":"{id}","servicePrincipalName":{},"#,
            quote(&service.name)
        );
        put!(out, r#""signInIdentifier":null,"signInIdentifierType":null,"#);
        return;
    };
    // Guests appear with the address of their home tenant, in lower case.
    let name = if person.guest { &person.mail } else { &person.upn }.to_lowercase();
    let (name, display) = (quote(&name), quote(&person.display));
    let kind = if person.guest { "guest" } else { "member" };
    put!(
        out,
        r#""userId":"{}","userDisplayName":{display},"userPrincipalName":{name},"#,
        person.id
    );
    put!(out, r#""userType":"{kind}","servicePrincipalId":"","servicePrincipalName":"","#);
    put!(out, r#""signInIdentifier":{name},"signInIdentifierType":"userPrincipalName","#);
    if row.serial.is_multiple_of(9) {
        put!(out, r#""alternateSignInName":{name},"#);
    }
}

fn application(out: &mut String, setting: &Setting, row: &SignIn) {
    let list = if row.kind.is_user() { &setting.apps } else { &setting.services };
    let App { name, id, resource, resource_id, .. } = &list[row.app];
    let (name, resource) = (quote(name), quote(resource));
    put!(out, r#""appId":"{id}","appDisplayName":{name},"resourceId":"{resource_id}","#);
    put!(out, r#""resourceDisplayName":{resource},"resourceTenantId":"{TENANT_ID}","#);
    put!(out, r#""resourceOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a","#);
    put!(out, r#""appOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a","#);
    put!(out, r#""resourceServicePrincipalId":"{}","#, guid_of("resource", row.app as u64));
    put!(out, r#""homeTenantId":"{TENANT_ID}","homeTenantName":"","#);
}

fn client(out: &mut String, setting: &Setting, row: &SignIn) {
    let mut random = Random::of("client", row.who as u64);
    let place = &setting.places[row.place];
    let address = format!("{}{}", place.network, 2 + random.below(250));
    let device = &setting.devices[row.device];
    put!(out, r#""ipAddress":"{address}","autonomousSystemNumber":{},"#, place.asn);
    location(out, place, row);
    put!(out, r#""clientAppUsed":{},"userAgent":{},"#, quote(&device.client), quote(&device.agent));
    let known = device.managed && row.kind.is_user();
    let (id, name) = if known {
        (device_id(row.who), format!("\"HV-{:05}\"", row.who))
    } else {
        (String::new(), "\"\"".to_owned())
    };
    let state = match row.serial % 7 {
        0 => "null",
        _ if known => "true",
        _ => "false",
    };
    let trust = if known { "\"Azure AD joined\"" } else { "null" };
    put!(out, r#""deviceDetail":{{"deviceId":"{id}","displayName":{name},"operatingSystem":"#);
    put!(out, "{},\"browser\":{},", quote(&device.system), quote(&device.browser));
    put!(out, r#""isCompliant":{state},"isManaged":{state},"trustType":{trust}}},"#);
    let office = row.place < setting.offices;
    let network = r#"{"networkType":"trustedNamedLocation","networkNames":["Offices"]}"#;
    put!(out, r#""networkLocationDetails":[{}],"#, if office { network } else { "" });
}

/// Returns the id of the computer somebody signs in from.
pub(crate) fn device_id(who: usize) -> String {
    let mut random = Random::of("client", who as u64);
    // The first number of the stream is the address.
    random.below(250);
    random.guid()
}

fn location(out: &mut String, place: &Place, row: &SignIn) {
    if place.city.is_empty() {
        let empty = if row.serial.is_multiple_of(2) { "{}" } else { "null" };
        put!(
            out,
            r#""location":{{"city":"","state":"","countryOrRegion":"","geoCoordinates":{empty}}},"#
        );
        return;
    }
    put!(out, r#""location":{{"city":{},"state":{},"#, quote(&place.city), quote(&place.state));
    put!(out, r#""countryOrRegion":"{}","geoCoordinates":{{"altitude":null,"#, place.country);
    put!(out, r#""latitude":{},"longitude":{}}}}},"#, place.latitude, place.longitude);
}

fn outcome(out: &mut String, setting: &Setting, person: Option<&Person>, row: &SignIn) {
    let known = setting.outcomes.iter().find(|outcome| outcome.code == row.code);
    let reason = known.map_or("Other.", |outcome| &outcome.reason);
    let details = match row.code {
        0 => "\"MFA requirement satisfied by claim in the token\"",
        50126 => "\"The user didn't enter the right credentials.\"",
        _ => "null",
    };
    put!(out, r#""status":{{"errorCode":{},"failureReason":{},"#, row.code, quote(reason));
    put!(out, r#""additionalDetails":{details}}},"#);
    let blocked = row.code == 53003;
    let applied = row.kind == Kind::Interactive && row.who.is_multiple_of(3);
    let status = match (blocked, applied) {
        (true, _) => "failure",
        (_, true) => "success",
        _ => "notApplied",
    };
    put!(out, r#""conditionalAccessStatus":"{status}","appliedConditionalAccessPolicies":["#);
    let shown = if applied || blocked { setting.policies.len() } else { 1 };
    for (at, (id, name)) in setting.policies.iter().take(shown).enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let result = match at {
            0 => status,
            2 => report_only(setting, person, row),
            _ => "notApplied",
        };
        put!(out, r#"{comma}{{"id":"{id}","displayName":{},"result":"{result}","#, quote(name));
        put!(out, r#""enforcedGrantControls":["Mfa"],"enforcedSessionControls":[],"#);
        put!(out, r#""conditionsSatisfied":"application,users","conditionsNotSatisfied":"none","#);
        put!(out, r#""includeRulesSatisfied":[],"excludeRulesSatisfied":[],"#);
        put!(out, r#""sessionControlsNotSatisfied":[],"authenticationStrength":null}}"#);
    }
    out.push_str("],");
    put!(
        out,
        r#""riskDetail":"none","riskLevelAggregated":"none","riskLevelDuringSignIn":"none","#
    );
    put!(out, r#""riskState":"none","riskEventTypes":[],"riskEventTypes_v2":[],"#);
}

/// The third policy only reports: it asks people of finance for a managed device.
fn report_only(setting: &Setting, person: Option<&Person>, row: &SignIn) -> &'static str {
    let finance = person.is_some_and(|p| setting.departments[p.department].0 == "Finance");
    match (finance, setting.devices[row.device].managed) {
        (false, _) => "reportOnlyNotApplied",
        (true, true) => "reportOnlySuccess",
        (true, false) => "reportOnlyFailure",
    }
}

fn constants(out: &mut String, row: &SignIn) {
    let number = u64::from(row.serial);
    put!(out, r#""correlationId":"{}","#, guid_of("correlation", number / 2));
    put!(
        out,
        r#""originalRequestId":"{}","uniqueTokenIdentifier":"{:032x}","#,
        id(row.serial),
        number
    );
    put!(out, r#""sessionId":"{}","clientSessionId":null,"#, guid_of("session", row.who as u64));
    put!(out, r#""processingTimeInMilliseconds":{},"#, 60 + number % 700);
    out.push_str(concat!(
        r#""agent":{"agentType":"notAgentic","agentSubjectType":"notAgentic","parentAppId":null,"#,
        r#""agentSubjectParentId":null},"appTokenProtectionStatus":"none","#,
        r#""appliedEventListeners":[],"authenticationAppDeviceDetails":null,"#,
        r#""authenticationAppPolicyEvaluationDetails":[],"authenticationContextClassReferences":[],"#,
        r#""azureResourceId":null,"conditionalAccessAudiences":[],"crossTenantAccessType":"none","#,
        r#""federatedCredentialId":"","flaggedForReview":false,"globalSecureAccessIpAddress":null,"#,
        r#""ipAddressFromResourceProvider":null,"isTenantRestricted":false,"#,
        r#""isThroughGlobalSecureAccess":false,"originalTransferMethod":"none","#,
        r#""rootActorId":null,"servicePrincipalCredentialKeyId":"","#,
        r#""servicePrincipalCredentialThumbprint":"","sessionLifetimePolicies":[],"#,
        r#""signInTokenProtectionStatus":"none","tokenIssuerName":"","tokenIssuerType":"AzureAD","#,
        r#""privateLinkDetails":{"policyId":"","policyName":"","resourceId":"","policyTenantId":""},"#,
        r#""tokenProtectionStatusDetails":{"signInSessionStatus":"unbound","signInSessionStatusCode":1002},"#,
    ));
    let managed = match row.kind {
        Kind::Managed => {
            r#"{"msiType":"systemAssigned","associatedResourceId":"/subscriptions/s/vm","federatedTokenId":null,"federatedTokenIssuer":null}"#
        }
        _ => "null",
    };
    put!(out, r#""managedServiceIdentity":{managed},"#);
    put!(
        out,
        r#""authenticationProcessingDetails":[{{"key":"Legacy TLS (TLS 1.0, 1.1, 3DES)","value":"False"}}],"#
    );
}

fn authentication(out: &mut String, row: &SignIn) {
    let (protocol, incoming, credential) = match row.kind {
        Kind::Interactive => ("none", "none", "none"),
        Kind::NonInteractive => ("none", "primaryRefreshToken", "none"),
        Kind::Service => ("clientCredentials", "none", "clientSecret"),
        Kind::Managed => ("none", "none", "managedIdentity"),
    };
    put!(out, r#""authenticationProtocol":"{protocol}","incomingTokenType":"{incoming}","#);
    put!(out, r#""clientCredentialType":"{credential}","#);
    let strong = row.kind == Kind::Interactive && row.who.is_multiple_of(3);
    let requirement = if strong { "multi" } else { "single" };
    put!(out, r#""authenticationRequirement":"{requirement}FactorAuthentication","#);
    let provider =
        r#"{"requirementProvider":"multiConditionalAccess","detail":"Conditional Access"}"#;
    put!(out, r#""authenticationRequirementPolicies":[{}],"#, if strong { provider } else { "" });
    let detail = r#"{"authMethod":"Mobile app notification","authDetail":null}"#;
    put!(out, r#""mfaDetail":{},"#, if strong { detail } else { "null" });
    put!(
        out,
        r#""authenticationMethodsUsed":[{}],"#,
        if strong { "\"Password\",\"Mobile app notification\"" } else { "" }
    );
    out.push_str(r#""authenticationDetails":["#);
    if row.kind == Kind::Interactive {
        let passed = row.code != 50126;
        put!(
            out,
            r#"{{"authenticationStepDateTime":"{}","authenticationMethod":"Password","#,
            moment::seconds(row.at)
        );
        put!(out, r#""authenticationMethodDetail":"Password in the cloud","succeeded":{passed},"#);
        put!(
            out,
            r#""authenticationStepResultDetail":{},"#,
            if passed { "\"Correct password\"" } else { "null" }
        );
        out.push_str(r#""authenticationStepRequirement":"Primary authentication"}"#);
    }
    out.push(']');
}
