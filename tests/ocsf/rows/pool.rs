//! Values for properties whose text means something, as JSON: the usual, the odd, the hostile.

/// For any text.
pub const TEXTS: &[&str] = &[
    r#""North""#,
    r#""Lena Fischer""#,
    r#""Zoë Ünal""#,
    r#""日本語 👩🏽‍💻""#,
    r#""""#,
    r#"" ""#,
    r#""O'Brien \"quoted\" \\ \n\t""#,
    r#""\u0000\u001b[31m\u202e""#,
    r#""00000000-0000-0000-0000-000000000000""#,
    r#""8c1f3a52-6a4d-4f0e-9d55-1c2b3a4d5e6f""#,
    r#""null""#,
    r#""{}""#,
    r#""unknownFutureValue""#,
];

pub const DOUBLES: &[&str] = &["47", "-122.12094116210938", "0", "0.5", "-0.0", "1e2"];

pub const TIMES: &[&str] = &[
    r#""2026-11-14T10:00:00.1234567Z""#,
    r#""2026-11-01T00:00:00Z""#,
    r#""2025-02-28T23:59:59.999Z""#,
    r#""2026-03-29T02:30:00+02:00""#,
];

const NAMES: &[&str] = &[
    r#""lena.fischer@haldenvoss.example""#,
    r#""jan_nordkai.example#EXT#@haldenvoss.example""#,
    r#""zoë.ünal@haldenvoss.example""#,
    r#""o'brien@haldenvoss.example""#,
    r#""two words@haldenvoss.example""#,
    r#""日本@haldenvoss.example""#,
    r#""nobody""#,
    r#""@""#,
    r#""a@b@c.example""#,
    r#""live.com#lena@outlook.example""#,
    r#""""#,
    r#""8c1f3a526a4d4f0e9d551c2b3a4d5e6f""#,
];

const ADDRESSES: &[&str] = &[
    r#""203.0.113.7""#,
    r#""2001:db8::7""#,
    r#""198.51.100.9""#,
    r#""::ffff:192.0.2.1""#,
    r#""203.0.113.7:443""#,
    r#""203.0.113.0""#,
    r#""10.0.0.1, 10.0.0.2""#,
    r#""unknown""#,
    r#""""#,
];

const COUNTRIES: &[&str] = &[r#""DE""#, r#""us""#, r#""Kazakhstan""#, r#""""#, r#"" ""#];

const CODES: &[&str] = &["0", "0", "50126", "50074", "50058", "65001", "53003", "50053", "7"];

const SYSTEMS: &[&str] = &[
    r#""Windows""#,
    r#""Windows 11""#,
    r#""WindowsPhone""#,
    r#""MacMDM""#,
    r#""MacOs""#,
    r#""IPhone""#,
    r#""iOS 18""#,
    r#""iPadOS""#,
    r#""Ipad""#,
    r#""Android 14""#,
    r#""AndroidForWork""#,
    r#""Linux""#,
    r#""Printer""#,
    r#""""#,
    r#"" ""#,
];

const METHODS: &[&str] = &[
    r#""Password""#,
    r#""SMS""#,
    r#""Text message""#,
    r#""Phone call approval (Authentication phone)""#,
    r#""Voice""#,
    r#""Mobile app notification""#,
    r#""Authenticator App""#,
    r#""Software OATH token""#,
    r#""OATH hardware token""#,
    r#""FIDO2 security key""#,
    r#""Passkey (device-bound)""#,
    r#""Email""#,
    r#""Windows Hello for Business""#,
    r#""X.509 Certificate""#,
    r#""Previously satisfied""#,
    r#""Satisfied by token""#,
    r#""Something new""#,
    r#""""#,
];

const CLIENTS: &[&str] = &[
    r#""Browser""#,
    r#""Mobile Apps and Desktop clients""#,
    r#""IMAP4""#,
    r#""POP3""#,
    r#""Authenticated SMTP""#,
    r#""Exchange ActiveSync""#,
    r#""Other clients""#,
    r#""""#,
];

const EVENT_TYPES: &[&str] = &[
    r#""passwordSpray""#,
    r#""leakedCredentials""#,
    r#""anomalousToken""#,
    r#""anonymizedIPAddress""#,
    r#""unfamiliarFeatures""#,
    r#""suspiciousInboxForwarding""#,
    r#""newCountry""#,
    r#""generic""#,
    r#""somethingNew""#,
    r#""""#,
];

const MULTIPLE: &[&str] = &[
    r#""multiFactorAuthentication""#,
    r#""singleFactorAuthentication""#,
    r#""Primary authentication""#,
    r#""Multifactor authentication""#,
    r#""""#,
];

const DETAILS: &[&str] = &[
    r#""[{\"Key\":\"userAgent\",\"Value\":\"Mozilla/5.0\"}]""#,
    r#""[{\"Key\":\"mitreTechniques\",\"Value\":\"T1110.003\"}]""#,
    r#""not JSON""#,
    r#""null""#,
    r#""[]""#,
    r#""""#,
];

/// What a property holds, where any text would not do.
pub fn of(property: &str) -> Option<&'static [&'static str]> {
    Some(match property {
        "userPrincipalName" | "mail" | "signInIdentifier" | "onPremisesUserPrincipalName" => NAMES,
        "ipAddress" | "ipAddressFromResourceProvider" | "globalSecureAccessIpAddress" => ADDRESSES,
        "countryOrRegion" | "country" | "usageLocation" => COUNTRIES,
        "errorCode" => CODES,
        "operatingSystem" => SYSTEMS,
        "authenticationMethod" | "authMethod" => METHODS,
        "clientAppUsed" => CLIENTS,
        "riskEventType" => EVENT_TYPES,
        "authenticationRequirement" | "authenticationStepRequirement" => MULTIPLE,
        "additionalInfo" => DETAILS,
        "autonomousSystemNumber" => &["64500", "0", "2147483647"],
        "createdDateTime" | "activityDateTime" => TIMES,
        _ => return None,
    })
}
