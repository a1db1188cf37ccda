//! A caller who listens: what is new in the log of one operation, as it comes.

use shared::{
    caller::Owner,
    invocation::{Clock, Invocation},
    port_error::PortError,
};
use tokio::time::sleep;

use super::{Entry, read::LogReader, watch::POLL};
use crate::{ports::may_read, record::OperationRecord};

/// Yields every entry above a number once and in order, and the end exactly once.
#[derive(Debug)]
pub struct Follow {
    log_reader: LogReader,
    clock: Clock,
    request_id: String,
    /// As it was read last.
    operation: OperationRecord,
    /// The number of the last entry that was read.
    after: u32,
    /// Read and not yet yielded.
    read: Vec<Entry>,
    is_over: bool,
    /// Reads since something was new.
    polls: u32,
    /// The last read has failed.
    is_failing: bool,
}

/// The result of [`Follow::begin`].
#[derive(Debug)]
pub enum Begun {
    Follows(Box<Follow>),
    /// It has ended, and the caller has seen its end.
    AllSeen,
}

impl Follow {
    /// Reads what is there so far, above `after`. `None` if the operation does not exist or belongs to another owner.
    ///
    /// # Errors
    /// The operation or its log cannot be read.
    pub async fn begin(
        log_reader: LogReader,
        operation_id: &str,
        reader: Option<&Owner>,
        after: u32,
        invocation: Invocation<'_>,
    ) -> Result<Option<Begun>, PortError> {
        let clock = invocation.clock;
        let found = log_reader.store.get(operation_id, clock.now()).await?;
        let Some(operation) = found.filter(|found| may_read(found.owner.as_ref(), reader)) else { return Ok(None) };
        let request_id = invocation.request_id.to_owned();
        let (read, is_over) = (Vec::new(), false);
        let mut follow =
            Self { log_reader, clock, request_id, operation, after, read, is_over, polls: 0, is_failing: false };
        follow.take_news().await?;
        let is_all_seen = follow.is_over && follow.read.is_empty();
        Ok(Some(if is_all_seen { Begun::AllSeen } else { Begun::Follows(Box::new(follow)) }))
    }

    /// The entries that are there, else those that come next: waits without an end of its own. `None` after the end, and if
    /// the operation does not exist any more. A read that fails is made again. If it is dropped, nothing is lost.
    pub async fn next(&mut self) -> Option<Vec<Entry>> {
        loop {
            if !self.read.is_empty() {
                return Some(std::mem::take(&mut self.read));
            }
            if self.is_over {
                return None;
            }
            sleep(POLL.wait(self.polls)).await;
            self.polls = self.polls.saturating_add(1);
            let read = self.read_again().await;
            if let (Err(error), false) = (&read, self.is_failing) {
                tracing::warn!(operation_id = self.operation.operation_id, %error, "could not read the log of an operation");
            }
            self.is_failing = read.is_err();
        }
    }

    async fn read_again(&mut self) -> Result<(), PortError> {
        let found = self.log_reader.store.get(&self.operation.operation_id, self.clock.now()).await?;
        // The id may have been used again after a withdrawal.
        match found.filter(|found| found.creation == self.operation.creation) {
            Some(operation) => {
                self.operation = operation;
                self.take_news().await
            }
            None => {
                self.is_over = true;
                Ok(())
            }
        }
    }

    /// Changes nothing before all of it is read.
    async fn take_news(&mut self) -> Result<(), PortError> {
        let has_ended = self.operation.status_at(self.clock.now()).has_ended();
        if !has_ended && self.operation.logged.last <= self.after {
            return Ok(());
        }
        let ports = self.log_reader.ports();
        let news = ports.news(self.operation.clone(), self.after, self.clock, &self.request_id).await?;
        // Its deadline may have passed in between.
        self.is_over = has_ended || news.last().is_some_and(|last| last.told.is_end());
        if let Some(last) = news.last() {
            self.after = last.seq;
            self.polls = 0;
        }
        self.read = news;
        Ok(())
    }
}
