//! `ocsf.entity_management`: audits of apps, policies, devices and all the rest, as Entity
//! Management (3004).

use crate::ocsf::audits::{ACTOR, AUDITS, EVENT, STATUS, UNMAPPED};
use crate::ocsf::envelope::{ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, set};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("entity_management", 3004)
    .about("Audits of apps, policies and devices as OCSF Entity Management.")
    .from(AUDITS)
    .filter("audit_class = 3004")
    .pairs(&[EVENT, STATUS, ENTRA, SOURCE, ACTOR, ENTITY, RESULT, UNMAPPED])
    .observables(&["src_endpoint.ip", "actor.user.name", "http_request.user_agent"])
    .examples(&[
        (
            "Policies changed this month",
            "SELECT time_dt, actor.user.name AS actor_name, activity_name, entity.name, severity
               FROM ocsf.entity_management
              WHERE time_dt > now() - interval '30 days' AND entity.type_id = 5
              ORDER BY time_dt DESC",
        ),
        (
            "Changes of apps by kind",
            "SELECT message, comment, count(*) AS changes
               FROM ocsf.entity_management
              WHERE time_dt > now() - interval '7 days' AND entity.type IN ('Application', 'ServicePrincipal')
              GROUP BY ALL ORDER BY changes DESC",
        ),
    ]);

const TYPE_ID: &str = "entra_audit_entity_type_id(activity_display_name, target_resources)";
/// What an audit without a target is about: the tenant.
const UID: &str = "CASE WHEN thing IS NULL THEN {tenant} ELSE thing['id'] END";
const NAME: &str = "CASE WHEN thing IS NULL THEN 'Tenant'
                         ELSE coalesce(ocsf_text(thing['user_principal_name']), thing['display_name']) END";

const ENTITY: &[Pair] = &[
    set("entity.uid", UID),
    set("entity.name", NAME),
    set("entity.type_id", TYPE_ID),
    set("entity.type", "entra_audit_entity_type(activity_display_name, target_resources)"),
    set(
        "entity.policy.uid",
        "CASE WHEN entra_audit_entity_type_id(activity_display_name, target_resources) = 5
              THEN thing['id'] END",
    ),
    set(
        "entity.policy.name",
        "CASE WHEN entra_audit_entity_type_id(activity_display_name, target_resources) = 5
              THEN thing['display_name'] END",
    ),
    set(
        "entity.policy.type",
        "CASE WHEN entra_audit_entity_type_id(activity_display_name, target_resources) = 5
               AND activity_display_name ILIKE '%conditional access policy%'
              THEN 'Conditional Access' END",
    ),
    set("entity.data", "ocsf_text(modprop(target_resources, 'ConditionalAccessPolicy', 'old'))"),
    set("comment", "'Changed: ' || array_to_string(entra_audit_changes(target_resources), ', ')"),
];

/// A Conditional Access policy as it is after the change, which is the one thing audits have whole.
const RESULT: &[Pair] = &[
    set(
        "entity_result.uid",
        "CASE WHEN modprop(target_resources, 'ConditionalAccessPolicy') IS NOT NULL THEN thing['id'] END",
    ),
    set(
        "entity_result.name",
        "CASE WHEN modprop(target_resources, 'ConditionalAccessPolicy') IS NOT NULL
              THEN thing['display_name'] END",
    ),
    set("entity_result.type_id", TYPE_ID),
    set("entity_result.type", "entra_audit_entity_type(activity_display_name, target_resources)"),
    set("entity_result.data", "ocsf_text(modprop(target_resources, 'ConditionalAccessPolicy'))"),
];
