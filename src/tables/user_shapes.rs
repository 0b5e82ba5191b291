//! The records inside `users`.

use crate::spec::{
    ANY_EQ, Column, EQ, Kind, NULL, Ops, PREFIX, RANGE, choice, flag, json, list, record, text,
    texts, time,
};

pub(super) const IDENTITY: &[Column] = &[
    text("sign_in_type", "E.g. `userPrincipalName`, `emailAddress`, `federated`."),
    text("issuer", "Domain or provider, e.g. `contoso.com` or `google.com`."),
    text("issuer_assigned_id", "Name of the user at that issuer."),
];

pub(super) const AUTHORIZATION: &[Column] =
    &[texts("certificate_user_ids", "Names accepted in certificates, e.g. `X509:<SKI>…`.")
        .filter(ANY_EQ)
        .advanced(ANY_EQ)];

/// Attempts that failed count as well, except in the last pair.
pub(super) const SIGN_IN_ACTIVITY: &[Column] = &[
    time("last_sign_in_date_time", "Last interactive attempt, failed ones included.").filter(RANGE),
    text("last_sign_in_request_id", "Its id in `sign_ins`."),
    time("last_non_interactive_sign_in_date_time", "Last attempt by a client on their behalf.")
        .filter(RANGE),
    text("last_non_interactive_sign_in_request_id", "Its id in `non_interactive_sign_ins`."),
    time("last_successful_sign_in_date_time", "Last success of either sort.").filter(RANGE),
    text("last_successful_sign_in_request_id", "Its id in the sign-in log."),
];

const FLAG: Ops = EQ.and(NULL);

// The password itself is write-only, so it is not a column:
// https://learn.microsoft.com/graph/api/resources/passwordprofile
pub(super) const PASSWORD_PROFILE: &[Column] = &[
    flag("force_change_password_next_sign_in", "Must be changed at the next sign-in.")
        .filter(FLAG)
        .advanced(FLAG),
    flag("force_change_password_next_sign_in_with_mfa", "The same, after multifactor sign-in.")
        .filter(FLAG)
        .advanced(FLAG),
];

const MATCH: Ops = EQ.and(PREFIX);

pub(super) const ORGANIZATION: &[Column] = &[
    text("cost_center", "Cost center.").filter(MATCH).advanced(MATCH),
    text("division", "Division.").filter(MATCH).advanced(MATCH),
];

const CUSTOM: Ops = EQ.and(PREFIX).and(NULL);

pub(super) const EXTENSION_ATTRIBUTES: &[Column] = &[
    text("extension_attribute1", "Custom attribute 1.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute2", "Custom attribute 2.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute3", "Custom attribute 3.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute4", "Custom attribute 4.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute5", "Custom attribute 5.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute6", "Custom attribute 6.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute7", "Custom attribute 7.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute8", "Custom attribute 8.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute9", "Custom attribute 9.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute10", "Custom attribute 10.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute11", "Custom attribute 11.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute12", "Custom attribute 12.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute13", "Custom attribute 13.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute14", "Custom attribute 14.").filter(CUSTOM).advanced(CUSTOM),
    text("extension_attribute15", "Custom attribute 15.").filter(CUSTOM).advanced(CUSTOM),
];

pub(super) const ASSIGNED_PLAN: &[Column] = &[
    text("service_plan_id", "Service plan id."),
    text("service", "Service, e.g. `exchange`."),
    text("capability_status", "E.g. `Enabled`, `Warning`, `Suspended`, `Deleted`."),
    time("assigned_date_time", "When it was assigned."),
];

pub(super) const PROVISIONED_PLAN: &[Column] = &[
    text("service", "Service, e.g. `SharePoint`."),
    text("capability_status", "E.g. `Enabled` or `Deleted`."),
    text("provisioning_status", "E.g. `Success`, `PendingActivation`, `Error`."),
];

pub(super) const LICENSE_ASSIGNMENT: &[Column] = &[
    text("sku_id", "Product id."),
    text("assigned_by_group", "Group it is inherited from; null if direct."),
    text("state", "`Active`, `ActiveWithError`, `Disabled` or `Error`."),
    text("error", "Why it failed, e.g. `CountViolation`."),
    texts("disabled_plans", "Service plan ids switched off."),
    time("last_updated_date_time", "When the state last changed."),
];

/// `$expand` brings these; <https://learn.microsoft.com/graph/api/user-list-manager>
pub(super) const MANAGER: &[Column] = &[
    text("id", "Object id of the manager."),
    text("display_name", "Name."),
    text("user_principal_name", "Sign-in name."),
    text("mail", "Mail address."),
    text("job_title", "Job title."),
    flag("account_enabled", "Whether the manager can sign in."),
];

pub(super) const MAILBOX: &[Column] = &[
    choice("user_purpose", PURPOSES, "What the mailbox is for, e.g. `user`, `shared`, `room`."),
    record("automatic_replies_setting", AUTOMATIC_REPLIES, "Out-of-office messages."),
    text("archive_folder", "Id of the archive folder."),
    choice(
        "delegate_meeting_message_delivery_options",
        DELEGATE_DELIVERY,
        "Who receives meeting messages: the delegate, the owner or both.",
    ),
    record("language", LOCALE, "Language of the mailbox."),
    text("date_format", "Date format, e.g. `yyyy-MM-dd`."),
    text("time_format", "Time format, e.g. `HH:mm`."),
    text("time_zone", "Time zone of the mailbox."),
    record("working_hours", WORKING_HOURS, "Days and hours of work."),
];

pub(super) const AUTOMATIC_REPLIES: &[Column] = &[
    choice("status", REPLY_STATES, "`disabled`, `alwaysEnabled` or `scheduled`."),
    choice("external_audience", AUDIENCES, "Outsiders who get a reply: `none`, known ones, `all`."),
    text("internal_reply_message", "Reply inside the organization."),
    text("external_reply_message", "Reply to outsiders."),
    record("scheduled_start_date_time", LOCAL_TIME, "Start of the absence."),
    record("scheduled_end_date_time", LOCAL_TIME, "End of the absence."),
];

const LOCAL_TIME: &[Column] = &[
    text("date_time", "Local date and time, without an offset."),
    text("time_zone", "Time zone it is meant in."),
];

pub(super) const LOCALE: &[Column] =
    &[text("locale", "Language and country, e.g. `de-DE`."), text("display_name", "Its name.")];

pub(super) const WORKING_HOURS: &[Column] = &[
    list("days_of_week", &Kind::Text, "Working days, e.g. `monday`.").members(DAYS),
    text("start_time", "Start, e.g. `08:00:00.0000000`."),
    text("end_time", "End, e.g. `17:00:00.0000000`."),
    // A name alone, or a whole definition of a zone of the user's own.
    json("time_zone", "Time zone of these hours."),
];

pub(super) const DEVICE_KEY: &[Column] = &[
    text("device_id", "Device the key belongs to."),
    text("key_type", "Kind of key."),
    text("key_material", "Public key, Base64."),
];

pub(super) const SIP: &[Column] = &[
    flag("is_sip_enabled", "Enabled for Skype for Business on premises."),
    text("sip_deployment_location", "DNS name of the deployment."),
    text("sip_primary_address", "SIP address."),
];

pub(super) const REAL_TIME: &[Column] = &[flag("is_sip_enabled", "Has a SIP client registered.")];

pub(super) const PURPOSES: &[&str] = &["user", "linked", "shared", "room", "equipment", "others"];
const REPLY_STATES: &[&str] = &["disabled", "alwaysEnabled", "scheduled"];
const AUDIENCES: &[&str] = &["none", "contactsOnly", "all"];
pub(super) const DELEGATE_DELIVERY: &[&str] = &[
    "sendToDelegateAndInformationToPrincipal",
    "sendToDelegateAndPrincipal",
    "sendToDelegateOnly",
];
const DAYS: &[&str] =
    &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
