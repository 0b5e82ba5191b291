//! What kind of failure a sign-in's error code stands for, as detections group them.
//!
//! Codes from <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Kind, argument};
use crate::functions::function::{About, Function};

const ABOUT: About = About {
    name: "entra_error_class",
    family: "Sign-ins",
    text: "Returns the kind of failure an error code stands for, several codes in one, such as \
           `INVALID_CREDENTIALS`; `signin_error` has the name of each code. `ACCOUNT_LOCKED_OUT` \
           is a malicious address, too: they share a code. Null for success, null and codes \
           without a kind.",
    example: "SELECT entra_error_class(50126)",
    result: "INVALID_CREDENTIALS",
};

pub(super) fn functions() -> Vec<Function> {
    let code =
        const { &[argument("error_code", Kind::Integer, "Value of `status['error_code']`.")] };
    vec![Function::new(&ABOUT, code, |_| Ok(DataType::Utf8), run)]
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let codes = arguments.integers(0)?;
    Ok(Arc::new(codes.iter().map(|code| class(code?)).collect::<StringArray>()))
}

fn class(code: i64) -> Option<&'static str> {
    Some(match code {
        50056 | 50064 | 50126 => "INVALID_CREDENTIALS",
        50034 => "USER_DOES_NOT_EXIST",
        50053 => "ACCOUNT_LOCKED_OUT",
        50055 | 50144 => "PASSWORD_EXPIRED",
        50057 => "ACCOUNT_DISABLED",
        53003 => "CA_BLOCKED",
        50131 => "CA_FAILED",
        500_121 => "MFA_FAILED",
        50105 => "NOT_ASSIGNED",
        50132 | 50133 | 50173 => "SESSION_REVOKED",
        _ => return None,
    })
}
