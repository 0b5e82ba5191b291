//! Generated arrays against values made from the same samples by code of its own.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat};
use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, FixedSizeListArray, Float32Array, Float64Array,
    Int32Array, Int64Array, LargeStringArray, ListArray, MapArray, StringArray, StringViewArray,
    StructArray, TimestampMicrosecondArray, UInt64Array, new_empty_array,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Field, Fields, Int32Type};
use serde_json::{Map, Value, json};

use super::{Nulls, Rows, Values};

/// A type of values, and how Arrow lays them out.
#[derive(Debug)]
enum Kind {
    Bool,
    Int,
    Long,
    Unsigned,
    Float,
    Double,
    Text(Layout),
    Instant,
    List(Box<Kind>),
    Pair(Box<Kind>),
    Map(Box<Kind>),
    Object(Vec<(String, Kind)>),
}

#[derive(Debug)]
enum Layout {
    Plain,
    Large,
    View,
    Dictionary,
}

#[derive(Debug, Clone)]
enum Sample {
    Null,
    Bool(bool),
    Int(i32),
    Unsigned(u64),
    Double(f64),
    Text(String),
    Instant(i64),
    List(Vec<Sample>),
    Map(Vec<(String, Sample)>),
    Object(Vec<Sample>),
}

const TEXTS: [&str; 6] =
    ["", "a", "say \"hi\"\\", "\u{0}\n\t\u{1f}\u{7f}", "Zoë 日本 🦀", "</x>\u{2028}"];
const DOUBLES: [f64; 12] = [
    47.0,
    -0.0,
    0.1,
    1e16,
    1e-7,
    1e300,
    -123.456,
    f64::MAX,
    f64::MIN_POSITIVE,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

struct Generator(fastrand::Rng);

impl Generator {
    fn kind(&mut self, depth: u32) -> Kind {
        match self.0.u32(0..if depth == 0 { 11 } else { 16 }) {
            0 => Kind::Bool,
            1 => Kind::Int,
            2 => Kind::Long,
            3 => Kind::Unsigned,
            4 => Kind::Float,
            5 => Kind::Double,
            6 => Kind::Instant,
            7 => Kind::Text(Layout::Plain),
            8 => Kind::Text(Layout::Large),
            9 => Kind::Text(Layout::View),
            10 => Kind::Text(Layout::Dictionary),
            11 => Kind::List(Box::new(self.kind(depth - 1))),
            12 => Kind::Pair(Box::new(self.kind(depth - 1))),
            13 => Kind::Map(Box::new(self.kind(depth - 1))),
            _ => self.object(depth - 1),
        }
    }

    fn object(&mut self, depth: u32) -> Kind {
        let members = self.0.usize(1..5);
        Kind::Object((0..members).map(|n| (self.name(n), self.kind(depth))).collect())
    }

    fn name(&mut self, n: usize) -> String {
        format!("{}{n}", self.0.choice(TEXTS).unwrap())
    }

    fn sample(&mut self, kind: &Kind) -> Sample {
        if self.0.u32(0..3) == 0 {
            return Sample::Null;
        }
        match kind {
            Kind::Bool => Sample::Bool(self.0.bool()),
            Kind::Int | Kind::Long => Sample::Int(self.0.i32(..)),
            Kind::Unsigned => Sample::Unsigned(self.0.u64(..)),
            Kind::Float | Kind::Double => Sample::Double(self.0.choice(DOUBLES).unwrap()),
            Kind::Text(_) => Sample::Text(self.0.choice(TEXTS).unwrap().to_owned()),
            Kind::Instant => Sample::Instant(self.0.i64(-1 << 50..1 << 52) / 1_000 * 1_000),
            Kind::List(item) => Sample::List(self.samples(item, 3)),
            Kind::Pair(item) => Sample::List((0..2).map(|_| self.sample(item)).collect()),
            Kind::Map(value) => {
                let values = self.samples(value, 3);
                Sample::Map(
                    values.into_iter().enumerate().map(|(n, v)| (self.name(n), v)).collect(),
                )
            }
            Kind::Object(members) => {
                Sample::Object(members.iter().map(|(_, kind)| self.sample(kind)).collect())
            }
        }
    }

    fn samples(&mut self, kind: &Kind, most: usize) -> Vec<Sample> {
        (0..self.0.usize(0..=most)).map(|_| self.sample(kind)).collect()
    }
}

fn field(name: &str, array: &dyn Array) -> Arc<Field> {
    Arc::new(Field::new(name, array.data_type().clone(), true))
}

fn array(kind: &Kind, samples: &[Sample]) -> ArrayRef {
    let nulls: NullBuffer = samples.iter().map(|s| !matches!(s, Sample::Null)).collect();
    let texts =
        || samples.iter().map(|s| if let Sample::Text(t) = s { Some(t.as_str()) } else { None });
    let doubles =
        || samples.iter().map(|s| if let Sample::Double(d) = s { Some(*d) } else { None });
    let ints = || samples.iter().map(|s| if let Sample::Int(n) = s { Some(*n) } else { None });
    match kind {
        Kind::Bool => {
            let bools =
                samples.iter().map(|s| if let Sample::Bool(b) = s { Some(*b) } else { None });
            Arc::new(bools.collect::<BooleanArray>())
        }
        Kind::Int => Arc::new(ints().collect::<Int32Array>()),
        Kind::Long => Arc::new(ints().map(|n| n.map(i64::from)).collect::<Int64Array>()),
        Kind::Unsigned => {
            let some =
                samples.iter().map(|s| if let Sample::Unsigned(n) = s { Some(*n) } else { None });
            Arc::new(some.collect::<UInt64Array>())
        }
        #[expect(clippy::cast_possible_truncation, reason = "the sample is made for both")]
        Kind::Float => Arc::new(doubles().map(|d| d.map(|d| d as f32)).collect::<Float32Array>()),
        Kind::Double => Arc::new(doubles().collect::<Float64Array>()),
        Kind::Text(Layout::Plain) => Arc::new(texts().collect::<StringArray>()),
        Kind::Text(Layout::Large) => Arc::new(texts().collect::<LargeStringArray>()),
        Kind::Text(Layout::View) => Arc::new(texts().collect::<StringViewArray>()),
        Kind::Text(Layout::Dictionary) => Arc::new(texts().collect::<DictionaryArray<Int32Type>>()),
        Kind::Instant => {
            let ticks =
                samples.iter().map(|s| if let Sample::Instant(t) = s { Some(*t) } else { None });
            Arc::new(ticks.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
        }
        Kind::List(item) => {
            let lists: Vec<&[Sample]> = samples
                .iter()
                .map(|s| if let Sample::List(l) = s { &l[..] } else { &[] })
                .collect();
            let items = array(item, &lists.concat());
            let offsets = OffsetBuffer::from_lengths(lists.iter().map(|l| l.len()));
            Arc::new(ListArray::new(field("item", &items), offsets, items, Some(nulls)))
        }
        Kind::Pair(item) => {
            let null = [Sample::Null, Sample::Null];
            let pairs: Vec<&[Sample]> = samples
                .iter()
                .map(|s| if let Sample::List(l) = s { &l[..] } else { &null })
                .collect();
            let items = array(item, &pairs.concat());
            Arc::new(FixedSizeListArray::new(field("item", &items), 2, items, Some(nulls)))
        }
        Kind::Map(value) => map(value, samples, nulls),
        Kind::Object(members) => object(members, samples, nulls),
    }
}

fn map(value: &Kind, samples: &[Sample], nulls: NullBuffer) -> ArrayRef {
    let maps: Vec<&[(String, Sample)]> =
        samples.iter().map(|s| if let Sample::Map(m) = s { &m[..] } else { &[] }).collect();
    let (keys, values): (Vec<_>, Vec<_>) = maps.concat().into_iter().unzip();
    let keys: ArrayRef = Arc::new(StringArray::from(keys));
    let values = array(value, &values);
    let key = Arc::new(Field::new("key", DataType::Utf8, false));
    let fields = Fields::from(vec![key, field("value", &values)]);
    let entries = StructArray::new(fields, vec![keys, values], None);
    let entry = Arc::new(Field::new("entries", entries.data_type().clone(), false));
    let offsets = OffsetBuffer::from_lengths(maps.iter().map(|m| m.len()));
    Arc::new(MapArray::new(entry, offsets, entries, Some(nulls), false))
}

fn object(members: &[(String, Kind)], samples: &[Sample], nulls: NullBuffer) -> ArrayRef {
    let column = |at: usize| -> Vec<Sample> {
        let member =
            |s: &Sample| if let Sample::Object(o) = s { o[at].clone() } else { Sample::Null };
        samples.iter().map(member).collect()
    };
    let columns = members.iter().enumerate();
    let columns: Vec<_> = columns.map(|(at, (_, kind))| array(kind, &column(at))).collect();
    let fields: Fields =
        members.iter().zip(&columns).map(|((name, _), c)| field(name, c)).collect();
    Arc::new(StructArray::new(fields, columns, Some(nulls)))
}

/// The value a sample stands for; none for what is not there.
fn value(kind: &Kind, sample: &Sample, nulls: Nulls) -> Option<Value> {
    let kept = |value: Option<Value>| match nulls {
        Nulls::Written => Some(value.unwrap_or(Value::Null)),
        Nulls::LeftOut => value,
    };
    let some =
        |is_empty: bool, value: Value| (!is_empty || nulls == Nulls::Written).then_some(value);
    match (kind, sample) {
        (_, Sample::Null) => None,
        (_, Sample::Bool(b)) => Some(json!(b)),
        (_, Sample::Int(n)) => Some(json!(n)),
        (_, Sample::Unsigned(n)) => Some(json!(n)),
        #[expect(clippy::cast_possible_truncation, reason = "the sample is made for both")]
        (Kind::Float, Sample::Double(d)) => {
            let shown = format!("{:?}", *d as f32);
            (*d as f32).is_finite().then(|| json!(shown.parse::<f64>().unwrap()))
        }
        (_, Sample::Double(d)) => d.is_finite().then(|| json!(d)),
        (_, Sample::Text(text)) => Some(json!(text)),
        (_, Sample::Instant(micros)) => {
            let time = DateTime::from_timestamp_micros(*micros).unwrap();
            Some(json!(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
        }
        (Kind::List(item) | Kind::Pair(item), Sample::List(items)) => {
            let items: Vec<_> = items.iter().filter_map(|s| kept(value(item, s, nulls))).collect();
            some(items.is_empty(), Value::Array(items))
        }
        (Kind::Map(of), Sample::Map(entries)) => {
            let entries = entries.iter();
            let entries =
                entries.filter_map(|(k, s)| Some((k.clone(), kept(value(of, s, nulls))?)));
            let entries: Map<_, _> = entries.collect();
            some(entries.is_empty(), Value::Object(entries))
        }
        (Kind::Object(members), Sample::Object(samples)) => {
            let pairs = members.iter().zip(samples);
            let member = |((name, kind), s): (&(String, Kind), _)| {
                Some((name.clone(), kept(value(kind, s, nulls))?))
            };
            let members: Map<_, _> = pairs.filter_map(member).collect();
            some(members.is_empty(), Value::Object(members))
        }
        other => panic!("{other:?}"),
    }
}

fn check(kind: &Kind, samples: &[Sample], array: &ArrayRef, nulls: Nulls) {
    let field = field("x", array);
    let mut written = Values::new(&field, array, nulls).unwrap();
    for (row, sample) in samples.iter().enumerate() {
        let mut text = b"before ".to_vec();
        let is_there = written.write(row, &mut text);
        let text = std::str::from_utf8(text.strip_prefix(b"before ").unwrap()).unwrap();
        let parsed = is_there.then(|| serde_json::from_str::<Value>(text).expect(text));
        assert_eq!(parsed, value(kind, sample, nulls), "{nulls:?} {kind:?} {sample:?}\n{text}");
        assert!(is_there || text.is_empty(), "{text}");
    }
}

#[test]
fn generated_values_read_back_as_they_were() {
    let mut generator = Generator(fastrand::Rng::with_seed(5));
    for _ in 0..600 {
        let kind = generator.kind(4);
        let samples: Vec<_> = (0..12).map(|_| generator.sample(&kind)).collect();
        let array = array(&kind, &samples);
        for nulls in [Nulls::Written, Nulls::LeftOut] {
            check(&kind, &samples, &array, nulls);
            check(&kind, &samples[3..9], &array.slice(3, 6), nulls);
        }
    }
}

#[test]
fn floats_have_a_point_and_times_a_z() {
    let text = |array: ArrayRef| {
        let mut out = Vec::new();
        Values::new(&field("x", &array), &array, Nulls::LeftOut).unwrap().write(0, &mut out);
        String::from_utf8(out).unwrap()
    };
    for (value, shown) in [(47.0, "47.0"), (1e16, "1.0e+16"), (-0.0, "-0.0"), (1e-7, "1.0e-7")] {
        assert_eq!(text(doubles(value)), shown);
    }
    let time = TimestampMicrosecondArray::from(vec![1_794_625_445_120_000]);
    assert_eq!(text(Arc::new(time)), "\"2026-11-14T03:04:05.120Z\"");
}

fn doubles(value: f64) -> ArrayRef {
    Arc::new(Float64Array::from(vec![value]))
}

#[test]
fn a_row_without_a_value_is_still_a_row() {
    let array: ArrayRef = Arc::new(Int64Array::from(vec![None, Some(1)]));
    let (fields, columns) = (Fields::from(vec![field("n", &array)]), [array]);
    let mut rows = Rows::new(&fields, &columns, Nulls::LeftOut).unwrap();
    let mut out = Vec::new();
    rows.write(0, &mut out);
    rows.write(1, &mut out);
    assert_eq!(out, b"{}{\"n\":1}");
}

#[test]
fn what_json_has_no_form_for_is_an_error() {
    let key = Field::new("key", DataType::Int64, false);
    let entry = DataType::Struct(vec![key, Field::new("value", DataType::Utf8, true)].into());
    let entries = Arc::new(Field::new("entries", entry, false));
    let array = new_empty_array(&DataType::Map(entries, false));
    let error = Values::new(&field("x", &array), &array, Nulls::Written).err().unwrap();
    assert!(error.to_string().contains("keys are not text"), "{error}");
}
