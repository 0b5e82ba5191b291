//! The way between two places on the globe.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, Float64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};

/// Mean radius of the earth in kilometers.
const RADIUS: f64 = 6_371.008_8;

const PLACES: &[Argument] = &[
    argument("lat1", Kind::Double, "Latitude of the first place, in degrees."),
    argument("lon1", Kind::Double, "Longitude of the first place."),
    argument("lat2", Kind::Double, "Latitude of the second place."),
    argument("lon2", Kind::Double, "Longitude of the second place."),
];

const ABOUT: About = About {
    name: "haversine_km",
    family: "Addresses",
    text: "Returns the great-circle distance of two places, in kilometers. Null if a number is \
           null.",
    example: "SELECT round(haversine_km(41.1579, -8.6291, 34.6937, 135.5023))",
    result: "10819.0",
};

pub(super) fn functions() -> Vec<Function> {
    vec![Function::new(&ABOUT, PLACES, |_| Ok(DataType::Float64), run)]
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let columns = [0, 1, 2, 3].map(|at| arguments.doubles(at));
    let [lat1, lon1, lat2, lon2] = columns;
    let (lat1, lon1, lat2, lon2) = (lat1?, lon1?, lat2?, lon2?);
    let at = |column: &Float64Array, row| column.is_valid(row).then(|| column.value(row));
    let one = |row| {
        Some(haversine((at(&lat1, row)?, at(&lon1, row)?), (at(&lat2, row)?, at(&lon2, row)?)))
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<Float64Array>()))
}

fn haversine((lat1, lon1): (f64, f64), (lat2, lon2): (f64, f64)) -> f64 {
    let (dlat, dlon) = ((lat2 - lat1).to_radians(), (lon2 - lon1).to_radians());
    let chord = (dlat / 2.0).sin().powi(2)
        + lat1.to_radians().cos() * lat2.to_radians().cos() * (dlon / 2.0).sin().powi(2);
    // Rounding can take the chord of antipodes past one.
    2.0 * RADIUS * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_map() {
        let near = |a, b, km: f64| (haversine(a, b) - km).abs() < km * 0.01 + 0.001;
        let (hamburg, lyon) = ((53.5511, 9.9937), (45.764, 4.8357));
        assert!(near(hamburg, lyon, 941.0), "{}", haversine(hamburg, lyon));
        assert!(near(hamburg, hamburg, 0.0));
        // Half around the equator, and across the date line.
        assert!(near((0.0, 0.0), (0.0, 180.0), 20_015.0));
        assert!(near((0.0, 179.5), (0.0, -179.5), 111.2));
    }
}
