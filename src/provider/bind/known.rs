//! The rows that were asked for by their keys, as long as they fit.

use std::collections::{BTreeSet, HashMap, VecDeque};

use datafusion::arrow::array::{RecordBatch, StringArray};
use datafusion::arrow::compute::interleave_record_batch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;

/// More bytes than these are not kept for later keys: the oldest are forgotten first.
pub(super) const MOST: usize = 64 * 1_024 * 1_024;
/// What a key takes beside its text.
const KEY_BYTES: usize = 96;

/// Rows by key. A key without rows is known as well: it is not asked for again.
pub(super) struct Known {
    schema: SchemaRef,
    answers: VecDeque<Answer>,
    /// The number of answers forgotten.
    forgotten: usize,
    places: HashMap<String, Place>,
    bytes: usize,
}

/// The rows of one answer, and the keys it was asked for.
struct Answer {
    rows: RecordBatch,
    keys: BTreeSet<String>,
    bytes: usize,
}

/// Which answer has the rows of a key, and where.
struct Place {
    answer: usize,
    rows: Vec<usize>,
}

impl Known {
    pub(super) fn new(schema: SchemaRef) -> Self {
        let (answers, places) = (VecDeque::new(), HashMap::new());
        Self { schema, answers, forgotten: 0, places, bytes: 0 }
    }

    /// Returns the bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns those of the keys nobody has asked for, or whose rows are forgotten.
    pub(super) fn unknown(&self, keys: &BTreeSet<String>) -> BTreeSet<String> {
        keys.iter().filter(|key| !self.places.contains_key(*key)).cloned().collect()
    }

    /// Keeps an answer: `found` is the key of each row. A row of a key nobody asked for, such
    /// as one that is spelled in another case, is no answer.
    pub(super) fn add(&mut self, asked: BTreeSet<String>, rows: RecordBatch, found: &StringArray) {
        let answer = self.forgotten + self.answers.len();
        let place = |key: &String| (key.clone(), Place { answer, rows: Vec::new() });
        self.places.extend(asked.iter().map(place));
        for (row, key) in found.iter().enumerate() {
            let place = key.filter(|key| asked.contains(*key));
            if let Some(place) = place.and_then(|key| self.places.get_mut(key)) {
                place.rows.push(row);
            }
        }
        let keys: usize = asked.iter().map(|key| 2 * key.len() + KEY_BYTES).sum();
        let bytes = rows.get_array_memory_size() + keys;
        self.bytes += bytes;
        self.answers.push_back(Answer { rows, keys: asked, bytes });
    }

    /// Returns the rows of known keys.
    pub(super) fn rows(&self, keys: &BTreeSet<String>) -> Result<RecordBatch> {
        let places = keys.iter().filter_map(|key| self.places.get(key));
        let each = |place: &Place| {
            let answer = place.answer - self.forgotten;
            place.rows.iter().map(move |row| (answer, *row)).collect::<Vec<_>>()
        };
        let picked: Vec<_> = places.flat_map(each).collect();
        if picked.is_empty() {
            return Ok(RecordBatch::new_empty(SchemaRef::clone(&self.schema)));
        }
        let batches: Vec<_> = self.answers.iter().map(|answer| &answer.rows).collect();
        Ok(interleave_record_batch(&batches, &picked)?)
    }

    /// Forgets the oldest answers until the rest fits.
    pub(super) fn trim(&mut self, most: usize) {
        while self.bytes > most
            && let Some(oldest) = self.answers.pop_front()
        {
            self.forgotten += 1;
            self.bytes -= oldest.bytes;
            for key in &oldest.keys {
                self.places.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::AsArray;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    fn set(keys: &[&str]) -> BTreeSet<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    fn known() -> Known {
        let field = Field::new("id", DataType::Utf8, true);
        Known::new(Arc::new(Schema::new(vec![field])))
    }

    fn add(known: &mut Known, asked: &[&str], found: &[&str]) {
        let found = StringArray::from(found.to_vec());
        let rows = vec![Arc::new(found.clone()) as _];
        let rows = RecordBatch::try_new(Arc::clone(&known.schema), rows).unwrap();
        known.add(set(asked), rows, &found);
    }

    fn rows(known: &Known, keys: &[&str]) -> Vec<String> {
        let rows = known.rows(&set(keys)).unwrap();
        rows.column(0).as_string::<i32>().iter().flatten().map(str::to_owned).collect()
    }

    #[test]
    fn a_key_without_rows_is_known_and_a_row_without_a_key_is_none() {
        let mut known = known();
        add(&mut known, &["a", "gone"], &["a", "A", "a"]);
        assert_eq!(known.unknown(&set(&["a", "b", "gone"])), set(&["b"]));
        assert_eq!(rows(&known, &["a", "gone"]), ["a", "a"]);
        assert_eq!(rows(&known, &["gone"]), [""; 0]);
        assert_eq!(known.unknown(&set(&["A"])), set(&["A"]), "only what was asked for is known");
    }

    #[test]
    fn the_oldest_answer_is_forgotten_first_and_asked_for_again() {
        let mut known = known();
        add(&mut known, &["a"], &["a"]);
        let one = known.bytes();
        add(&mut known, &["b"], &["b"]);
        known.trim(one);
        assert_eq!(known.unknown(&set(&["a", "b"])), set(&["a"]));
        assert_eq!((rows(&known, &["b"]), known.bytes()), (vec!["b".to_owned()], one));
        add(&mut known, &["a"], &["a"]);
        assert_eq!(rows(&known, &["a", "b"]), ["a", "b"]);
        known.trim(0);
        assert_eq!(known.bytes(), 0);
    }
}
