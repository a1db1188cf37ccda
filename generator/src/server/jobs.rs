//! Jobs: work that is asked for again until it is done. They live in this process and are forgotten with it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use shared::{error_type::ErrorType, failure::Failure};
use tokio::time::Instant;
use uuid::Uuid;

use super::failed::told_type;

/// At most this many are kept; what has ended longest goes first.
const MOST: usize = 200;
/// In bytes, of all results together; what has ended longest goes first.
const MOST_KEPT: usize = 64 * 1024 * 1024;
/// So long what has ended can be asked for.
const KEPT: Duration = Duration::from_secs(60 * 60);

#[derive(Debug)]
struct Job {
    /// The operation of the caller, if it belongs to one: the same one is not begun twice, unless it failed.
    operation: Option<String>,
    end: Option<End>,
}

#[derive(Debug)]
struct End {
    at: Instant,
    /// As JSON text, a fraction of its value's size.
    result: Result<String, Failure>,
}

impl Job {
    fn size(&self) -> usize {
        self.end.as_ref().and_then(|end| end.result.as_ref().ok()).map_or(0, String::len)
    }
}

/// The job that has ended longest.
fn oldest(all: &HashMap<String, Job>) -> Option<String> {
    let ended = all.iter().filter_map(|(id, job)| Some((job.end.as_ref()?.at, id)));
    ended.min().map(|(_, id)| id.clone())
}

#[derive(Debug, Clone, Default)]
pub(super) struct Jobs(Arc<Mutex<HashMap<String, Job>>>);

impl Jobs {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Job>> {
        // Every change is one insertion: a panic leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins `work` and returns the id of its job, or that of the job that the operation has already: one that failed is
    /// tried again. `None` if too many are running.
    pub(super) fn begin(
        &self,
        operation: Option<String>,
        work: impl Future<Output = Result<Value, Failure>> + Send + 'static,
    ) -> Option<String> {
        let id = Uuid::new_v4().to_string();
        {
            let mut all = self.all();
            let now = Instant::now();
            all.retain(|_, job| job.end.as_ref().is_none_or(|end| now.duration_since(end.at) < KEPT));
            let has_failed = |job: &Job| job.end.as_ref().is_some_and(|end| end.result.is_err());
            let is_same = |job: &Job| operation.is_some() && job.operation == operation && !has_failed(job);
            let same = all.iter().find(|(_, job)| is_same(job));
            if let Some((id, _)) = same {
                return Some(id.clone());
            }
            if all.len() >= MOST {
                let oldest = oldest(&all)?;
                all.remove(&oldest);
            }
            all.insert(id.clone(), Job { operation, end: None });
        }
        let (jobs, own) = (self.clone(), id.clone());
        tokio::spawn(async move {
            let failed = || Failure::new(ErrorType::UnexpectedError, "a fault in the generator");
            let result = tokio::spawn(work).await.unwrap_or_else(|_| Err(failed()));
            jobs.end(&own, result.map(|result| result.to_string()));
        });
        Some(id)
    }

    /// Keeps how a job ended, and forgets others if they are too much together.
    fn end(&self, id: &str, result: Result<String, Failure>) {
        let mut all = self.all();
        let mut kept: usize = all.values().map(Job::size).sum();
        kept += result.as_ref().map_or(0, String::len);
        while kept > MOST_KEPT {
            let Some(forgotten) = oldest(&all).and_then(|oldest| all.remove(&oldest)) else { break };
            kept -= forgotten.size();
        }
        if let Some(job) = all.get_mut(id) {
            job.end = Some(End { at: Instant::now(), result });
        }
    }

    /// Seconds after which a job that failed may be tried again, if its failure tells.
    pub(super) fn retry_after(&self, id: &str) -> Option<u32> {
        let all = self.all();
        all.get(id)?.end.as_ref()?.result.as_ref().err()?.retry_after
    }

    /// What is told of a job; `None` if there is none of this id.
    pub(super) fn told(&self, id: &str) -> Option<Value> {
        let all = self.all();
        let end = &all.get(id)?.end;
        Some(match end.as_ref().map(|end| &end.result) {
            None => json!({"job_id": id, "status": "running"}),
            Some(Ok(result)) => {
                let result: Value = serde_json::from_str(result).unwrap_or_default();
                json!({"job_id": id, "status": "completed", "result": result})
            }
            Some(Err(failure)) => {
                let error_type = told_type(failure);
                json!({"job_id": id, "status": "failed", "error": failure.service_error, "error_type": error_type})
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;

    async fn quick() -> Result<Value, Failure> {
        Ok(json!({"success": true}))
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_is_told_until_an_hour_after_its_end() {
        let jobs = Jobs::default();
        let slow = async {
            sleep(Duration::from_secs(9)).await;
            Err(Failure { retry_after: Some(7), ..Failure::new(ErrorType::LlmTimeout, "too slow") })
        };
        let (slow, id) = (jobs.begin(None, slow).unwrap(), jobs.begin(None, quick()).unwrap());
        assert_eq!(jobs.told(&slow).unwrap()["status"], "running");
        sleep(Duration::from_secs(10)).await;
        assert_eq!(
            jobs.told(&slow).unwrap(),
            json!({"job_id": slow, "status": "failed", "error": "too slow", "error_type": "llm_timeout"})
        );
        assert_eq!(jobs.told(&id).unwrap()["result"], json!({"success": true}));
        assert_eq!((jobs.retry_after(&slow), jobs.retry_after(&id)), (Some(7), None));
        advance(KEPT).await;
        jobs.begin(None, quick()).unwrap();
        assert_eq!((jobs.told(&id), jobs.told("other")), (None, None));
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_that_is_asked_for_twice_has_one_job() {
        let jobs = Jobs::default();
        let begin = |operation: &str| jobs.begin(Some(operation.to_owned()), quick()).unwrap();
        assert_eq!(begin("a"), begin("a"));
        assert_ne!(begin("a"), begin("b"));
        assert_ne!(jobs.begin(None, quick()), jobs.begin(None, quick()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_whose_job_failed_gets_another_one() {
        let jobs = Jobs::default();
        let begin = || {
            let fails = async { Err(Failure::new(ErrorType::LlmTimeout, "too slow")) };
            jobs.begin(Some("a".to_owned()), fails).unwrap()
        };
        let first = begin();
        sleep(Duration::from_secs(1)).await;
        let second = begin();
        assert_eq!((begin(), &jobs.told(&first).unwrap()["status"]), (second.clone(), &json!("failed")));
        assert_eq!(jobs.told(&second).unwrap()["status"], "running");
        assert_ne!(first, second);
    }

    #[tokio::test(start_paused = true)]
    async fn large_results_do_not_pile_up_and_the_last_ones_are_told() {
        let jobs = Jobs::default();
        let large = "x".repeat(MOST_KEPT / 4);
        let mut ids = Vec::new();
        for _ in 0..5 {
            let result = json!({ "text": large });
            ids.push(jobs.begin(None, async { Ok(result) }).unwrap());
            sleep(Duration::from_secs(1)).await;
        }
        let told: Vec<bool> = ids.iter().map(|id| jobs.told(id).is_some()).collect();
        assert_eq!(told, [false, false, true, true, true]);
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_panics_has_failed_and_work_without_end_does_not_pile_up() {
        let jobs = Jobs::default();
        let panics = jobs.begin(None, async { panic!("a fault of ours") }).unwrap();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(jobs.told(&panics).unwrap()["error_type"], "unexpected_error");
        for _ in 0..MOST {
            assert!(jobs.begin(None, std::future::pending()).is_some());
        }
        assert_eq!((jobs.told(&panics), jobs.begin(None, quick())), (None, None));
    }
}
