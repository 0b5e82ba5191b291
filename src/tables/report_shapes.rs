//! The records inside reports on apps.

use crate::spec::{Column, text, time};

/// Last uses. Nothing in it can be filtered, unlike in `users`.
pub(super) const SIGN_IN_ACTIVITY: &[Column] = &[
    time("last_sign_in_date_time", "Last attempt; year 1 is never."),
    text("last_sign_in_request_id", "Its id in the sign-in log."),
    time("last_non_interactive_sign_in_date_time", "Last attempt without a user taking part."),
    text("last_non_interactive_sign_in_request_id", "Its id in the sign-in log."),
    time("last_successful_sign_in_date_time", "Last success."),
    text("last_successful_sign_in_request_id", "Its id in the sign-in log."),
];
