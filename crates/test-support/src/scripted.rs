//! A generator that answers as a test scripts it, and records its calls.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json, value::RawValue};
use shared::{
    account::{Account, Edit},
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{
        AgentGenerator, Background, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health,
        PatchCall,
    },
};
use tokio::time::Instant;

#[derive(Debug, Clone)]
pub enum Script<T> {
    Gives(T),
    Fails(Failure),
    Panics,
}

/// Calls without a script fail with `unknown`.
#[derive(Debug, Default)]
pub struct Scripted {
    pub decomposition: Option<Script<Decomposition>>,
    /// For generate and patch.
    pub draft: Option<Script<Draft>>,
    /// Hands over generate and patch if they belong to an operation.
    pub takes_over: bool,
    /// JSON text.
    pub blocks: Option<Script<&'static str>>,
    pub health: Option<Script<Health>>,
    pub memory: Memory,
}

/// Calls in order.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Vec<Value>>);

impl Scripted {
    /// Calls in order: the method's name, then its arguments.
    #[must_use]
    pub fn asked(&self) -> Vec<Value> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.memory.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::panic, reason = "a test scripts a generator that panics, to see what a function makes of it")]
    fn answer<T: Clone + Send + 'static>(&self, script: Option<&Script<T>>, asked: Value) -> CallFuture<'_, T> {
        self.lock().push(asked);
        let script = script.cloned();
        Box::pin(async move {
            Called::in_process(match script {
                Some(Script::Gives(result)) => Ok(result),
                Some(Script::Fails(failure)) => Err(failure),
                Some(Script::Panics) => panic!("the generator panics, quoting a secret: hunter2"),
                None => Err(Failure::new(ErrorType::Unknown, "this call is not scripted")),
            })
        })
    }

    fn draft(&self, mut asked: Vec<Value>, operation: Option<Background<'_>>) -> CallFuture<'_, Drafted> {
        asked.extend(operation.map(|background| json!(background.ids)));
        if self.takes_over && operation.is_some() {
            return self.answer(Some(&Script::Gives(Drafted::HandedOver)), asked.into());
        }
        let drafted = self.answer(self.draft.as_ref(), asked.into());
        Box::pin(async { drafted.await.map(Drafted::Now) })
    }
}

#[must_use]
#[expect(clippy::expect_used, reason = "only tests call this crate: there a panic reports a script that is not JSON")]
pub fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).expect("a test scripts JSON")
}

impl AgentGenerator for Scripted {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, _: Instant) -> CallFuture<'a, Decomposition> {
        let asked = json!(["decompose", call.description, call.context, call.library_agents]);
        self.answer(self.decomposition.as_ref(), asked)
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, _: Instant) -> CallFuture<'a, Drafted> {
        // As text, because the order of keys must be passed on.
        let asked = vec![json!("generate"), json!(call.instructions.get()), json!(call.library_agents)];
        self.draft(asked, call.operation)
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, _: Instant) -> CallFuture<'a, Drafted> {
        let agent = call.current_agent_json.get();
        let asked = vec![json!("patch"), json!(call.update_request), json!(agent), json!(call.library_agents)];
        self.draft(asked, call.operation)
    }

    fn blocks(&self, _: Instant) -> CallFuture<'_, Box<RawValue>> {
        let script = self.blocks.as_ref().map(|script| match script {
            Script::Gives(text) => Script::Gives(raw(text)),
            Script::Fails(failure) => Script::Fails(failure.clone()),
            Script::Panics => Script::Panics,
        });
        self.answer(script.as_ref(), json!(["blocks"]))
    }

    fn health(&self, _: Instant) -> CallFuture<'_, Health> {
        self.answer(self.health.as_ref(), json!(["health"]))
    }

    /// Tells nothing, but that something changed.
    fn account(&self, before: Option<&RawValue>, _: &RawValue) -> Box<Account> {
        Box::new(Account { edit: before.map(|_| Edit::default()), ..Account::default() })
    }
}
