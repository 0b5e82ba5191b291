//! `ocsf.detection_finding`: risk detections and risky users as Detection Finding (2004).

use crate::ocsf::envelope::SOURCE;
use crate::ocsf::pair::{Pair, key, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("detection_finding", 2004)
    .about("Risk detections and risky users as OCSF Detection Findings.")
    .from(FROM)
    .pairs(&[SOURCE, EVENT, ENVELOPE, FINDING, EVIDENCE, UNMAPPED])
    .observables(&["evidences[0].src_endpoint.ip", "resources[0].uid"])
    .examples(&[
        (
            "Findings nobody has dealt with, the latest first",
            "SELECT time_dt, severity, finding_info.title, resources[1]['name'] AS name
               FROM ocsf.detection_finding
              WHERE status_id = 1
              ORDER BY time_dt DESC",
        ),
        (
            "Techniques behind the detections",
            "SELECT finding_info.attacks[1]['technique']['name'] AS technique, count(*) AS findings
               FROM ocsf.detection_finding
              GROUP BY ALL ORDER BY findings DESC",
        ),
    ]);

// The name of the log is a constant of each branch, so a filter on it leaves the other out.
const FROM: &str = "(
  SELECT *, lower(risk_level) AS level, lower(risk_state) AS state,
         entra_attack_technique(kind) AS technique
    FROM (
      SELECT id, id AS uid, 'identityProtection/riskDetections' AS log_name,
             detected_date_time AS at, activity_date_time AS started,
             last_updated_date_time AS ended, last_updated_date_time AS changed,
             detected_date_time AS created,
             risk_event_type AS kind, coalesce(ocsf_text(risk_event_type), 'Risk detection') AS title,
             risk_level, risk_state, risk_detail,
             user_id, user_principal_name, user_display_name,
             ip_address, location['city'] AS city, location['state'] AS region,
             location['country_or_region'] AS country,
             location['geo_coordinates']['latitude'] AS latitude,
             location['geo_coordinates']['longitude'] AS longitude,
             request_id, correlation_id, source, detection_timing_type, activity,
             token_issuer_type, additional_info, NULL AS is_deleted, NULL AS is_processing
        FROM risk_detections
       UNION ALL
      SELECT id, concat(id, '/', coalesce(CAST(ocsf_time_ms(risk_last_updated_date_time) AS VARCHAR),
                                      'riskyUser')) AS uid,
             'identityProtection/riskyUsers' AS log_name,
             risk_last_updated_date_time AS at, NULL AS started, NULL AS ended,
             risk_last_updated_date_time AS changed, NULL AS created,
             NULL AS kind, 'Risky user' AS title, risk_level, risk_state, risk_detail,
             id AS user_id, user_principal_name, user_display_name,
             NULL AS ip_address, NULL AS city, NULL AS region, NULL AS country,
             NULL AS latitude, NULL AS longitude, NULL AS request_id, NULL AS correlation_id,
             NULL AS source, NULL AS detection_timing_type, NULL AS activity,
             NULL AS token_issuer_type, NULL AS additional_info, is_deleted, is_processing
        FROM risky_users) AS both) AS f";

const EVENT: &[Pair] = &[
    // No event is without a time, also where Graph gives none: then it is that of collection.
    set("time", "coalesce(at, {now})"),
    set("start_time", "started"),
    set("end_time", "ended"),
    set(
        "activity_id",
        "CASE state WHEN 'atrisk' THEN 1 WHEN 'none' THEN 1 WHEN 'confirmedcompromised' THEN 2
              WHEN 'remediated' THEN 3 WHEN 'dismissed' THEN 3 WHEN 'confirmedsafe' THEN 3 ELSE 0 END",
    ),
    set(
        "severity_id",
        "CASE level WHEN 'high' THEN 4 WHEN 'medium' THEN 3 WHEN 'low' THEN 2 WHEN 'none' THEN 1
              ELSE 0 END",
    ),
    set(
        "status_id",
        "CASE state WHEN 'atrisk' THEN 1 WHEN 'confirmedcompromised' THEN 2 WHEN 'dismissed' THEN 3
              WHEN 'remediated' THEN 4 WHEN 'confirmedsafe' THEN 4 ELSE 0 END",
    ),
    set(
        "verdict_id",
        "CASE state WHEN 'confirmedcompromised' THEN 2 WHEN 'dismissed' THEN 3 WHEN 'atrisk' THEN 4
              WHEN 'confirmedsafe' THEN 5 ELSE 0 END",
    ),
    set("risk_level_id", RISK),
    set("risk_details", "risk_detail"),
    set(
        "is_alert",
        "coalesce(state IN ('atrisk', 'confirmedcompromised') AND level IN ('medium', 'high'), false)",
    ),
    set("message", "concat(title, ' on ' || coalesce(ocsf_text(user_principal_name), user_id))"),
];

/// `hidden` and members of tomorrow say nothing.
const RISK: &str =
    "CASE level WHEN 'none' THEN 0 WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 END";

const ENVELOPE: &[Pair] = &[
    set("metadata.product.name", PRODUCT),
    key("metadata.uid", "uid"),
    key("metadata.log_name", "log_name"),
    set("metadata.correlation_uid", "correlation_id"),
    set("metadata.event_code", "kind"),
    set("metadata.original_time", "CAST(at AS VARCHAR)"),
    set("metadata.profiles", "make_array('cloud', 'datetime', 'incident')"),
];

const PRODUCT: &str = "'Microsoft Entra ID Protection'";

const FINDING: &[Pair] = &[
    sure("finding_info.uid", "id"),
    set("finding_info.title", "title"),
    set(
        "finding_info.types",
        "CASE WHEN log_name = 'identityProtection/riskyUsers' THEN make_array('riskyUser')
              WHEN ocsf_text(kind) IS NOT NULL THEN make_array(kind) END",
    ),
    set("finding_info.created_time", "created"),
    set("finding_info.modified_time", "changed"),
    set("finding_info.first_seen_time", "started"),
    set("finding_info.product.name", PRODUCT),
    set("finding_info.product.vendor_name", "'Microsoft'"),
    set("finding_info.analytic.name", "kind"),
    set("finding_info.analytic.type_id", "4"),
    set("finding_info.related_events[0].uid", "request_id"),
    set("finding_info.related_events[0].type_uid", "CAST(300201 AS BIGINT)"),
    set("finding_info.attacks[0].technique.uid", "split_part(technique, '.', 1)"),
    set(
        "finding_info.attacks[0].technique.name",
        "attack_technique_name(split_part(technique, '.', 1))",
    ),
    set(
        "finding_info.attacks[0].sub_technique.uid",
        "CASE WHEN technique LIKE '%.%' THEN technique END",
    ),
    set(
        "finding_info.attacks[0].sub_technique.name",
        "CASE WHEN technique LIKE '%.%' THEN attack_technique_name(technique) END",
    ),
];

const EVIDENCE: &[Pair] = &[
    set("evidences[0].user.uid", "user_id"),
    set("evidences[0].user.name", "user_principal_name"),
    set("evidences[0].user.full_name", "user_display_name"),
    set("evidences[0].user.email_addr", "user_principal_name"),
    set("evidences[0].user.domain", "upn_domain(user_principal_name)"),
    set("evidences[0].user.type_id", "1"),
    set(
        "evidences[0].user.risk_level_id",
        "CASE WHEN log_name = 'identityProtection/riskyUsers' THEN
              CASE level WHEN 'none' THEN 0 WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 END
         END",
    ),
    set("evidences[0].src_endpoint.ip", "ip_address"),
    set("evidences[0].src_endpoint.location.city", "city"),
    set("evidences[0].src_endpoint.location.region", "region"),
    set("evidences[0].src_endpoint.location.country", "upper(country)"),
    set("evidences[0].src_endpoint.location.lat", "latitude"),
    set("evidences[0].src_endpoint.location.long", "longitude"),
    set("resources[0].uid", "user_id"),
    set("resources[0].name", "user_principal_name"),
    set("resources[0].type", "'User'"),
    set("resources[0].role_id", "3"),
];

const UNMAPPED: &[Pair] = &[
    set("unmapped.riskState", "risk_state"),
    set("unmapped.riskLevel", "risk_level"),
    set("unmapped.source", "source"),
    set("unmapped.detectionTimingType", "detection_timing_type"),
    set("unmapped.activity", "activity"),
    set("unmapped.tokenIssuerType", "token_issuer_type"),
    set("unmapped.additionalInfo", "additional_info"),
    // Without an address there is no endpoint, and no place for where it is.
    set("unmapped.ipAddress", "CASE WHEN ocsf_ip(ip_address) IS NULL THEN ip_address END"),
    set(
        "unmapped.location",
        "CASE WHEN ocsf_ip(ip_address) IS NULL THEN concat_ws(', ', city, region, country) END",
    ),
    set("unmapped.isDeleted", "is_deleted"),
    set("unmapped.isProcessing", "is_processing"),
];
