//! The bytes that pages of later spans may take while they wait for their turn.

use crate::decode::Page;

/// Bytes of decoded pages that may wait.
const MOST: usize = 64 * 1024 * 1024;

/// How much of it is taken.
#[derive(Debug)]
pub(super) struct Room {
    taken: usize,
    most: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { taken: 0, most: MOST }
    }
}

impl Room {
    pub(super) fn take(&mut self, page: &Page) {
        self.taken += page.batch.get_array_memory_size();
    }

    pub(super) fn give_back(&mut self, page: &Page) {
        self.taken -= page.batch.get_array_memory_size();
    }

    /// Tells whether the span at this place may ask for a page: the first may always, or
    /// nobody would ever hand a page out again.
    pub(super) fn lets(&self, place: usize) -> bool {
        place == 0 || self.taken < self.most
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Int64Array};
    use datafusion::arrow::record_batch::RecordBatch;

    use super::*;

    fn page(rows: i64) -> Page {
        let values: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows));
        let batch = RecordBatch::try_from_iter([("n", values)]).unwrap();
        Page { batch, next: None, misfits: Vec::new() }
    }

    #[test]
    fn spans_behind_wait_when_the_room_is_full_and_the_first_never_does() {
        let mut room = Room { taken: 0, most: 10_000 };
        let mut pages = 0;
        while room.lets(1) {
            room.take(&page(100));
            pages += 1;
        }
        // Eight bytes a row: the page that fills the room is the last.
        assert_eq!(pages, 10_000_usize.div_ceil(page(100).batch.get_array_memory_size()));
        assert!(room.lets(0) && !room.lets(1) && !room.lets(7));
        room.give_back(&page(100));
        assert!(room.lets(1));
    }
}
