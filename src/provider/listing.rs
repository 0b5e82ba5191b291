//! The objects whose rows a fan reads, page by page: the next page may travel while the rows
//! of the objects before it are asked for.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::common::runtime::SpawnedTask;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;

use crate::error::{Error, ErrorKind, Result};
use crate::provider::joined::Joined;
use crate::provider::plan::ScanPlan;
use crate::provider::stream::{Scan, Source};
use crate::spec::{Column, arrow_schema};

/// The ids that stand in the path of one object's rows.
pub(super) type Ids = Vec<String>;

/// A page, and where the next one comes from.
type Next = Result<(Box<Source>, Option<RecordBatch>)>;

/// A scan that names objects.
#[derive(Default)]
pub(super) enum Listing {
    Waiting(Box<Source>),
    Coming(SpawnedTask<Next>),
    /// There are no more.
    #[default]
    Done,
}

impl Listing {
    /// Prepares the scan that names the objects. Nothing is sent.
    pub(super) fn of(scan: &Scan, plan: &ScanPlan) -> Self {
        Self::Waiting(Box::new(Source::of(&listing(scan, plan))))
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }

    /// Starts on the next page, unless it is on its way.
    pub(super) fn start(&mut self) {
        *self = match std::mem::take(self) {
            Self::Waiting(mut source) => Self::Coming(SpawnedTask::spawn(async move {
                let page = source.next().await?;
                Ok((source, page))
            })),
            state => state,
        };
    }

    /// Returns the objects of the next page; nothing when there are no more.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Ids>>> {
        self.start();
        let Self::Coming(task) = self else { return Ok(None) };
        let next = task
            .await
            .map_err(|error| Error::new(ErrorKind::Internal, "a listing ended").with_source(error));
        *self = Self::Done;
        let (source, Some(page)) = next?? else { return Ok(None) };
        *self = Self::Waiting(source);
        Ok(Some((0..page.num_rows()).map(|row| ids(&page, row)).collect()))
    }
}

fn ids(page: &RecordBatch, row: usize) -> Ids {
    let id = |column: &ArrayRef| column.as_string::<i32>().value(row).to_owned();
    page.columns().iter().map(id).collect()
}

fn listing(scan: &Scan, plan: &ScanPlan) -> Scan {
    let columns = plan.spec.identity();
    let full = arrow_schema(plan.spec);
    let field = |column: &&'static Column| full.field_with_name(column.name).ok().cloned();
    let fields: Vec<Field> = columns.iter().filter_map(field).collect();
    Scan {
        plan: Arc::new(plan.clone()),
        columns,
        schema: Arc::new(Schema::new(fields)),
        limit: None,
        strict: scan.strict,
        whole: true,
        ordered: false,
        client: scan.client.clone(),
        caching: None,
        account: None,
        joined: Joined::default(),
        seat: None,
        context: Arc::clone(&scan.context),
        metrics: ExecutionPlanMetricsSet::new(),
    }
}
