//! The largest legal request of every hostile shape: legal in size and form, and made to cost much.

mod fill;
mod words;

use std::{iter, sync::Arc};

use kit::{behaviour::Behaviour, events};
use serde_json::{Value, json};

use self::{
    fill::{AROUND, FILLINGS, agent, context, filled, grown, repeated, shown, with_hole},
    words::{GOALS, WISHES},
};
use crate::{
    fake_aws::{GENERATE_LONG_JOB, INTERNAL_KEY, LONG, PATCH_LONG_JOB, TAKEN_OVER},
    fake_library::KEPT,
    stage::Role,
    workload::event_of,
};

/// Limits of docs/CONTRACT.md, section 3.
const BODY: usize = 1024 * 1024;
const LARGE_BODY: usize = 5 * 1024 * 1024;
const TEXT: usize = 20_000;
const NODES: usize = 1_000;
const LINKS: usize = 5_000;
const STEPS: usize = 500;
const INPUTS: usize = 200;
/// What the built-in generator takes at once.
const CLAUSES: usize = 100;
const CHANGES: usize = 20;
/// A message of SQS, in bytes.
const MESSAGE: usize = 1024 * 1024;
/// An `Authorization` header that API Gateway passes on, in bytes.
const HEADER: usize = 10_240;
/// A request that may be large, and what the generator answers to it.
pub struct Shape {
    pub function: &'static str,
    pub role: Role,
    /// What is large.
    pub kind: &'static str,
    /// What it is made of.
    of: String,
    event: Box<dyn FnOnce() -> Value + Send>,
    answer: Box<dyn FnOnce() -> Behaviour + Send>,
}

pub struct Hostile {
    pub function: &'static str,
    pub role: Role,
    pub kind: &'static str,
    pub of: String,
    pub event: Vec<u8>,
    pub behaviour: Arc<Behaviour>,
}

impl Shape {
    /// Call this for one after the other: all together take gigabytes.
    pub fn build(self) -> Hostile {
        let Self { function, role, kind, of, event, answer } = self;
        Hostile { function, role, kind, of, event: event().to_string().into_bytes(), behaviour: Arc::new(answer()) }
    }
}

/// Every shape of a function, ordered by role.
///
/// # Panics
/// If there is no such function.
pub fn shapes(function: &'static str) -> Vec<Shape> {
    match function {
        "decompose" => decompose().chain(answers(function)).collect(),
        "generate" => generate().chain(answers(function)).chain(jobs(function, GENERATE_LONG_JOB)).collect(),
        "patch" => patch().chain(answers(function)).chain(jobs(function, PATCH_LONG_JOB)).collect(),
        "operations" => operations().collect(),
        "library" => library().collect(),
        "catalog" => one(function, Role::Builtin, ("path", "`a/`"), || {
            events::rest("GET", &format!("/{}", "a/".repeat(50_000)), "")
        })
        .collect(),
        "deliver" => messages(function, Role::Deliver).collect(),
        "authorizer" => authorizer().collect(),
        other => panic!("no such function: {other}"),
    }
}

fn shape(
    function: &'static str,
    role: Role,
    (kind, of): (&'static str, impl Into<String>),
    event: impl FnOnce() -> Value + Send + 'static,
    answer: impl FnOnce() -> Behaviour + Send + 'static,
) -> Shape {
    Shape { function, role, kind, of: of.into(), event: Box::new(event), answer: Box::new(answer) }
}

fn one(
    function: &'static str,
    role: Role,
    kind: (&'static str, &'static str),
    event: impl FnOnce() -> Value + Send + 'static,
) -> impl Iterator<Item = Shape> {
    iter::once(shape(function, role, kind, event, Behaviour::good))
}

/// Goals of the longest text, most of which ask for too much at once, and of the most clauses.
fn goals(function: &'static str) -> impl Iterator<Item = Shape> {
    let goal = move |kind: &'static str, words: &'static str, text: fn(&str) -> String| {
        let event = move || {
            let body = json!({"description": text(words)});
            events::rest("POST", &format!("/{function}"), &body.to_string())
        };
        shape(function, Role::Builtin, (kind, shown(words)), event, Behaviour::good)
    };
    let longest = GOALS.into_iter().map(move |words| goal("longest goal", words, |words| repeated(words, TEXT)));
    let most = GOALS.into_iter().map(move |words| goal("goal of most clauses", words, |words| words.repeat(CLAUSES)));
    longest.chain(most)
}

fn decompose() -> impl Iterator<Item = Shape> {
    let request = || json!({"description": "Send an e-mail"});
    goals("decompose").chain(filled_bodies("decompose", Role::Builtin, &[], BODY, request))
}

fn generate() -> impl Iterator<Item = Shape> {
    let instructions = |of: &'static str, steps: fn() -> Vec<Value>| {
        let event = move || {
            let body = json!({"instructions": {"steps": steps()}}).to_string();
            assert!(body.len() <= BODY, "{of}: {} bytes", body.len());
            events::rest("POST", "/generate", &body)
        };
        shape("generate", Role::Builtin, ("steps", of), event, Behaviour::good)
    };
    let steps = [
        instructions("one sentence", || vec![json!("summarise it"); STEPS]),
        instructions("an e-mail", || vec![json!("send an e-mail to a@b.example"); STEPS]),
        instructions("conditions", || vec![json!("if x is greater than 5 then send an e-mail"); STEPS]),
        instructions("long sentences", || vec![json!(repeated("send an e-mail and ", BODY / STEPS - 10)); STEPS]),
        instructions("one long word", || vec![json!("a".repeat(BODY / STEPS - 10)); STEPS]),
        instructions("one block", || vec![json!({"block_name": "AITextGeneratorBlock", "description": "x"}); STEPS]),
        instructions("unknown blocks", || {
            vec![json!({"block_name": repeated("a b c d e f g ", 1_900), "description": "x"}); STEPS]
        }),
        instructions("most inputs", || {
            let inputs = vec![json!({"name": "prompt", "value": 0}); INPUTS];
            vec![json!({"block_name": "AITextGeneratorBlock", "inputs": inputs}); 170]
        }),
        instructions("numbers", || (0..STEPS).map(|number| json!(number)).collect()),
    ];
    let request = || json!({"description": "Send an e-mail"});
    let bodies = filled_bodies("generate", Role::Builtin, &[], BODY, request);
    let accepted = filled_bodies("generate", Role::Worker, &[("Prefer", "respond-async")], BODY, request);
    steps.into_iter().chain(goals("generate")).chain(bodies).chain(accepted)
}

fn patch() -> impl Iterator<Item = Shape> {
    let wishes = |kind: &'static str, agent: fn() -> Value, text: fn(&str) -> String| {
        WISHES.into_iter().map(move |words| {
            let event = move || {
                let body = json!({"changes": text(words), "context": context(), "current_agent_json": agent()});
                events::rest("POST", "/patch", &body.to_string())
            };
            shape("patch", Role::Builtin, (kind, shown(words)), event, Behaviour::good)
        })
    };
    let longest: fn(&str) -> String = |words| repeated(words, TEXT);
    let most: fn(&str) -> String = |words| words.repeat(CHANGES);
    let places = [("value in the agent", "/nodes/0/input_default/table"), ("field of the agent", "/x")];
    let inside = places.into_iter().flat_map(|(kind, path)| {
        FILLINGS.into_iter().map(move |(of, filling)| {
            let event = move || {
                let body = json!({"changes": "rename it to Foo", "current_agent_json": with_hole(path)});
                events::rest("POST", "/patch", &filled(&body.to_string(), filling, LARGE_BODY))
            };
            shape("patch", Role::Builtin, (kind, of), event, Behaviour::good)
        })
    });
    let request = || json!({"changes": "rename it to Foo", "current_agent_json": agent()});
    let bodies = filled_bodies("patch", Role::Builtin, &[], LARGE_BODY, request);
    let accepted = filled_bodies("patch", Role::Worker, &[("Prefer", "respond-async")], LARGE_BODY, request);
    wishes("longest wish, most nodes and links", || grown(NODES, LINKS), longest)
        .chain(wishes("most changes, a small agent", agent, most))
        .chain(wishes("most changes, most nodes", || grown(NODES, 0), most))
        .chain(wishes("most changes, most nodes and links", || grown(NODES, LINKS), most))
        .chain(inside)
        .chain(bodies)
        .chain(accepted)
}

/// A generator's longest answers.
fn answers(function: &'static str) -> impl Iterator<Item = Shape> {
    let around = |kind: &'static str, form: &'static str| {
        FILLINGS.into_iter().map(move |(of, filling)| {
            let answer = move || Behaviour::answers(200, filled(form, filling, LARGE_BODY));
            shape(function, Role::Remote, (kind, of), move || event_of(function), answer)
        })
    };
    let error = || {
        let text = json!({"success": false, "error": repeated("a\n", LARGE_BODY / 2 - AROUND)});
        Behaviour::answers(200, text.to_string())
    };
    let error = shape(function, Role::Remote, ("error of the generator", "`a\\n`"), move || event_of(function), error);
    around("agent of the generator", r#"{"success":true,"agent_json":{"x":"HOLE"}}"#)
        .chain(around(
            "questions of the generator",
            r#"{"success":true,"type":"clarifying_questions","questions":"HOLE"}"#,
        ))
        .chain(around("steps of the generator", r#"{"success":true,"type":"instructions","steps":"HOLE"}"#))
        .chain(iter::once(error))
}

/// A job whose request is as long as a request can be, and messages of no form.
fn jobs(function: &'static str, id: &'static str) -> impl Iterator<Item = Shape> {
    let job = one(function, Role::Worker, ("stored request", "numbers"), move || {
        events::sqs(&json!({"operation_id": id}).to_string())
    });
    job.chain(messages(function, Role::Worker))
}

fn operations() -> impl Iterator<Item = Shape> {
    let key = [("x-api-key", INTERNAL_KEY)];
    let path = format!("/operations/{TAKEN_OVER}/complete");
    let completions = FILLINGS.into_iter().map(move |(of, filling)| {
        let path = path.clone();
        let event = move || {
            let body = json!({"success": true, "result": {"agent_json": {"x": "HOLE"}}});
            events::rest_with("POST", &path, &filled(&body.to_string(), filling, LARGE_BODY), &key)
        };
        shape("operations", Role::Operations, ("completion", of), event, Behaviour::good)
    });
    let read = one("operations", Role::Operations, ("stored result", "numbers"), || {
        events::rest("GET", &format!("/operations/{LONG}"), "")
    });
    completions.chain(read).chain(messages("operations", Role::Operations))
}

/// The longest agents to be kept, and one to be restored.
fn library() -> impl Iterator<Item = Shape> {
    let path = format!("/agents/{KEPT}");
    let places = [("value in a kept agent", "/nodes/0/input_default/table"), ("field of a kept agent", "/x")];
    let (put, restored) = (path.clone(), format!("{path}/versions/1/restore"));
    let changes = places.into_iter().flat_map(move |(kind, place)| {
        let put = put.clone();
        FILLINGS.into_iter().map(move |(of, filling)| {
            let put = put.clone();
            let event = move || {
                let body = json!({"agent_json": with_hole(place)});
                events::rest_with("PUT", &put, &filled(&body.to_string(), filling, LARGE_BODY), &[("If-Match", "*")])
            };
            shape("library", Role::Library, (kind, of), event, Behaviour::good)
        })
    });
    let nodes = one("library", Role::Library, ("most nodes and links", "kept"), move || {
        let body = json!({"agent_json": grown(NODES, LINKS)}).to_string();
        events::rest_with("PUT", &path, &body, &[("If-Match", "*")])
    });
    let restored = one("library", Role::Library, ("restored version", "numbers"), move || {
        events::rest_with("POST", &restored, "", &[("If-Match", "*")])
    });
    changes.chain(nodes).chain(restored)
}

fn authorizer() -> impl Iterator<Item = Shape> {
    ["x", "e30.", "ü"].into_iter().map(|part| {
        let event = move || {
            let method = "arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/POST/decompose";
            let token = format!("Bearer {}", repeated(part, HEADER));
            json!({"type": "TOKEN", "authorizationToken": token, "methodArn": method})
        };
        shape("authorizer", Role::Authorizer, ("token", shown(part)), event, Behaviour::good)
    })
}

/// The longest messages of a queue.
fn messages(function: &'static str, role: Role) -> impl Iterator<Item = Shape> {
    FILLINGS.into_iter().map(move |(of, filling)| {
        let event = move || events::sqs(&filled(r#"{"operation_id":"unknown","x":"HOLE"}"#, filling, MESSAGE));
        shape(function, role, ("message", of), event, Behaviour::good)
    })
}

/// A small request with a large field that nobody reads: a list of each filling, and an object of many keys.
fn filled_bodies(
    function: &'static str,
    role: Role,
    headers: &'static [(&'static str, &'static str)],
    limit: usize,
    request: fn() -> Value,
) -> impl Iterator<Item = Shape> {
    let post = move |body: &str| events::rest_with("POST", &format!("/{function}"), body, headers);
    let lists = FILLINGS.into_iter().map(move |(of, filling)| {
        let event = move || {
            let mut body = request();
            body["x"] = json!("HOLE");
            post(&filled(&body.to_string(), filling, limit))
        };
        shape(function, role, ("unknown field", of), event, Behaviour::good)
    });
    let keys = move || {
        let body = request().to_string();
        let count = (limit - body.len() - AROUND) / r#""00000":0,"#.len();
        let keys: String = (0..count).map(|key| format!("\"{key:05x}\":0,")).collect();
        post(&body.replacen('{', &format!("{{{keys}"), 1))
    };
    lists.chain(iter::once(shape(function, role, ("unknown fields", "`\"00000\":0`"), keys, Behaviour::good)))
}
