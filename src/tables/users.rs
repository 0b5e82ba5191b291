//! `users`: everyone and everything that signs in as a user, guests included.
//!
//! Graph sends eleven of these properties unasked; the rest must be selected, and those
//! kept by SharePoint, Exchange or Intune come for one user at a time or not at all.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, NULL, Ops, PREFIX, RANGE, TableSpec, flag, integer, json,
    list, record, text, texts, time,
};
use crate::tables::directory_shapes::{
    ASSIGNED_LICENSE, PROVISIONING_ERROR, SERVICE_PROVISIONING_ERROR,
};
use crate::tables::user_shapes::{
    ASSIGNED_PLAN, AUTHORIZATION, DEVICE_KEY, EXTENSION_ATTRIBUTES, IDENTITY, LICENSE_ASSIGNMENT,
    MAILBOX, MANAGER, ORGANIZATION, PASSWORD_PROFILE, PROVISIONED_PLAN, REAL_TIME,
    SIGN_IN_ACTIVITY, SIP,
};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("users", "/users")
    .about("User accounts of the tenant, members and guests.")
    .page("https://learn.microsoft.com/graph/api/resources/user")
    // `User.ReadBasic.All` lists users too, but leaves most columns empty.
    .permissions(&["User.Read.All", "Directory.Read.All"])
    .directory(2)
    .page_size(100, 999)
    .counted()
    .by_ids("user")
    .get_by_key()
    .rows_guess(10_000)
    .columns(COLUMNS)
    .examples(&[
        (
            "Guests who were invited over a month ago and never accepted",
            "SELECT display_name, mail, created_date_time
               FROM users
              WHERE user_type = 'Guest'
                AND external_user_state = 'PendingAcceptance'
                AND created_date_time < now() - interval '30 days'
              ORDER BY created_date_time",
        ),
        (
            "Enabled accounts nobody has signed in to for 90 days",
            "SELECT user_principal_name, sign_in_activity['last_sign_in_date_time'] AS last_seen
               FROM users
              WHERE account_enabled
                AND sign_in_activity['last_sign_in_date_time'] < now() - interval '90 days'
              ORDER BY last_seen",
        ),
        (
            "Cloud accounts whose password is older than a year",
            "SELECT user_principal_name, last_password_change_date_time
               FROM users
              WHERE account_enabled
                AND on_premises_sync_enabled IS NOT TRUE
                AND last_password_change_date_time < now() - interval '365 days'
              ORDER BY last_password_change_date_time",
        ),
    ]);

const MATCH: Ops = EQ.and(PREFIX);
const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);
const EQ_NULL: Ops = EQ.and(NULL);
const ANY: Ops = ANY_EQ.and(ANY_PREFIX);

// Which operators need the advanced-query header differs from one property to the next:
// https://learn.microsoft.com/graph/aad-advanced-queries
pub(super) const COLUMNS: &[Column] = &[
    // Sent without being asked.
    text("id", "Object id, the same for the life of the account.").filter(EQ).required(),
    text("user_principal_name", "Sign-in name, e.g. `ada@contoso.com`.").filter(MATCH).sortable(),
    text("display_name", "Name shown in address books.")
        .filter(MATCH_NULL)
        .advanced(NULL)
        .sortable(),
    text("given_name", "First name.").filter(MATCH_NULL).advanced(NULL),
    text("surname", "Family name.").filter(MATCH_NULL).advanced(NULL),
    text("mail", "Primary SMTP address.").filter(MATCH_NULL).advanced(NULL),
    text("job_title", "Job title.").filter(MATCH_NULL).advanced(NULL),
    text("office_location", "Office, e.g. `18/2111`.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("mobile_phone", "Main mobile number.").filter(MATCH_NULL).advanced(MATCH_NULL),
    texts("business_phones", "Work numbers; Entra keeps one at most.").filter(ANY).advanced(ANY),
    text("preferred_language", "Language and country, e.g. `en-US`.")
        .filter(EQ_NULL)
        .advanced(EQ_NULL),
    // The account.
    flag("account_enabled", "Whether sign-in is allowed.").filter(EQ).on_select(),
    text("user_type", "`Member` or `Guest`.").filter(EQ_NULL).advanced(NULL).on_select(),
    time("created_date_time", "When the account was made.")
        .filter(RANGE.and(NULL))
        .advanced(NULL)
        .sortable_advanced()
        .on_select(),
    time("deleted_date_time", "When it was deleted; null while it exists.")
        .sortable_advanced()
        .on_select(),
    text("creation_type", "How it came to be, e.g. `Invitation`; null for ordinary accounts.")
        .filter(EQ)
        .on_select(),
    text("external_user_state", "`PendingAcceptance` or `Accepted`, for invited guests.")
        .filter(EQ)
        .on_select(),
    time("external_user_state_change_date_time", "When the invitation state last changed.")
        .on_select(),
    list("identities", &Kind::Record(IDENTITY), "Names and issuers this account signs in with.")
        .on_select(),
    record("authorization_info", AUTHORIZATION, "Certificate bindings of the account.").on_select(),
    flag("is_resource_account", "Set on accounts of rooms and similar resources.")
        .filter(EQ)
        .on_select(),
    flag("is_management_restricted", "Inside a restricted management administrative unit.")
        .on_select(),
    text("identity_parent_id", "Object id of the agent identity behind an agent user.").on_select(),
    text("security_identifier", "SID used on Windows, e.g. `S-1-12-1-…`.").on_select(),
    json("custom_security_attributes", "Attribute sets defined by the tenant.")
        .permission("CustomSecAttributeAssignment.Read.All")
        .on_select(),
    // Activity and password.
    //
    // Graph takes this filter only alone and without advanced parameters, and shrinks the
    // page: https://learn.microsoft.com/graph/api/resources/signinactivity
    record("sign_in_activity", SIGN_IN_ACTIVITY, "When the account last signed in.")
        .default_only()
        .exclusive()
        .page_cap(500)
        .permission("AuditLog.Read.All")
        .license("Entra ID P1 or P2")
        .on_select(),
    time("sign_in_sessions_valid_from_date_time", "Tokens issued before this are refused.")
        .on_select(),
    time("last_password_change_date_time", "When the password was last set.").on_select(),
    text("password_policies", "E.g. `DisablePasswordExpiration`, comma-separated.")
        .filter(NULL)
        .advanced(NULL)
        .on_select(),
    record("password_profile", PASSWORD_PROFILE, "Whether the password must be changed.")
        .on_select(),
    // The person.
    text("department", "Department.").filter(MATCH_NULL).advanced(NULL).on_select(),
    text("company_name", "Company, often used for guests.")
        .filter(MATCH_NULL)
        .advanced(MATCH_NULL)
        .on_select(),
    text("employee_id", "Number given by the employer.").filter(EQ_NULL).advanced(NULL).on_select(),
    text("employee_type", "E.g. `Employee`, `Contractor`, `Vendor`.")
        .filter(EQ)
        .advanced(EQ)
        .on_select(),
    time("employee_hire_date", "First day of work, past or planned.")
        .filter(RANGE)
        .advanced(RANGE)
        .on_select(),
    time("employee_leave_date_time", "Last day of work.")
        .permission("User-LifeCycleInfo.Read.All")
        .on_select(),
    record("employee_org_data", ORGANIZATION, "Division and cost center.").on_select(),
    text("street_address", "Street and number.")
        .filter(MATCH_NULL)
        .advanced(MATCH_NULL)
        .on_select(),
    text("postal_code", "Postal code.").filter(MATCH_NULL).advanced(MATCH_NULL).on_select(),
    text("city", "City.").filter(MATCH_NULL).advanced(NULL).on_select(),
    text("state", "State or province.").filter(EQ_NULL).advanced(NULL).on_select(),
    text("country", "Country or region, free text.").filter(MATCH_NULL).advanced(NULL).on_select(),
    text("usage_location", "Two-letter country that licenses count for, e.g. `DE`.")
        .filter(MATCH_NULL)
        .advanced(NULL)
        .on_select(),
    text("preferred_data_location", "Geography the data should be kept in.").on_select(),
    text("fax_number", "Fax number.").filter(MATCH_NULL).advanced(MATCH_NULL).on_select(),
    text("age_group", "`Minor`, `NotAdult` or `Adult`.").filter(EQ).on_select(),
    text("consent_provided_for_minor", "`Granted`, `Denied` or `NotRequired`.")
        .filter(EQ)
        .on_select(),
    text("legal_age_group_classification", "Worked out from age group and consent.").on_select(),
    // Mail.
    text("mail_nickname", "Part before the `@`.").filter(MATCH_NULL).advanced(NULL).on_select(),
    texts("other_mails", "Further addresses, e.g. for password reset.").filter(ANY).on_select(),
    texts("proxy_addresses", "All mail addresses, e.g. `SMTP:ada@contoso.com`.")
        .filter(ANY)
        .on_select(),
    texts("im_addresses", "Voice over IP and chat addresses.").filter(ANY).on_select(),
    flag("show_in_address_list", "Listed in the Outlook address list.").on_select(),
    // Licenses and plans.
    list("assigned_licenses", &Kind::Record(ASSIGNED_LICENSE), "Licenses, direct and by group.")
        .on_select(),
    list("assigned_plans", &Kind::Record(ASSIGNED_PLAN), "Service plans the licenses bring.")
        .on_select(),
    list("provisioned_plans", &Kind::Record(PROVISIONED_PLAN), "Plans set up for the user.")
        .on_select(),
    list(
        "license_assignment_states",
        &Kind::Record(LICENSE_ASSIGNMENT),
        "Where each license comes from, and whether it took.",
    )
    .on_select(),
    // Synchronized from on premises.
    flag("on_premises_sync_enabled", "True if synchronized, null if never.")
        .filter(EQ_NULL)
        .advanced(NULL)
        .on_select(),
    time("on_premises_last_sync_date_time", "When it was last synchronized.")
        .filter(RANGE)
        .on_select(),
    text("on_premises_user_principal_name", "Sign-in name in Active Directory.").on_select(),
    text("on_premises_sam_account_name", "Short logon name in Active Directory.")
        .filter(MATCH)
        .advanced(MATCH)
        .on_select(),
    text("on_premises_domain_name", "DNS domain in Active Directory.").on_select(),
    text("on_premises_distinguished_name", "Distinguished name, e.g. `CN=Ada,OU=Staff,DC=…`.")
        .filter(MATCH_NULL)
        .advanced(MATCH_NULL)
        .on_select(),
    text("on_premises_security_identifier", "SID in Active Directory.")
        .filter(EQ_NULL)
        .advanced(NULL)
        .on_select(),
    text("on_premises_immutable_id", "Anchor that ties both accounts together.")
        .filter(EQ)
        .on_select(),
    record(
        "on_premises_extension_attributes",
        EXTENSION_ATTRIBUTES,
        "Exchange custom attributes 1 to 15.",
    )
    .on_select(),
    list(
        "on_premises_provisioning_errors",
        &Kind::Record(PROVISIONING_ERROR),
        "What went wrong in synchronization.",
    )
    .on_select(),
    list(
        "service_provisioning_errors",
        &Kind::Record(SERVICE_PROVISIONING_ERROR),
        "What went wrong in a service.",
    )
    .on_select(),
    // Kept by other services: https://learn.microsoft.com/graph/api/user-get
    integer("device_enrollment_limit", "Devices the user may enroll, from Intune.")
        .on_select()
        .hidden(),
    record("manager", MANAGER, "Manager; null for nobody. The view `user_managers` has them all.")
        .expanded(),
    record("mailbox_settings", MAILBOX, "Automatic replies, time zone and working hours.")
        .permission("MailboxSettings.Read")
        .one_at_a_time(),
    text("about_me", "Text the user wrote about themselves.").one_at_a_time(),
    time("birthday", "Birthday.").one_at_a_time(),
    time("hire_date", "Hire date in SharePoint; see `employee_hire_date`.").one_at_a_time(),
    texts("interests", "Interests.").one_at_a_time(),
    text("my_site", "Address of the personal site.").one_at_a_time(),
    texts("past_projects", "Past projects.").one_at_a_time(),
    text("preferred_name", "Name the user prefers.").one_at_a_time(),
    texts("responsibilities", "Responsibilities.").one_at_a_time(),
    texts("schools", "Schools attended.").one_at_a_time(),
    texts("skills", "Skills.").one_at_a_time(),
    // Beta.
    time("refresh_tokens_valid_from_date_time", "Refresh tokens issued before this are refused.")
        .on_select()
        .beta(),
    flag("is_license_reconciliation_needed", "A license change is waiting for its turn.")
        .on_select()
        .beta(),
    list("device_keys", &Kind::Record(DEVICE_KEY), "Keys of devices bound to the user.")
        .on_select()
        .beta(),
    texts("info_catalogs", "Information segments the user belongs to.").on_select().beta(),
    record("on_premises_sip_info", SIP, "Skype for Business on premises.").on_select().beta(),
    record("cloud_realtime_communication_info", REAL_TIME, "Real-time communication settings.")
        .on_select()
        .beta(),
    json("cloud_licensing", "Entry to cloud licensing; usually empty.").on_select().beta(),
    json("identity_governance", "Entry to lifecycle workflows; usually empty.").on_select().beta(),
    json("print", "Entry to Universal Print; usually empty.").on_select().beta(),
];
