//! What the views of the directory audits share: their source, and the pairs of all classes.
//!
//! Every audit is an event of one class, so the views part the rows of one source among them.

use crate::ocsf::pair::{Pair, set};

/// The audits, with what they are in OCSF and the parts they name.
pub(super) const AUDITS: &str = "(
  SELECT *,
         entra_audit_class(activity_display_name, category, operation_type, target_resources,
                           initiated_by) AS audit_class,
         entra_audit_activity(activity_display_name, category, operation_type, target_resources,
                              initiated_by) AS audit_activity,
         entra_severity_id(activity_display_name, category, operation_type, result,
                           target_resources) AS audit_severity,
         coalesce(initiator_type(initiated_by) = 'app', false) AS by_app,
         entra_audit_target(activity_display_name, category, target_resources, 'user') AS subject,
         entra_audit_target(activity_display_name, category, target_resources, 'group') AS team,
         entra_audit_target(activity_display_name, category, target_resources, 'subgroup') AS member,
         entra_audit_target(activity_display_name, category, target_resources, 'resource') AS access,
         entra_audit_target(activity_display_name, category, target_resources, 'entity') AS thing
    FROM directory_audits) AS e";

/// What was done, when, and how it went.
pub(super) const EVENT: &[Pair] = &[
    set("time", "activity_date_time"),
    set("activity_id", "audit_activity"),
    set(
        "activity_name",
        "coalesce(ocsf_text(activity_display_name), ocsf_text(category), 'Unknown')",
    ),
    set("severity_id", "audit_severity"),
    set("message", "activity_display_name"),
    set("metadata.uid", "id"),
    set("metadata.correlation_uid", "correlation_id"),
    set("metadata.event_code", "activity_display_name"),
    set("metadata.log_name", "'auditLogs/directoryAudits'"),
    set("metadata.original_time", "ocsf_datetime(activity_date_time)"),
    set("metadata.profiles", "make_array('cloud', 'datetime')"),
    set("api.operation", "activity_display_name"),
    set("api.service.name", "logged_by_service"),
    set("api.request.uid", "correlation_id"),
];

/// How it went. A timeout is a failure to the one who waited.
pub(super) const STATUS: &[Pair] = &[
    set(
        "status_id",
        "CASE lower(result) WHEN 'success' THEN 1 WHEN 'failure' THEN 2 WHEN 'timeout' THEN 2 ELSE 0 END",
    ),
    set("status_detail", "result_reason"),
];

/// Who did it: a user, or an app as the service it runs as.
pub(super) const ACTOR: &[Pair] = &[
    set(
        "actor.user.uid",
        "CASE WHEN by_app THEN initiated_by['app']['service_principal_id']
              ELSE initiated_by['user']['id'] END",
    ),
    set(
        "actor.user.name",
        "CASE WHEN by_app THEN coalesce(ocsf_text(initiated_by['app']['display_name']),
                                        initiated_by['app']['service_principal_name'])
              ELSE coalesce(ocsf_text(initiated_by['user']['user_principal_name']),
                            initiated_by['user']['display_name']) END",
    ),
    set(
        "actor.user.full_name",
        "CASE WHEN NOT by_app THEN initiated_by['user']['display_name'] END",
    ),
    set(
        "actor.user.email_addr",
        "CASE WHEN NOT by_app THEN initiated_by['user']['user_principal_name'] END",
    ),
    set(
        "actor.user.domain",
        "CASE WHEN NOT by_app THEN ocsf_domain(initiated_by['user']['user_principal_name']) END",
    ),
    set("actor.user.type_id", "CASE WHEN by_app THEN 4 ELSE 1 END"),
    set("actor.app_uid", "initiated_by['app']['app_id']"),
    set("actor.app_name", "initiated_by['app']['display_name']"),
    set("src_endpoint.ip", "initiated_by['user']['ip_address']"),
    set("http_request.user_agent", "kv(additional_details, 'User-Agent')"),
];

/// Whose account it is about.
pub(super) const SUBJECT: &[Pair] = &[
    set("user.uid", "subject['id']"),
    set(
        "user.name",
        "coalesce(ocsf_text(subject['user_principal_name']), subject['display_name'])",
    ),
    set("user.full_name", "subject['display_name']"),
    set("user.email_addr", "subject['user_principal_name']"),
    set("user.domain", "ocsf_domain(subject['user_principal_name'])"),
    set("user.type_id", "CASE WHEN lower(subject['type']) = 'serviceprincipal' THEN 4 ELSE 1 END"),
];

/// What access is given to.
pub(super) const ACCESS: &[Pair] = &[
    set("privileges", "entra_audit_privileges(activity_display_name, category, target_resources)"),
    set("resources[0].uid", "access['id']"),
    set(
        "resources[0].name",
        "coalesce(ocsf_text(access['display_name']), access['user_principal_name'])",
    ),
    set("resources[0].type", "access['type']"),
    set("resources[0].role_id", "1"),
];

/// What OCSF has no place for.
pub(super) const UNMAPPED: &[Pair] = &[
    set("unmapped.category", "category"),
    set("unmapped.operationType", "operation_type"),
    set("unmapped.result", "CASE WHEN lower(result) NOT IN ('success', 'failure') THEN result END"),
    set("unmapped.additionalDetails", "additional_details"),
    set("unmapped.targetResources", "target_resources"),
];
