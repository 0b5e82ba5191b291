//! `groups`: security groups, Microsoft 365 groups and distribution lists.
//!
//! The creation date cannot be filtered in Graph, and what a mailbox knows of a group
//! comes for one group at a time.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, NULL, Ops, PREFIX, RANGE, TableSpec, choice, flag,
    integer, json, list, record, text, texts, time,
};
use crate::tables::directory_shapes::{
    ASSIGNED_LICENSE, EXTENSION_ATTRIBUTES, PROVISIONING_ERROR, SERVICE_PROVISIONING_ERROR,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("groups", "/groups")
    .about("Groups of the tenant, of every kind.")
    .page("https://learn.microsoft.com/graph/api/resources/group")
    .permissions(&["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"])
    .directory(1)
    .page_size(100, 999)
    .counted()
    .by_ids("group")
    .get_by_key()
    .rows_guess(1_000)
    .columns(COLUMNS)
    .examples(&[
        (
            "Groups that may hold directory roles",
            "SELECT display_name, description, created_date_time
               FROM groups
              WHERE is_assignable_to_role
              ORDER BY created_date_time DESC",
        ),
        (
            "Rules that decide who is in a dynamic group",
            "SELECT display_name, membership_rule, membership_rule_processing_state
               FROM groups
              WHERE array_has(group_types, 'DynamicMembership')
              ORDER BY display_name",
        ),
        (
            "Microsoft 365 groups anyone in the tenant can join",
            "SELECT display_name, mail, created_date_time
               FROM groups
              WHERE array_has(group_types, 'Unified') AND visibility = 'Public'
              ORDER BY display_name",
        ),
    ]);

const MATCH: Ops = EQ.and(PREFIX);
const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);
const EQ_NULL: Ops = EQ.and(NULL);
const ANY: Ops = ANY_EQ.and(ANY_PREFIX);

pub(super) const COLUMNS: &[Column] = &[
    text("id", "Object id, the same for the life of the group.").filter(EQ).required(),
    text("display_name", "Name.").filter(MATCH_NULL).advanced(NULL).sortable(),
    text("description", "What the group is for.").filter(MATCH_NULL).advanced(MATCH_NULL),
    texts("group_types", "`Unified`, `DynamicMembership`; empty for plain security groups.")
        .members(GROUP_TYPES)
        .filter(ANY_EQ)
        .required(),
    flag("security_enabled", "Can grant access.").filter(EQ),
    flag("mail_enabled", "Can receive mail.").filter(EQ),
    flag("is_assignable_to_role", "May hold directory roles; fixed at creation.").filter(EQ),
    choice("visibility", VISIBILITIES, "`Public`, `Private` or `HiddenMembership`."),
    // Microsoft's page lists operators here and, further down, refuses them:
    // https://learn.microsoft.com/graph/aad-advanced-queries
    time("created_date_time", "When the group was made.").sortable_advanced(),
    time("deleted_date_time", "When it was deleted; null while it exists.").sortable_advanced(),
    time("renewed_date_time", "When it was last renewed.").filter(RANGE),
    time("expiration_date_time", "When it expires unless renewed.").filter(RANGE).advanced(RANGE),
    text("membership_rule", "Rule that decides who is in it.").filter(MATCH),
    text("membership_rule_processing_state", "`On` or `Paused`.").filter(EQ),
    text("mail", "Primary SMTP address.").filter(MATCH_NULL).advanced(NULL),
    text("mail_nickname", "Part before the `@`.").filter(MATCH_NULL).advanced(NULL),
    texts("proxy_addresses", "All mail addresses, e.g. `SMTP:team@contoso.com`.")
        .filter(ANY)
        .required(),
    text("unique_name", "Name chosen at creation that stays unique.").filter(MATCH),
    text("classification", "Impact label, e.g. `High`.").filter(MATCH),
    list("assigned_labels", &Kind::Record(LABEL), "Sensitivity labels.").on_select(),
    list("assigned_licenses", &Kind::Record(ASSIGNED_LICENSE), "Licenses members inherit.")
        .on_select(),
    record("license_processing_state", LICENSE_STATE, "How far license changes have got.")
        .on_select(),
    flag("has_members_with_license_errors", "Some member could not be licensed.")
        .filter(EQ)
        .default_only(),
    flag("is_management_restricted", "Inside a restricted management administrative unit.")
        .on_select(),
    flag("is_archived", "The team of this group is archived."),
    text("security_identifier", "SID used on Windows."),
    texts("resource_behavior_options", "E.g. `HideGroupInOutlook`, set at creation.")
        .filter(ANY_EQ)
        .required(),
    texts("resource_provisioning_options", "What came with it, e.g. `Team`.")
        .filter(ANY_EQ)
        .required(),
    // The schema calls it non-null, yet v1.0 replies leave it out.
    texts("info_catalogs", "Information segments the group belongs to.").filter(ANY),
    text("organization_id", "Id of the tenant."),
    text("theme", "Color, e.g. `Teal`."),
    text("preferred_language", "Language and country, e.g. `en-US`.")
        .filter(EQ_NULL)
        .advanced(EQ_NULL),
    text("preferred_data_location", "Geography the data should be kept in."),
    flag("welcome_message_enabled", "New members are sent a welcome message."),
    // Synchronized from on premises.
    flag("on_premises_sync_enabled", "True if synchronized, null if never.")
        .filter(EQ_NULL)
        .advanced(NULL),
    time("on_premises_last_sync_date_time", "When it was last synchronized.").filter(RANGE),
    text("on_premises_sam_account_name", "Short name in Active Directory.")
        .filter(MATCH)
        .advanced(MATCH),
    text("on_premises_domain_name", "DNS domain in Active Directory."),
    text("on_premises_net_bios_name", "NetBIOS domain in Active Directory."),
    text("on_premises_security_identifier", "SID in Active Directory.")
        .filter(EQ_NULL)
        .advanced(NULL),
    record("on_premises_extension_attributes", EXTENSION_ATTRIBUTES, "Custom attributes 1 to 15.")
        .on_select(),
    list(
        "on_premises_provisioning_errors",
        &Kind::Record(PROVISIONING_ERROR),
        "What went wrong in synchronization.",
    ),
    list(
        "service_provisioning_errors",
        &Kind::Record(SERVICE_PROVISIONING_ERROR),
        "What went wrong in a service.",
    ),
    // Kept by Exchange: https://learn.microsoft.com/graph/api/group-get
    choice("access_type", ACCESS_TYPES, "Who may see content, e.g. `private`.").one_at_a_time(),
    flag("allow_external_senders", "Outsiders may send mail to it.").one_at_a_time(),
    flag("auto_subscribe_new_members", "New members get its mail.").one_at_a_time(),
    flag("hide_from_address_lists", "Left out of address lists.").one_at_a_time(),
    flag("hide_from_outlook_clients", "Left out of Outlook.").one_at_a_time(),
    flag("is_favorite", "Marked as favorite; for signed-in users only.").one_at_a_time(),
    flag("is_subscribed_by_mail", "Subscribed; for signed-in users only.").one_at_a_time(),
    integer("unseen_count", "Unseen posts; for signed-in users only.").one_at_a_time(),
    integer("unseen_conversations_count", "Unseen conversations; for signed-in users only.")
        .one_at_a_time(),
    integer("unseen_messages_count", "Unseen messages; for signed-in users only.").one_at_a_time(),
    // Beta.
    text("created_by_app_id", "App that made the group; null if a person did.").beta(),
    record("membership_rule_processing_status", RULE_STATUS, "How the rule last ran.").beta(),
    record("writeback_configuration", WRITEBACK, "Whether it is written to on premises.").beta(),
    json("cloud_licensing", "Entry to cloud licensing; usually empty.").beta(),
];

const GROUP_TYPES: &[&str] = &["Unified", "DynamicMembership"];
const VISIBILITIES: &[&str] = &["Public", "Private", "HiddenMembership"];
const ACCESS_TYPES: &[&str] = &["none", "private", "secret", "public"];

const LABEL: &[Column] =
    &[text("label_id", "Sensitivity label id."), text("display_name", "Its name.")];

const LICENSE_STATE: &[Column] =
    &[text("state", "`QueuedForProcessing`, `ProcessingInProgress` or `ProcessingComplete`.")];

const RULE_STATUS: &[Column] = &[
    choice("status", RULE_STATES, "`NotStarted`, `Running`, `Succeeded` or `Failed`."),
    time("last_membership_updated", "When members last changed."),
    text("error_message", "Why it failed."),
];
const RULE_STATES: &[&str] = &["NotStarted", "Running", "Succeeded", "Failed"];

const WRITEBACK: &[Column] = &[
    flag("is_enabled", "Written back to Active Directory."),
    text("on_premises_group_type", "Kind of group there, e.g. `universalSecurityGroup`."),
];
