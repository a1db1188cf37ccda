//! What both adapters share: the way to an answer, counting requests and tokens, classifying failures.

use http_client::{Bearer, Body, HttpClient, HttpRequest, HttpResponse, Limits, OpenBody};
use serde::de::IgnoredAny;
use serde_json::{Deserializer, value::RawValue};
use shared::{
    failure::{Failure, ModelUse},
    json::{self, Object},
    progress::Progress,
};
use tokio::time::Instant;

use super::{
    chat::{Chat, Completion},
    failures::{LANGUAGE_MODEL, too_large, unusable},
    learnt::Learnt,
    refusal::Refusal,
    round::Round,
    said::{Meaning, Said},
};

/// Fewest bytes of a token in a prompt. A server that counts fewer tokens than this allows has cut the prompt.
const BYTES_OF_TOKEN: usize = 6;
/// At most this many things are given up for one answer.
const MOST_CONCESSIONS: u32 = 5;

/// A completion in progress, and its cost so far.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    client: &'a HttpClient,
    limits: Limits,
    attempts: u32,
    upstream_status: Option<u16>,
    used: ModelUse,
    /// Bytes of the last request.
    sent: usize,
    prompt_cut: bool,
    pub(super) progress: &'a dyn Progress,
}

impl<'a> Asking<'a> {
    pub(super) fn new(client: &'a HttpClient, model: &str, progress: &'a dyn Progress, limits: Limits) -> Self {
        let used = ModelUse { model: model.to_owned(), ..ModelUse::default() };
        Self { client, limits, attempts: 0, upstream_status: None, used, sent: 0, prompt_cut: false, progress }
    }

    pub(super) fn deadline(&self) -> Instant {
        self.limits.deadline
    }

    /// Notes the bytes of the next request.
    pub(super) fn sends(&mut self, bytes: usize) {
        self.sent = bytes;
    }

    /// Sends a request. An answer with an error status is `Ok`.
    pub(super) async fn ask(&mut self, request: &HttpRequest, key: Option<&Bearer>) -> Result<HttpResponse, Failure> {
        let called = self.client.ask(&LANGUAGE_MODEL, request, key, self.limits).await;
        self.attempts += called.attempts;
        self.upstream_status = called.upstream_status;
        called.result
    }

    /// Adds the token counts that `usage` has under the names `input` and `output`.
    pub(super) fn count(&mut self, usage: Option<&RawValue>, input: &str, output: &str) {
        let usage = usage.and_then(Object::of).unwrap_or_default();
        let tokens = |name| usage.get(name).and_then(|count| count.get().parse().ok()).unwrap_or(0);
        let model = self.used.model.clone();
        let (input_tokens, output_tokens) = (tokens(input), tokens(output));
        let seen = usize::try_from(input_tokens).unwrap_or(usize::MAX);
        self.prompt_cut = seen > 0 && seen < self.sent / BYTES_OF_TOKEN;
        self.used.add(ModelUse { model, input_tokens, output_tokens });
    }

    /// Whether another request, which takes as long as the one since `begun`, would arrive in time.
    fn has_time_again(&self, begun: Instant) -> bool {
        let left = self.limits.deadline.saturating_duration_since(Instant::now());
        !left.is_zero() && left >= begun.elapsed()
    }

    pub(super) fn completion(self, result: Result<Answer, Failure>) -> Completion {
        let Self { attempts, upstream_status, used, prompt_cut, .. } = self;
        let cut_off = result.as_ref().is_ok_and(|answer| answer.cut_off);
        let result = result.map(|answer| answer.text);
        Completion { result, cut_off, prompt_cut, attempts, upstream_status, used }
    }
}

#[derive(Debug)]
pub(super) struct Answer {
    text: String,
    cut_off: bool,
}

/// What one request brought.
#[derive(Debug)]
pub(super) enum Outcome {
    Answer {
        text: String,
        cut_off: bool,
    },
    /// An answer without content, and how it fails if the next one has none either.
    Empty(Failure),
    /// The API wants something of the request changed, or says what is the matter.
    Refused(Refusal, Failure),
    Failed(Failure),
}

impl Outcome {
    pub(super) fn of(said: Said, reply: &HttpResponse) -> Self {
        match said.meaning(reply) {
            Meaning::Answer { text, cut_off } => Self::Answer { text, cut_off },
            Meaning::Empty => Self::Empty(unusable(reply, "is empty")),
            Meaning::Failed(failure) => Self::Failed(failure),
            Meaning::Refused(refusal) => {
                let failure = refusal.failure(reply);
                Self::Refused(refusal, failure)
            }
        }
    }
}

/// An API of language models.
pub(super) trait Api {
    /// Sends one request. An answer with an error status is `Ok`.
    fn send(
        &self,
        round: &Round<'_>,
        asking: &mut Asking<'_>,
    ) -> impl Future<Output = Result<HttpResponse, Failure>> + Send;

    /// What a refusal is called outside of its body.
    fn name_of(reply: &HttpResponse) -> Option<String>;

    /// Reads an answer while it arrives.
    fn streamed(
        open: OpenBody,
        reply: &HttpResponse,
        asking: &mut Asking<'_>,
    ) -> impl Future<Output = Result<Said, Failure>> + Send;

    /// Reads an answer that has arrived whole.
    fn whole(bytes: &[u8], reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<Said, Failure>;
}

/// Sends one request and reads its answer.
async fn ask<A: Api>(api: &A, round: &Round<'_>, asking: &mut Asking<'_>) -> Result<Outcome, Failure> {
    let mut reply = api.send(round, asking).await?;
    if !reply.is_success() {
        let refusal = Refusal::of(&reply, A::name_of(&reply).as_deref());
        let failure = refusal.failure(&reply);
        return Ok(Outcome::Refused(refusal, failure));
    }
    let said = match std::mem::replace(&mut reply.body, Body::Unread) {
        Body::Open(open) => A::streamed(open, &reply, asking).await?,
        Body::Whole(bytes) => A::whole(&bytes, &reply, asking)?,
        Body::TooLarge | Body::Unread => return Err(too_large(&reply)),
    };
    Ok(Outcome::of(said, &reply))
}

/// Asks until there is an answer. What the server refuses is given up, one thing at a time; an empty answer is asked for
/// once more. Nothing is sent again if it would be refused again, or could not be answered in time.
pub(super) async fn converse<A: Api>(
    api: &A,
    chat: Chat<'_>,
    learnt: &Learnt,
    asking: &mut Asking<'_>,
) -> Result<Answer, Failure> {
    let mut wanted = learnt.wanted();
    // What to remember: `wanted`, without what was given up for this answer alone.
    let mut kept = wanted;
    let (mut concessions, mut is_repeated) = (0, false);
    loop {
        let begun = Instant::now();
        let round = Round::new(chat, wanted, learnt.enforces());
        let is_shown = round.shows_form();
        let outcome = ask(api, &round, asking).await?;
        let refused = matches!(outcome, Outcome::Refused(..));
        if !refused && kept != learnt.wanted() {
            learnt.remember(kept);
        }
        match outcome {
            Outcome::Answer { text, cut_off } => {
                let used = asking.used.output_tokens;
                let less = wanted.limit.filter(|(_, tokens)| {
                    let written = if used > 0 { used } else { u64::try_from(text.len() / 3).unwrap_or(u64::MAX) };
                    written < u64::from(*tokens / 2)
                });
                // A server with a small limit of its own knows ours by the other name.
                if cut_off && less.is_some() && !is_repeated && !holds_object(&text) && asking.has_time_again(begun) {
                    is_repeated = true;
                    wanted = wanted.with_other_limit();
                    kept = kept.with_other_limit();
                    continue;
                }
                if !is_shown {
                    learnt.note(is_json(&text));
                }
                return Ok(Answer { text, cut_off });
            }
            Outcome::Empty(failure) => {
                if is_repeated || !asking.has_time_again(begun) {
                    return Err(failure);
                }
                is_repeated = true;
            }
            Outcome::Failed(failure) => return Err(failure),
            Outcome::Refused(refusal, failure) => {
                let less = wanted.without(&refusal).filter(|_| concessions < MOST_CONCESSIONS);
                let Some((less, lasts)) = less.filter(|_| asking.has_time_again(begun)) else { return Err(failure) };
                concessions += 1;
                wanted = less;
                if lasts {
                    kept = kept.without(&refusal).map_or(kept, |(kept, _)| kept);
                }
            }
        }
    }
}

/// Whether a text has a whole JSON object, whatever stands around it.
fn holds_object(text: &str) -> bool {
    let from = text.find('{').and_then(|at| text.get(at..)).unwrap_or_default();
    matches!(Deserializer::from_str(from).into_iter::<IgnoredAny>().next(), Some(Ok(_)))
}

/// Whether an answer is what an API that enforces a schema gives: one JSON object.
fn is_json(text: &str) -> bool {
    json::parse(text.trim()).is_ok_and(json::is_object)
}
