//! `ocsf.authentication`: sign-ins of every kind as Authentication (3002).

use crate::ocsf::authentication_rest::UNMAPPED;
use crate::ocsf::envelope::{ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, set};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("authentication", 3002)
    .about("Sign-ins of every kind as OCSF Authentication events.")
    .from(FROM)
    .pairs(&[OUTCOME, ENTRA, SOURCE, WHO, WHERE, HOW, POLICY, UNMAPPED])
    .observables(&[
        "src_endpoint.ip",
        "src_endpoint.location.country",
        "user.name",
        "user.uid",
        "user.email_addr",
        "device.uid",
        "http_request.user_agent",
    ])
    .examples(&[
        (
            "Failed sign-ins of one user today",
            "SELECT time_dt, src_endpoint.ip, status_code, status_detail
               FROM ocsf.authentication
              WHERE time_dt > now() - interval '1 day'
                AND user.name = 'lena.fischer@haldenvoss.example' AND status_id = 2",
        ),
        (
            "Protocols that cannot ask for a second factor, by app",
            "SELECT actor.app_name, auth_protocol, count(*) AS sign_ins
               FROM ocsf.authentication
              WHERE time_dt > now() - interval '7 days' AND is_cleartext
              GROUP BY ALL ORDER BY sign_ins DESC",
        ),
    ]);

// The kind is a constant of each log, so a filter on who or on `logon_type` leaves whole logs out.
const FROM: &str = "(
  SELECT *, event_type IN ('servicePrincipal', 'managedIdentity') AS is_app,
         signin_outcome(status['error_code']) AS outcome,
         lower(risk_level_during_sign_in) AS level,
         ocsf_text(coalesce(ocsf_text(device_detail['device_id']),
                            device_detail['display_name'])) IS NOT NULL AS has_device
    FROM all_sign_ins) AS e";

const OUTCOME: &[Pair] = &[
    set("time", "created_date_time"),
    set("activity_id", "1"),
    set(
        "severity_id",
        "CASE level WHEN 'high' THEN 4 WHEN 'medium' THEN 3 WHEN 'low' THEN 2
              ELSE CASE WHEN outcome = 'failure' THEN 2 ELSE 1 END END",
    ),
    set(
        "status_id",
        "CASE outcome WHEN 'success' THEN 1 WHEN 'failure' THEN 2 WHEN 'interrupted' THEN 99 ELSE 0 END",
    ),
    set("status", "'Interrupted'"),
    set("status_code", "CAST(status['error_code'] AS VARCHAR)"),
    set(
        "status_detail",
        "CASE WHEN outcome <> 'success'
              THEN coalesce(ocsf_text(status['failure_reason']), status['additional_details']) END",
    ),
    set(
        "message",
        "concat('Sign-in by ',
                CASE WHEN is_app THEN concat('service principal ',
                                             coalesce(ocsf_text(service_principal_name), service_principal_id))
                     ELSE coalesce(ocsf_text(user_principal_name), user_id) END,
                ' to ' || coalesce(ocsf_text(resource_display_name), ocsf_text(app_display_name)),
                CASE WHEN outcome <> 'success'
                     THEN concat(': ', CAST(status['error_code'] AS VARCHAR)) END)",
    ),
    set("metadata.uid", "id"),
    set("metadata.correlation_uid", "correlation_id"),
    set("metadata.log_name", "'auditLogs/signIns'"),
    set(
        "metadata.profiles",
        "CASE WHEN has_device THEN make_array('cloud', 'datetime', 'host', 'security_control')
              ELSE make_array('cloud', 'datetime', 'security_control') END",
    ),
];

const USER_UID: &str = "CASE WHEN is_app THEN service_principal_id ELSE user_id END";
const USER_NAME: &str = "CASE WHEN is_app THEN service_principal_name ELSE user_principal_name END";
const USER_FULL_NAME: &str = "CASE WHEN NOT is_app THEN user_display_name END";
const USER_EMAIL: &str = "CASE WHEN NOT is_app THEN user_principal_name END";
const USER_DOMAIN: &str = "CASE WHEN NOT is_app THEN ocsf_domain(user_principal_name) END";
const USER_TYPE: &str = "CASE WHEN is_app THEN 4 ELSE 1 END";

const WHO: &[Pair] = &[
    set("user.uid", USER_UID),
    set("user.name", USER_NAME),
    set("user.full_name", USER_FULL_NAME),
    set("user.email_addr", USER_EMAIL),
    set("user.domain", USER_DOMAIN),
    set("user.type_id", USER_TYPE),
    // The class wants a user, also where Graph names none.
    set(
        "user.account.name",
        "CASE WHEN coalesce(ocsf_text(CASE WHEN is_app THEN service_principal_id ELSE user_id END),
                            ocsf_text(CASE WHEN is_app THEN service_principal_name
                                           ELSE user_principal_name END)) IS NULL
              THEN 'Unknown' END",
    ),
    set("actor.user.uid", USER_UID),
    set("actor.user.name", USER_NAME),
    set("actor.user.full_name", USER_FULL_NAME),
    set("actor.user.email_addr", USER_EMAIL),
    set("actor.user.domain", USER_DOMAIN),
    set("actor.user.type_id", USER_TYPE),
    set("actor.app_uid", "app_id"),
    set("actor.app_name", "app_display_name"),
    set("actor.idp.name", "coalesce(ocsf_text(token_issuer_name), 'Microsoft Entra ID')"),
    set("actor.idp.tenant_uid", "home_tenant_id"),
    set("actor.session.uid", "session_id"),
];

const WHERE: &[Pair] = &[
    // The class wants a service: the resource, else the client, else who was asked.
    set(
        "service.uid",
        "CASE WHEN ocsf_text(resource_id) IS NULL AND ocsf_text(resource_display_name) IS NULL
              THEN app_id ELSE resource_id END",
    ),
    set(
        "service.name",
        "CASE WHEN ocsf_text(resource_id) IS NOT NULL OR ocsf_text(resource_display_name) IS NOT NULL
              THEN resource_display_name
              WHEN ocsf_text(app_id) IS NULL
              THEN coalesce(ocsf_text(app_display_name), 'Microsoft Entra ID')
              ELSE app_display_name END",
    ),
    set("dst_endpoint.uid", "resource_id"),
    set("dst_endpoint.svc_name", "resource_display_name"),
    set("src_endpoint.ip", "ip_address"),
    set("src_endpoint.location.city", "location['city']"),
    set("src_endpoint.location.region", "location['state']"),
    set("src_endpoint.location.country", "upper(location['country_or_region'])"),
    set("src_endpoint.location.lat", "location['geo_coordinates']['latitude']"),
    set("src_endpoint.location.long", "location['geo_coordinates']['longitude']"),
    set("src_endpoint.autonomous_system.number", "autonomous_system_number"),
    set("device.uid", "device_detail['device_id']"),
    set("device.name", "device_detail['display_name']"),
    set("device.type_id", "entra_device_type_id(device_detail['operating_system'])"),
    set("device.is_managed", "device_detail['is_managed']"),
    set("device.is_compliant", "device_detail['is_compliant']"),
    set("device.os.name", "device_detail['operating_system']"),
    set("device.os.type_id", "entra_os_type_id(device_detail['operating_system'])"),
    set("device.os.type", "device_detail['operating_system']"),
    set("http_request.user_agent", "user_agent"),
    set("http_request.uid", "original_request_id"),
];

/// One factor of a sign-in, from the method that was used and what more is known of it.
macro_rules! factor {
    ($method:literal, $provider:literal) => {
        concat!(
            "ocsf_object('factor_type_id', 'factor_type_id', entra_auth_factor_id(",
            $method,
            "), 'factor_type', CASE WHEN entra_auth_factor_id(",
            $method,
            ") = 99 THEN ",
            $method,
            " ELSE ocsf_caption(3002, 'auth_factors[].factor_type_id', entra_auth_factor_id(",
            $method,
            ")) END, 'is_totp', entra_is_totp(",
            $method,
            "), 'provider', ocsf_text(",
            $provider,
            "))"
        )
    };
}

/// The first policy that was applied with such a result.
macro_rules! applied {
    ($result:literal) => {
        concat!(
            "array_transform(array_filter(applied_conditional_access_policies, ",
            "p -> lower(p['result']) = '",
            $result,
            "'), p -> ocsf_object('uid|name', 'uid', ocsf_text(p['id']), ",
            "'name', ocsf_text(p['display_name']), 'type', 'Conditional Access', ",
            "'is_applied', true))[1]"
        )
    };
}

const HOW: &[Pair] = &[
    set("session.uid", "session_id"),
    set("session.issuer", "token_issuer_type"),
    set("session.is_mfa", IS_MFA),
    set("is_mfa", IS_MFA),
    set("is_remote", "true"),
    set(
        "is_cleartext",
        "CASE WHEN entra_is_cleartext(authentication_protocol, client_app_used) THEN true END",
    ),
    set("auth_protocol_id", "entra_auth_protocol_id(authentication_protocol, client_app_used)"),
    set("auth_protocol", "authentication_protocol"),
    set("logon_type_id", "99"),
    set("logon_type", "event_type"),
    set(
        "auth_factors",
        concat!(
            "ocsf_items(coalesce(ocsf_items(array_transform(authentication_details, s -> ",
            factor!("s['authentication_method']", "s['authentication_method_detail']"),
            ")), make_array(",
            factor!("mfa_detail['auth_method']", "mfa_detail['auth_detail']"),
            ")))"
        ),
    ),
];

/// What was done counts most, then what was asked for, then a policy that was met. Nobody
/// says that there was no second factor.
const IS_MFA: &str = "CASE
    WHEN array_any_match(authentication_details, s -> s['succeeded']
           AND lower(s['authentication_step_requirement']) LIKE 'multifactor%') THEN true
    WHEN lower(authentication_requirement) = 'multifactorauthentication' THEN true
    WHEN array_any_match(applied_conditional_access_policies, p -> lower(p['result']) = 'success'
           AND array_has(array_transform(p['enforced_grant_controls'], c -> lower(c)), 'mfa')) THEN true
    END";

const POLICY: &[Pair] = &[
    set(
        "action_id",
        "CASE conditional_access_status WHEN 'success' THEN 1 WHEN 'failure' THEN 2
              WHEN 'notApplied' THEN 3 ELSE 0 END",
    ),
    set(
        "disposition_id",
        "CASE conditional_access_status WHEN 'success' THEN 1 WHEN 'failure' THEN 2
              WHEN 'notApplied' THEN 16 ELSE 0 END",
    ),
    set(
        "risk_level_id",
        "CASE level WHEN 'none' THEN 0 WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 END",
    ),
    set(
        "risk_details",
        "coalesce(ocsf_text(array_to_string(risk_event_types_v2, ', ')),
                  CASE WHEN lower(risk_detail) NOT IN ('none', 'hidden', 'unknownfuturevalue')
                       THEN risk_detail END)",
    ),
    set(
        "is_alert",
        "coalesce(lower(risk_state) IN ('atrisk', 'confirmedcompromised'), false)
           OR coalesce(level IN ('medium', 'high'), false)",
    ),
    set("policy", concat!("coalesce(", applied!("failure"), ", ", applied!("success"), ")")),
    set(
        "authorizations",
        "ocsf_items(array_transform(applied_conditional_access_policies, p -> ocsf_object('decision|policy',
           'decision', ocsf_text(p['result']),
           'policy', ocsf_object('uid|name',
             'uid', ocsf_text(p['id']), 'name', ocsf_text(p['display_name']),
             'type', 'Conditional Access',
             'is_applied', lower(p['result']) IN ('success', 'failure')))))",
    ),
];
