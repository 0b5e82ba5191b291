//! What an access review is made of: reviewers, settings, recurrence and stages.

use crate::spec::{Column, Kind, choice, flag, integer, json, list, record, text, texts};

pub(super) const CREATOR: &[Column] = &[
    text("id", "User id."),
    text("display_name", "Name."),
    text("user_principal_name", "Sign-in name."),
    text("ip_address", "Address."),
];

pub(super) const REVIEWER: &[Column] = &[
    text("query", "Graph query, e.g. `./manager`, `/users/{id}`."),
    text("query_type", "`MicrosoftGraph`."),
    text("query_root", "What a relative query starts from, e.g. `decisions`."),
];

pub(super) const NOTIFIED: &[Column] = &[
    text("notification_template_type", "What they are told of."),
    json("notification_recipient_scope", "Who they are, as a query."),
];

pub(super) const SETTINGS: &[Column] = &[
    integer("instance_duration_in_days", "Days a round takes."),
    record("recurrence", RECURRENCE, "When there is another round; null for one only."),
    flag("default_decision_enabled", "The default stands where nobody answered."),
    text("default_decision", "`Approve`, `Deny`, `Recommendation` or `None`."),
    flag("auto_apply_decisions_enabled", "Answers take effect without an administrator."),
    json("apply_actions", "What is done to those who are denied."),
    flag("justification_required_on_approval", "Reviewers must say why."),
    flag("decision_histories_for_reviewers_enabled", "Reviewers see earlier answers."),
    flag("recommendations_enabled", "Reviewers see a recommendation."),
    text("recommendation_look_back_duration", "Days of sign-ins it looks at, e.g. `P30D`."),
    json("recommendation_insight_settings", "What it is based on."),
    flag("mail_notifications_enabled", "Reviewers are told by mail."),
    flag("reminder_notifications_enabled", "Reviewers are reminded by mail."),
];

const RECURRENCE: &[Column] =
    &[record("pattern", PATTERN, "How often."), record("range", RANGE, "From when until when.")];

const PATTERN: &[Column] = &[
    choice("type", PATTERNS, "E.g. `weekly`, `absoluteMonthly`."),
    integer("interval", "Every so many of them."),
    integer("day_of_month", "Day of the month."),
    integer("month", "Month."),
    texts("days_of_week", "Days of the week.").members(DAYS),
    choice("first_day_of_week", DAYS, "Day a week starts on."),
    choice("index", &["first", "second", "third", "fourth", "last"], "Which one of a month."),
];

const RANGE: &[Column] = &[
    choice("type", &["endDate", "noEnd", "numbered"], "How it ends."),
    text("start_date", "First day, e.g. `2026-01-31`."),
    text("end_date", "Last day."),
    integer("number_of_occurrences", "Rounds."),
    text("recurrence_time_zone", "Time zone of the days."),
];

pub(super) const STAGE: &[Column] = &[
    text("stage_id", "Stage."),
    texts("depends_on", "Stages before it."),
    integer("duration_in_days", "Days it takes."),
    list("reviewers", &Kind::Record(REVIEWER), "Who reviews."),
    list("fallback_reviewers", &Kind::Record(REVIEWER), "Who reviews if there is nobody else."),
    texts("decisions_that_will_move_to_next_stage", "Answers that go on, e.g. `Approve`."),
    flag("recommendations_enabled", "Reviewers see a recommendation."),
    json("recommendation_insight_settings", "What it is based on."),
];

const PATTERNS: &[&str] =
    &["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"];

const DAYS: &[&str] =
    &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
