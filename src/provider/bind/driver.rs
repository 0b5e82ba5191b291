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
const MOST_ROWS: usize = 20 * MAX_BRANCHES;

/// Rows of the driving input as they come.
pub(super) struct Driver {
    stream: SendableRecordBatchStream,
    /// What was read beyond the last slice.
    rest: Option<RecordBatch>,
    size: usize,
}

/// Returns the rows of a first slice, where `wanted` are.
pub(super) fn first_slice(wanted: usize) -> usize {
    wanted.clamp(MAX_BRANCHES, MOST_ROWS)
}

impl Driver {
    pub(super) fn new(stream: SendableRecordBatchStream, size: usize) -> Self {
        Self { stream, rest: None, size }
    }

    /// Returns the next slice: each has twice as many rows as the one before. It is shorter at
    /// the end only: the requests for its keys are as full as they can be.
    pub(super) async fn slice(&mut self) -> Result<Option<RecordBatch>> {
        let (mut parts, mut rows) = (Vec::new(), 0);
        while rows < self.size
            && let Some(batch) = self.batch().await?
        {
            let taken = batch.num_rows().min(self.size - rows);
            let left = batch.num_rows() - taken;
            self.rest = (left > 0).then(|| batch.slice(taken, left));
            parts.push(batch.slice(0, taken));
            rows += taken;
        }
        self.size = self.size.max((2 * self.size.min(MOST_ROWS)).min(MOST_ROWS));
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

    fn driver(batches: &[i64], size: usize) -> Driver {
        let field = Field::new("n", DataType::Int64, false);
        let schema = Arc::new(Schema::new(vec![field]));
        let batch = |rows: &i64| {
            let rows = Arc::new(Int64Array::from_iter_values(0..*rows));
            Ok(RecordBatch::try_new(Arc::clone(&schema), vec![rows])?)
        };
        let batches: Vec<_> = batches.iter().map(batch).collect();
        let stream = futures::stream::iter(batches);
        Driver::new(Box::pin(RecordBatchStreamAdapter::new(schema, stream)), size)
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
        assert_eq!(slices(driver(&[1000], 15)).await, [15, 30, 60, 120, 240, 300, 235]);
        assert_eq!(slices(driver(&[7; 9], 15)).await, [15, 30, 18]);
        assert_eq!(slices(driver(&[400, 5], usize::MAX)).await, [405]);
        assert_eq!(slices(driver(&[], 15)).await, [0; 0]);
    }

    #[test]
    fn a_first_slice_is_what_is_wanted_within_bounds() {
        assert_eq!([1, 20, 5_000].map(first_slice), [15, 20, 300]);
    }
}
