//! What Entra calls systems, protocols and factors, as ids of OCSF.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Int32Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::functions::FAMILY;

const SYSTEM: &[Argument] =
    &[argument("operating_system", Kind::Text, "Name of an operating system.")];
const METHOD: &[Argument] =
    &[argument("authentication_method", Kind::Text, "Name of a method, as sign-ins have it.")];
const PROTOCOL: &[Argument] = &[
    argument("authentication_protocol", Kind::Text, "Column of the sign-in logs."),
    argument("client_app_used", Kind::Text, "Column of the sign-in logs."),
];

const OS: About = About {
    name: "entra_os_type_id",
    family: FAMILY,
    text: "Returns the OCSF `os.type_id` of a system as Entra names it; 99 where it has none, null \
           for null and empty text.",
    example: "SELECT entra_os_type_id('Windows 11')",
    result: "100",
};
const DEVICE: About = About {
    name: "entra_device_type_id",
    family: FAMILY,
    text: "Returns the OCSF `device.type_id` that a system tells: 5 is a mobile, 4 a tablet, 0 is \
           unknown.",
    example: "SELECT entra_device_type_id('iOS 18')",
    result: "5",
};
const FACTOR: About = About {
    name: "entra_auth_factor_id",
    family: FAMILY,
    text: "Returns the OCSF `factor_type_id` of a method; 99 where it has none, null for null and \
           empty text.",
    example: "SELECT entra_auth_factor_id('Password')",
    result: "11",
};
const TOTP: About = About {
    name: "entra_is_totp",
    family: FAMILY,
    text: "Returns true for a one-time code of a token, else null.",
    example: "SELECT entra_is_totp('Software OATH token')",
    result: "true",
};
const AUTH_PROTOCOL: About = About {
    name: "entra_auth_protocol_id",
    family: FAMILY,
    text: "Returns the OCSF `auth_protocol_id` of a sign-in: a client that knows passwords only \
           is 11, 99 is a protocol OCSF has no id for, 0 is unknown.",
    example: "SELECT entra_auth_protocol_id('saml20', 'Browser')",
    result: "5",
};
const CLEARTEXT: About = About {
    name: "entra_is_cleartext",
    family: FAMILY,
    text: "Tells whether the client handed the password over: ropc, or a client that knows \
           passwords only. This is a judgement of ours.",
    example: "SELECT entra_is_cleartext('none', 'IMAP4')",
    result: "true",
};

pub(super) fn functions() -> Vec<Function> {
    let id = |_: &[DataType]| Ok(DataType::Int32);
    let flag = |_: &[DataType]| Ok(DataType::Boolean);
    vec![
        Function::new(&OS, SYSTEM, id, |a| ids(a, system)),
        Function::new(&DEVICE, SYSTEM, id, |a| ids(a, device)),
        Function::new(&FACTOR, METHOD, id, |a| ids(a, factor)),
        Function::new(&TOTP, METHOD, flag, totp),
        Function::new(&AUTH_PROTOCOL, PROTOCOL, id, protocols),
        Function::new(&CLEARTEXT, PROTOCOL, flag, cleartext),
    ]
}

fn ids(arguments: &Arguments<'_>, id: fn(&str) -> Option<i32>) -> Result<ArrayRef> {
    let texts = arguments.texts(0)?;
    // A blank name is a name OCSF has no id for: the text beside the id is there, too.
    let named = |text: &'_ str| if text.trim().is_empty() { id(text) } else { id(text.trim()) };
    let one = |row| named(texts.at(row).unwrap_or_default());
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<Int32Array>()))
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))
}

fn contains(text: &str, part: &str) -> bool {
    (0..text.len()).any(|at| text.get(at..).is_some_and(|rest| begins(rest, part)))
}

/// The first that fits: names go on with versions.
const SYSTEMS: [(&str, i32); 11] = [
    ("WindowsPhone", 101),
    ("Windows Phone", 101),
    ("Windows", 100),
    ("Linux", 200),
    ("Android", 201),
    ("Mac", 300),
    ("iPhone", 301),
    ("iPadOS", 302),
    ("iPad", 302),
    ("iOS", 301),
    ("OS X", 300),
];

fn system(name: &str) -> Option<i32> {
    let known = SYSTEMS.iter().find(|(begin, _)| begins(name, begin));
    (!name.is_empty()).then(|| known.map_or(99, |(_, id)| *id))
}

fn device(name: &str) -> Option<i32> {
    Some(match system(name) {
        Some(101 | 201 | 301) => 5,
        Some(302) => 4,
        _ => 0,
    })
}

/// Any of the words in the name of a method; the first that fits. Only some of the names are
/// documented, so words tell more than whole names.
const FACTORS: [(&str, i32); 17] = [
    ("previously satisfied", 99),
    ("satisfied by", 99),
    ("windows hello", 99),
    ("certificate", 99),
    ("temporary access pass", 99),
    ("password", 11),
    ("hardware oath", 6),
    ("oath", 7),
    ("verification code", 7),
    ("fido", 10),
    ("passkey", 10),
    ("authenticator", 5),
    ("notification", 5),
    ("sms", 1),
    ("text message", 1),
    ("email", 8),
    ("security question", 2),
];

fn factor(method: &str) -> Option<i32> {
    let calls = ["voice", "phone call", "call"].iter().any(|word| contains(method, word));
    let known = FACTORS.iter().find(|(word, _)| contains(method, word));
    let id = known.map(|(_, id)| *id).or(calls.then_some(3));
    (!method.is_empty()).then(|| id.unwrap_or(99))
}

fn totp(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let texts = arguments.texts(0)?;
    let one = |row| {
        let method = texts.at(row)?;
        let token = contains(method, "software oath") || contains(method, "verification code");
        token.then_some(true)
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<BooleanArray>()))
}

/// Clients that know nothing but passwords.
fn is_legacy(client: &str) -> bool {
    let names = ["IMAP", "POP", "SMTP", "Authenticated SMTP", "MAPI", "Exchange ActiveSync"];
    names.iter().any(|name| begins(client, name)) || begins(client, "Other clients")
}

fn protocol(protocol: &str, client: &str) -> i32 {
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(protocol));
    if is(&["oAuth2", "ropc", "deviceCode"]) {
        6
    } else if is(&["saml20"]) {
        5
    } else if is_legacy(client) {
        11
    } else if is(&["", "none", "unknownFutureValue"]) {
        0
    } else {
        99
    }
}

fn protocols(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (names, clients) = (arguments.texts(0)?, arguments.texts(1)?);
    let one = |row| {
        let (name, client) =
            (names.at(row).unwrap_or_default(), clients.at(row).unwrap_or_default());
        Some(protocol(name.trim(), client.trim()))
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<Int32Array>()))
}

fn cleartext(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (names, clients) = (arguments.texts(0)?, arguments.texts(1)?);
    let one = |row| {
        let password = names.at(row).is_some_and(|name| name.eq_ignore_ascii_case("ropc"));
        Some(password || clients.at(row).is_some_and(|client| is_legacy(client.trim())))
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<BooleanArray>()))
}
