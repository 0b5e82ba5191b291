//! Addresses and networks, of both versions.
//!
//! An IPv4 address inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. What is not an
//! address is null, as the logs have empty and masked ones.

use core::net::IpAddr;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::functions::argument::{Arguments, Compiled, Lists};
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};

const FAMILY: &str = "Addresses";
const IP: Argument = argument("ip", Kind::Text, "IPv4 or IPv6 address.");

pub(super) fn functions() -> Vec<Function> {
    const CIDR: &[Argument] =
        &[IP, argument("cidr", Kind::Text, "Network such as `10.0.0.0/8`, or one address.")];
    const CIDRS: &[Argument] = &[IP, argument("cidrs", Kind::Texts, "List of such networks.")];
    const BITS: &[Argument] = &[
        IP,
        argument("v4_bits", Kind::Integer, "Leading bits kept of an IPv4 address, 0 to 32."),
        argument("v6_bits", Kind::Integer, "Leading bits kept of an IPv6 address, 0 to 128."),
    ];
    let flag = |_: &[DataType]| Ok(DataType::Boolean);
    let text = |_: &[DataType]| Ok(DataType::Utf8);
    vec![
        Function::new(&IN_CIDR, CIDR, flag, in_cidr),
        Function::new(&IN_ANY, CIDRS, flag, in_any),
        Function::new(&IS_PRIVATE, &[IP], flag, is_private),
        Function::new(&NORMALIZE, &[IP], text, normalize),
        Function::new(&PREFIX, BITS, text, prefix),
    ]
}

const IN_CIDR: About = About {
    name: "ip_in_cidr",
    family: FAMILY,
    text: "Tells whether an address is inside a network. Null if either is null or invalid.",
    example: "SELECT ip_in_cidr('198.51.100.7', '198.51.100.0/24')",
    result: "true",
};
const IN_ANY: About = About {
    name: "ip_in_any",
    family: FAMILY,
    text: "Tells whether an address is inside one of several networks. Null if the address is \
           null or invalid, and, as with `IN`, if it is in none and a network is null or invalid.",
    example: "SELECT ip_in_any('2001:db8::7', ['198.51.100.0/24', '2001:db8::/32'])",
    result: "true",
};
const IS_PRIVATE: About = About {
    name: "ip_is_private",
    family: FAMILY,
    text: "Tells whether an address is not one of the internet: private, shared (100.64.0.0/10), \
           loopback, link-local, unique local or unspecified. Null if it is null or invalid.",
    example: "SELECT ip_is_private('172.20.1.9')",
    result: "true",
};
const NORMALIZE: About = About {
    name: "ip_normalize",
    family: FAMILY,
    text: "Writes an address the one canonical way, so that equal addresses are equal texts. \
           Null if it is null or invalid.",
    example: "SELECT ip_normalize('2001:0DB8:0:0::1')",
    result: "2001:db8::1",
};
const PREFIX: About = About {
    name: "ip_prefix",
    family: FAMILY,
    text: "Returns the network of an address, to group by: who changes addresses seldom changes \
           networks. Null if an argument is null or invalid.",
    example: "SELECT ip_prefix('203.0.113.77', 24, 64)",
    result: "203.0.113.0/24",
};

/// Reads an address.
fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

/// Reads a network; an address alone is a network of one.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let net = match text.contains('/') {
        true => text.parse::<IpNet>().ok()?,
        false => IpNet::from(address(text)?),
    };
    Some(canonical(net))
}

/// A network of IPv4 addresses inside IPv6 is the IPv4 network.
fn canonical(net: IpNet) -> IpNet {
    let IpNet::V6(v6) = net else { return net.trunc() };
    let inner = v6.addr().to_ipv4_mapped().zip(v6.prefix_len().checked_sub(96));
    let v4 = inner.and_then(|(ip, bits)| Ipv4Net::new(ip, bits).ok());
    v4.map_or(net, IpNet::V4).trunc()
}

fn in_cidr(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (ips, cidrs) = (arguments.texts(0)?, arguments.texts(1)?);
    let mut networks = Compiled::new();
    let one = |row| {
        let net = (*networks.get(cidrs.at(row)?, network))?;
        Some(net.contains(&address(ips.at(row)?)?))
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<BooleanArray>()))
}

/// Several networks: disjoint and in order, so that a search halves them.
struct Networks {
    v4: Vec<Ipv4Net>,
    v6: Vec<Ipv6Net>,
    /// One of them was null or invalid.
    doubt: bool,
}

impl Networks {
    fn of(lists: &Lists, row: usize) -> Option<Self> {
        let range = lists.range(row)?;
        let items = lists.items().as_string_opt::<i32>();
        let read = |at| items.filter(|i| i.is_valid(at)).and_then(|i| network(i.value(at)));
        let read: Vec<Option<IpNet>> = range.map(read).collect();
        let doubt = read.contains(&None);
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for net in read.into_iter().flatten() {
            match net {
                IpNet::V4(net) => v4.push(net),
                IpNet::V6(net) => v6.push(net),
            }
        }
        let (mut v4, mut v6) = (Ipv4Net::aggregate(&v4), Ipv6Net::aggregate(&v6));
        v4.sort_unstable();
        v6.sort_unstable();
        Some(Self { v4, v6, doubt })
    }

    /// Three-valued, as `IN` is.
    fn contain(&self, ip: IpAddr) -> Option<bool> {
        let inside = match ip {
            IpAddr::V4(ip) => {
                let after = self.v4.partition_point(|net| net.network() <= ip);
                after > 0 && self.v4[after - 1].contains(&ip)
            }
            IpAddr::V6(ip) => {
                let after = self.v6.partition_point(|net| net.network() <= ip);
                after > 0 && self.v6[after - 1].contains(&ip)
            }
        };
        (inside || !self.doubt).then_some(inside)
    }
}

fn in_any(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let ips = arguments.texts(0)?;
    let Some(lists) = arguments.lists(1)? else {
        return Ok(Arc::new(BooleanArray::new_null(arguments.rows())));
    };
    let constant = lists.same().then(|| Networks::of(&lists, 0));
    let one = |row| {
        let ip = address(ips.at(row)?)?;
        match &constant {
            Some(networks) => networks.as_ref()?.contain(ip),
            None => Networks::of(&lists, row)?.contain(ip),
        }
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<BooleanArray>()))
}

fn is_private(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let ips = arguments.texts(0)?;
    let one = |row| Some(not_global(address(ips.at(row)?)?));
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<BooleanArray>()))
}

/// The ranges of <https://www.iana.org/assignments/iana-ipv4-special-registry> and its
/// IPv6 twin that a tenant can meet as the address of a client.
fn not_global(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let shared = matches!(ip.octets(), [100, 64..=127, ..]);
            let this = ip.octets()[0] == 0;
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared || this
        }
        IpAddr::V6(ip) => {
            let local = ip.is_unique_local() || ip.is_unicast_link_local();
            local || ip.is_loopback() || ip.is_unspecified()
        }
    }
}

fn normalize(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let ips = arguments.texts(0)?;
    let one = |row| Some(address(ips.at(row)?)?.to_string());
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}

fn prefix(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let ips = arguments.texts(0)?;
    let (v4, v6) = (arguments.integers(1)?, arguments.integers(2)?);
    let bits = |column: &Int64Array, row| {
        column.is_valid(row).then(|| u8::try_from(column.value(row)).ok()).flatten()
    };
    let one = |row| {
        let (v4, v6) = (bits(&v4, row)?, bits(&v6, row)?);
        let ip = address(ips.at(row)?)?;
        let bits = if ip.is_ipv4() { v4 } else { v6 };
        // Both must be right, whichever is used: a wrong one would show on some rows only.
        let net = IpNet::new(ip, bits).ok().filter(|_| v4 <= 32 && v6 <= 128)?;
        Some(net.trunc().to_string())
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}
