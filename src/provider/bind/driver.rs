//! The input that drives a bind join, in slices that grow.
//!
//! A reader who stops early has paid for the keys of a few rows; one who does not pays for few
//! requests.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::common::Result;
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt;

use crate::provider::pushdown::MAX_BRANCHES;

/// So many keys fill a `$batch`: more rows at a time save no request, and hold more back.
pub(super) const MOST_ROWS: usize = 20 * MAX_BRANCHES;

/// Rows of the driving input as they come.
pub(super) struct Driver {
    stream: SendableRecordBatchStream,
    /// What was read beyond the last slice.
    rest: Option<RecordBatch>,
    /// A slice has no more rows.
    size: usize,
    /// So many are worth another page.
    need: usize,
}

/// Returns the rows of a first slice, where `wanted` are.
pub(super) fn first_slice(wanted: usize) -> usize {
    wanted.clamp(MAX_BRANCHES, MOST_ROWS)
}

impl Driver {
    /// Takes the rows `wanted`, as far as they are known; one slice has all rows otherwise.
    pub(super) fn new(stream: SendableRecordBatchStream, wanted: Option<usize>) -> Self {
        let size = wanted.map_or(usize::MAX, first_slice);
        let need = wanted.map_or(usize::MAX, |rows| rows.clamp(1, MOST_ROWS));
        Self { stream, rest: None, size, need }
    }

    /// Returns the next slice: each has up to twice as many rows as the one before. It waits
    /// for further pages only as long as it has fewer than may be enough.
    pub(super) async fn slice(&mut self) -> Result<Option<RecordBatch>> {
        let (mut parts, mut rows) = (Vec::new(), 0);
        while rows < self.need
            && let Some(batch) = self.batch().await?
        {
            let taken = batch.num_rows().min(self.size - rows);
            let left = batch.num_rows() - taken;
            self.rest = (left > 0).then(|| batch.slice(taken, left));
            parts.push(batch.slice(0, taken));
            rows += taken;
        }
        let twice = |rows: usize| rows.max((2 * rows.min(MOST_ROWS)).min(MOST_ROWS));
        (self.size, self.need) = (twice(self.size), twice(self.need));
        match parts.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            many => Ok(Some(concat_batches(&self.stream.schema(), many)?)),
        }
    }

    /// Returns the next rows as they come.
    pub(super) async fn batch(&mut self) -> Result<Option<RecordBatch>> {
        match self.rest.take() {
            Some(rest) => Ok(Some(rest)),
            None => self.stream.next().await.transpose(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::Int64Array;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};
    use datafusion::physical_plan::stream::RecordBatchStreamAdapter;

    use super::*;

    fn driver(batches: &[i64], wanted: Option<usize>) -> Driver {
        let field = Field::new("n", DataType::Int64, false);
        let schema = Arc::new(Schema::new(vec![field]));
        let batch = |rows: &i64| {
            let rows = Arc::new(Int64Array::from_iter_values(0..*rows));
            Ok(RecordBatch::try_new(Arc::clone(&schema), vec![rows])?)
        };
        let batches: Vec<_> = batches.iter().map(batch).collect();
        let stream = futures::stream::iter(batches);
        Driver::new(Box::pin(RecordBatchStreamAdapter::new(schema, stream)), wanted)
    }

    async fn slices(mut driver: Driver) -> Vec<usize> {
        let mut sizes = Vec::new();
        while let Some(slice) = driver.slice().await.unwrap() {
            sizes.push(slice.num_rows());
        }
        sizes
    }

    #[tokio::test]
    async fn slices_grow_across_batches_up_to_a_full_batch_of_requests() {
        assert_eq!(slices(driver(&[1000], Some(15))).await, [15, 30, 60, 120, 240, 300, 235]);
        assert_eq!(slices(driver(&[7; 9], Some(15))).await, [15, 30, 18]);
        assert_eq!(slices(driver(&[400, 5], None)).await, [405]);
        assert_eq!(slices(driver(&[], Some(15))).await, [0; 0]);
        assert_eq!(slices(driver(&[7; 3], Some(3))).await, [7, 7, 7], "pages that may do");
    }

    #[test]
    fn a_first_slice_is_what_is_wanted_within_bounds() {
        assert_eq!([1, 20, 5_000].map(first_slice), [15, 20, 300]);
    }
}
