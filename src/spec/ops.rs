//! The `$filter` operators Graph accepts on a property, as a set.

/// A set of `$filter` operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ops(u8);

/// No operator: the property is evaluated here only.
pub const NONE: Ops = Ops(0);
/// `eq`, and with it `in` or an `or` of `eq`.
pub const EQ: Ops = Ops(1);
/// `startsWith`.
pub const PREFIX: Ops = Ops(2);
/// `ge` and `le`. `gt` and `lt` are not sent where these are: Graph is loose on them.
pub const RANGE: Ops = Ops(4);
/// `eq null` and `ne null`.
pub const NULL: Ops = Ops(8);
/// `any(x: x eq …)` on a collection.
pub const ANY_EQ: Ops = Ops(16);
/// `any(x: startsWith(x,…))` on a collection.
pub const ANY_PREFIX: Ops = Ops(32);

/// `gt` and `lt`, where `ge` and `le` are not accepted: a bound goes out a second wider.
pub const STRICT: Ops = Ops(64);

impl Ops {
    /// Returns both sets together.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Tells whether every operator of `other` is in the set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0 && other.0 != 0
    }

    /// Tells whether any operator of `other` is in the set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Tells whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the OData names of the operators, in a fixed order.
    pub fn names(self) -> Vec<&'static str> {
        const NAMES: [(Ops, &[&str]); 7] = [
            (EQ, &["eq", "in"]),
            (PREFIX, &["startsWith"]),
            (RANGE, &["ge", "le"]),
            (STRICT, &["gt", "lt"]),
            (NULL, &["eq null", "ne null"]),
            (ANY_EQ, &["any eq"]),
            (ANY_PREFIX, &["any startsWith"]),
        ];
        NAMES.iter().filter(|(op, _)| self.has(*op)).flat_map(|(_, n)| n.iter().copied()).collect()
    }
}
