//! What `make eval` says of a change, for changes that are made here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

#[allow(dead_code, reason = "the report shows more than the judge needs")]
#[path = "../eval/measure/mod.rs"]
mod measure;

use generator::Builtin;
use measure::wishes::{
    fulfilled,
    judge::{Outcome, Verdict},
    wish::wishes,
};
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};
use shared::{
    account::{Account, LeftOut, Reason},
    error_type::ErrorType,
    failure::{Called, Failure},
    port::{
        AgentGenerator, CallFuture, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, Health, PatchCall,
        Question,
    },
};
use tokio::time::Instant;

/// Answers every patch with what it makes of the agent.
struct Fake<F>(Builtin, F);

impl<F: Fn(Value) -> Result<Draft, Failure> + Send + Sync + 'static> AgentGenerator for Fake<F> {
    fn kind(&self) -> &'static str {
        "fake"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        self.0.decompose(call, deadline)
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted> {
        self.0.generate(call, deadline)
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, _deadline: Instant) -> CallFuture<'a, Drafted> {
        let agent = serde_json::from_str(call.current_agent_json.get()).unwrap();
        Box::pin(async move { Called::in_process((self.1)(agent).map(Drafted::Now)) })
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        self.0.blocks(deadline)
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        self.0.health(deadline)
    }

    fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
        self.0.account(before, agent)
    }
}

async fn judged(wish: &Value, answer: impl Fn(Value) -> Result<Draft, Failure> + Send + Sync + 'static) -> Verdict {
    let wishes = wishes(&wish.to_string()).unwrap();
    let (mut verdicts, _) = fulfilled(&Fake(Builtin::new(), answer), wishes).await.unwrap();
    verdicts.remove(0)
}

/// The outcome of a change, and what the judge says is wrong.
async fn of_change(wish: &Value, left_out: &[&str], change: fn(&mut Value)) -> (Outcome, Vec<String>) {
    let part = |text: &&str| LeftOut {
        text: (*text).to_owned(),
        reason: Reason::NotUnderstood,
        message: "no step does this".to_owned(),
    };
    let left_out: Vec<LeftOut> = left_out.iter().map(part).collect();
    let verdict = judged(wish, move |mut agent| {
        change(&mut agent);
        let account = Account { left_out: left_out.clone(), ..Account::default() };
        Ok(Draft::Agent(to_raw_value(&agent).unwrap(), Box::new(account)))
    })
    .await;
    (verdict.outcome, verdict.wrong)
}

fn node<'a>(agent: &'a mut Value, title: &str) -> &'a mut Value {
    let nodes = agent["nodes"].as_array_mut().unwrap();
    nodes.iter_mut().find(|node| node["metadata"]["customized_name"] == title).unwrap()
}

/// The title of one step in sixty, and the priority of tickets.
fn wish() -> Value {
    json!({"id": "one", "kind": "rename", "agent": "bugs", "large": true, "wish": "…", "expect": {"answer": ["agent"],
        "values": {"AITextGenerator.@title": "Sort", "LinearCreateIssue#Create the ticket.priority": 1},
        "untouched": true}, "touches": 2})
}

fn rename(agent: &mut Value) {
    node(agent, "Judge the issue 17")["metadata"]["customized_name"] = json!("Sort");
}

fn prioritise(agent: &mut Value) {
    node(agent, "Create the ticket")["input_default"]["priority"] = json!(1);
}

fn both(agent: &mut Value) {
    rename(agent);
    prioritise(agent);
}

#[tokio::test]
async fn a_change_is_right_if_all_of_it_is_there_and_nothing_else_is_touched() {
    assert_eq!(of_change(&wish(), &[], both).await, (Outcome::Right, vec![]));
    let mut shuffled = wish();
    shuffled["shuffled"] = json!(true);
    assert_eq!(of_change(&shuffled, &[], both).await, (Outcome::Right, vec![]));
}

#[tokio::test]
async fn success_is_silent_if_a_part_is_neither_done_nor_left_out() {
    let missing = "not so: AITextGenerator.@title is \"Sort\"".to_owned();
    assert_eq!(of_change(&wish(), &[], prioritise).await, (Outcome::Silent, vec![missing.clone()]));
    assert_eq!(of_change(&wish(), &["Sort"], prioritise).await, (Outcome::Partly, vec![missing]));
    let (outcome, wrong) = of_change(&wish(), &[], |_| {}).await;
    assert_eq!((outcome, wrong.len()), (Outcome::Silent, 2), "{wrong:?}");
    let (outcome, _) = of_change(&wish(), &["all of it"], |_| {}).await;
    assert_eq!(outcome, Outcome::Refused, "nothing is done, and the answer says so");
}

#[tokio::test]
async fn the_value_of_another_step_is_not_the_value_that_was_wished() {
    let (outcome, wrong) = of_change(&wish(), &[], |agent| {
        rename(agent);
        node(agent, "Create the ticket 2")["input_default"]["priority"] = json!(1);
    })
    .await;
    assert_eq!(outcome, Outcome::Silent);
    assert!(wrong.contains(&"touched: priority of Create the ticket 2".to_owned()), "{wrong:?}");
}

#[tokio::test]
async fn whatever_the_wish_does_not_name_must_be_as_it_was() {
    for (change, told) in [
        ((|agent| agent["name"] = json!("Desk")) as fn(&mut Value), "touched: name of the agent"),
        (|agent| agent["recommended_schedule_cron"] = json!("0 1 * * *"), "recommended_schedule_cron of the agent"),
        (|agent| node(agent, "Create the ticket 3")["input_default"]["team_name"] = json!("QA"), "team_name of"),
        (|agent| node(agent, "Judge the issue 5")["metadata"]["customized_name"] = json!("J"), "3 steps"),
        (|agent| node(agent, "Create the ticket 4")["metadata"]["customized_name"] = json!("T"), "the title of"),
        (|agent| drop(agent["links"].as_array_mut().unwrap().remove(0)), "lost link New issue.issue_body"),
        (
            |agent| {
                let link = json!({"id": "new", "source_id": node(agent, "New issue")["id"], "source_name": "issue_url",
                    "sink_id": node(agent, "Post to the channel")["id"], "sink_name": "username", "is_static": false});
                agent["links"].as_array_mut().unwrap().push(link);
            },
            "new link New issue.issue_url -> Post to the channel.username",
        ),
        (
            |agent| {
                let gone = node(agent, "Post to the channel")["id"].clone();
                agent["nodes"].as_array_mut().unwrap().retain(|node| node["id"] != gone);
                agent["links"].as_array_mut().unwrap().retain(|link| link["sink_id"] != gone);
            },
            "Post to the channel is gone",
        ),
        (
            |agent| {
                let mut more = node(agent, "Post to the channel").clone();
                more["id"] = json!("more");
                more["input_default"]["text"] = json!("Hello");
                agent["nodes"].as_array_mut().unwrap().push(more);
            },
            "SendSlackMessage was added",
        ),
    ] {
        let verdict = judged(&wish(), move |mut agent| {
            both(&mut agent);
            change(&mut agent);
            Ok(Draft::Agent(to_raw_value(&agent).unwrap(), Box::default()))
        })
        .await;
        assert!(verdict.wrong.iter().any(|wrong| wrong.contains(told)), "{told}: {:?}", verdict.wrong);
        assert!([Outcome::Unasked, Outcome::Silent].contains(&verdict.outcome), "{told}: {:?}", verdict.outcome);
    }
}

#[tokio::test]
async fn a_schedule_may_be_spelled_with_names_of_days_and_be_none() {
    let on = |cron: Value| {
        json!({"id": "two", "kind": "schedule", "agent": "digest", "wish": "…",
            "expect": {"answer": ["agent"], "cron": cron, "untouched": true}})
    };
    let mondays = |agent: &mut Value| agent["recommended_schedule_cron"] = json!("0  9 * * MON");
    assert_eq!(of_change(&on(json!("0 8 * * 1|0 9 * * 1")), &[], mondays).await, (Outcome::Right, vec![]));
    assert_eq!(of_change(&on(Value::Null), &[], mondays).await.0, Outcome::Silent);
    let never = |agent: &mut Value| drop(agent.as_object_mut().unwrap().remove("recommended_schedule_cron"));
    assert_eq!(of_change(&on(Value::Null), &[], never).await, (Outcome::Right, vec![]));
}

#[tokio::test]
async fn a_link_may_lead_through_blocks_that_only_convert() {
    let wish = |to: &str| {
        json!({"id": "three", "kind": "add", "agent": "digest", "wish": "…",
            "expect": {"answer": ["agent"], "links": [["ReadRSSFeed.entry", to]]}})
    };
    assert_eq!(of_change(&wish("AITextSummarizer.text"), &[], |_| {}).await, (Outcome::Right, vec![]));
    assert_eq!(of_change(&wish("SendDiscordMessage.*"), &[], |_| {}).await.0, Outcome::Silent);
}

#[tokio::test]
async fn a_question_or_a_refusal_is_right_where_it_is_expected_and_says_what_it_must() {
    let wish = |answers: &[&str], says: &[&str]| {
        json!({"id": "four", "kind": "unserved", "agent": "digest", "wish": "…", "says": says,
            "expect": {"answer": answers, "untouched": true}})
    };
    let refusal = || Err(Failure::quoting(ErrorType::PatchError, "No block sends to Teams."));
    let refused =
        async |answers: &[&str], says: &[&str]| judged(&wish(answers, says), move |_| refusal()).await.outcome;
    assert_eq!(refused(&["refuse"], &["Teams|MS"]).await, Outcome::Right);
    assert_eq!(refused(&["refuse"], &["Trello"]).await, Outcome::Refused);
    assert_eq!(refused(&["agent", "ask"], &[]).await, Outcome::Refused);

    let asked = async |answers: &[&str], keyword: &'static str| {
        let question = move || Question { question: "Which?".to_owned(), keyword: keyword.to_owned(), example: None };
        judged(&wish(answers, &[]), move |_| Ok(Draft::ClarifyingQuestions(vec![question()]))).await.outcome
    };
    assert_eq!(asked(&["agent", "ask"], "step").await, Outcome::Right);
    assert_eq!(asked(&["agent"], "step").await, Outcome::Needless);
    assert_eq!(asked(&["agent", "ask"], "change").await, Outcome::Needless, "the wish was not understood");

    assert_eq!(of_change(&wish(&["refuse"], &[]), &[], |_| {}).await.0, Outcome::Silent);
    assert_eq!(of_change(&wish(&["refuse"], &[]), &["Teams"], |_| {}).await.0, Outcome::Partly);
}

#[tokio::test]
async fn an_agent_that_is_not_valid_is_not_right() {
    let wish = json!({"id": "five", "kind": "remove", "agent": "digest", "wish": "…",
        "expect": {"answer": ["agent"], "lacks_blocks": ["ReadRSSFeed"]}});
    let (outcome, wrong) = of_change(&wish, &[], |agent| {
        let gone = node(agent, "Read the blog feed")["id"].clone();
        agent["nodes"].as_array_mut().unwrap().retain(|node| node["id"] != gone);
    })
    .await;
    assert_eq!(outcome, Outcome::Silent);
    assert!(wrong.iter().any(|wrong| wrong.starts_with("not valid")), "{wrong:?}");
}
