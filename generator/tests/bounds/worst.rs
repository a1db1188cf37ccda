//! The largest legal requests of every hostile shape, for the tests and for the benchmark.

use generator::{Builtin, Watch};
use serde_json::{Value, json, value::RawValue};
use shared::{
    failure::Failure,
    limits::{CHANGES, CLAUSES, INPUTS, LINKS, NODES, STEPS},
    port::{Decomposition, Draft},
};

/// The longest goal, wish or context, in characters.
const LONGEST: usize = 20_000;
/// The longest instructions, in bytes, with room for the rest of the request.
const INSTRUCTIONS: usize = 1_000_000;

const INPUT: &str = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b";
const AI: &str = "1f292d4a-41a4-4977-9684-7c8d560b9f91";

pub(crate) enum Request {
    Decompose { goal: String, context: Option<String> },
    Generate { instructions: Box<RawValue> },
    Patch { wish: String, agent: Box<RawValue> },
}

impl Request {
    /// Asks the built-in generator; says only whether it could.
    pub(crate) fn ask(&self, builtin: &Builtin, watch: Watch<'_>) -> Result<(), Failure> {
        match self {
            Self::Decompose { goal, context } => builtin.decompose_within(goal, context.as_deref(), watch).map(drop),
            Self::Generate { instructions } => builtin.generate_within(instructions, watch).map(drop),
            Self::Patch { wish, agent } => builtin.patch_within(wish, agent, watch).map(drop),
        }
    }
}

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) request: Request,
    /// Asks for the same many times.
    pub(crate) repeats: bool,
}

pub(crate) fn text(json: impl ToString) -> Box<RawValue> {
    RawValue::from_string(json.to_string()).unwrap_or_default()
}

fn words(unit: &str, times: usize) -> String {
    unit.repeat(times.min(LONGEST / unit.len()))
}

/// As many different words as a person may send.
fn different_words() -> String {
    let mut all = (0..3_000).map(|at| format!("word{at} ")).collect::<String>();
    all.truncate(LONGEST);
    all
}

/// Steps, as many as there may be and as fit.
fn steps(make: impl Fn(usize) -> Value) -> Box<RawValue> {
    let (mut all, mut size) = (Vec::new(), 0);
    for at in 0..STEPS.most {
        let step = make(at);
        size += step.to_string().len() + 1;
        if size > INSTRUCTIONS {
            break;
        }
        all.push(step);
    }
    text(json!({"steps": all}))
}

fn own(at: usize, block: &str, inputs: &Value) -> Value {
    let mut step = json!({"block_id": block, "inputs": inputs});
    if let (0, Some(step)) = (at, step.as_object_mut()) {
        step.insert("agent".to_owned(), json!({"name": "Row", "description": ""}));
    }
    step
}

/// What decompose and generate make of a goal.
pub(crate) fn agent(goal: &str) -> Value {
    let builtin = Builtin::new();
    let Ok(Decomposition::Instructions { steps, .. }) = builtin.decompose_now(goal, None) else { return Value::Null };
    let Ok(Draft::Agent(agent, _)) = builtin.generate_now(&text(format!(r#"{{"steps":{}}}"#, steps.get()))) else {
        return Value::Null;
    };
    serde_json::from_str(agent.get()).unwrap_or_default()
}

/// An agent with as many nodes and links as there may be: its own nodes again and again, linked among each other.
pub(crate) fn largest() -> Value {
    let mut agent = agent("Read an RSS feed, summarise it, post the summary to Slack and e-mail it");
    let list = |agent: &Value, key: &str| agent.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let (mut nodes, mut links) = (list(&agent, "nodes"), list(&agent, "links"));
    let own = nodes.len();
    let id = |node: &Value| node.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    for at in nodes.len()..NODES.most {
        let mut copy = nodes.get(at % own).cloned().unwrap_or_default();
        if let Some(copy) = copy.as_object_mut() {
            copy.insert("id".to_owned(), format!("copy-{at}").into());
        }
        nodes.push(copy);
    }
    for at in links.len()..LINKS.most {
        let end = |at: usize| nodes.get(at % nodes.len()).map(id);
        links.push(json!({"id": format!("more-{at}"), "source_id": end(at), "source_name": "result",
                          "sink_id": end(at * 7 + 1), "sink_name": "value", "is_static": false}));
    }
    if let Some(agent) = agent.as_object_mut() {
        agent.insert("nodes".to_owned(), nodes.into());
        agent.insert("links".to_owned(), links.into());
    }
    agent
}

/// An agent that sends by e-mail what went through as many converters as there may be.
fn helpers() -> Box<RawValue> {
    const CONVERTER: &str = "95d1b990-ce13-4d88-9737-ba5c2070c97b";
    const MAIL: &str = "4335878a-394e-4e67-adf2-919877ff49ae";
    let last = NODES.most - 1;
    let node = |at: usize| {
        let block = match at {
            0 => INPUT,
            at if at == last => MAIL,
            _ => CONVERTER,
        };
        json!({"id": at.to_string(), "block_id": block, "input_default": {}, "metadata": {}})
    };
    let link = |at: usize| {
        let (output, input) = (if at == 1 { "result" } else { "value" }, if at == last { "body" } else { "value" });
        json!({"id": format!("l{at}"), "source_id": (at - 1).to_string(), "source_name": output,
               "sink_id": at.to_string(), "sink_name": input, "is_static": at == 1})
    };
    text(
        json!({"name": "Row", "nodes": (0..=last).map(node).collect::<Value>(), "links": (1..=last).map(link).collect::<Value>()}),
    )
}

/// The largest agent, with another title for each node.
fn titled() -> Box<RawValue> {
    let mut agent = largest();
    for (at, node) in agent.get_mut("nodes").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        if let Some(node) = node.as_object_mut() {
            node.insert("metadata".to_owned(), json!({"customized_name": format!("Word{at} e-mail subject step")}));
        }
    }
    text(agent)
}

/// The request as the functions hand it over.
fn wish(changes: &str, context: &str) -> String {
    format!("{changes}\n\nAdditional context:\n{context}")
}

const WISHES: [&str; 14] = [
    "rename it to x. ",
    "remove the e-mail step. ",
    "remove the last step. ",
    "remove x. ",
    "set the subject to x. ",
    "set x to 1. ",
    "clear the subject. ",
    "use gpt-4o. ",
    "use x. ",
    "replace Slack with Discord. ",
    "put a delay before the e-mail step. ",
    "show the summary as an output. ",
    "add a step that sends an e-mail. ",
    "summarize it. ",
];

const GOALS: [&str; 10] = [
    "if x then ",
    "a list of x, y and z ",
    "summarise each item and ",
    "search the web for x and ",
    "fetch the news. ",
    "after 3 days send a mail ",
    "news on Tesla of Notion ",
    "“",
    "a ",
    "a\n",
];

/// `agent_bytes` is how long bulky agents are.
pub(crate) fn cases(agent_bytes: usize) -> Vec<Case> {
    let mut all = Vec::new();
    let mut case = |name: String, request: Request| {
        let repeats = name.contains("wishes");
        all.push(Case { name, request, repeats });
    };
    for unit in GOALS {
        let goal = words(unit, CLAUSES.most);
        case(
            format!("goal: {unit:?} {} times", CLAUSES.most),
            Request::Decompose { goal, context: Some(different_words()) },
        );
        case(
            format!("goal: 20,000 characters of {unit:?}"),
            Request::Decompose { goal: words(unit, LONGEST), context: None },
        );
    }
    for (name, instructions) in instructions() {
        case(format!("steps: {name}"), Request::Generate { instructions });
    }
    let large = text(largest());
    for unit in WISHES {
        let asked = wish(&words(unit, CHANGES.most), &different_words());
        case(format!("{} wishes: {unit:?}", CHANGES.most), Request::Patch { wish: asked, agent: large.clone() });
        case(format!("one wish: {unit:?}"), Request::Patch { wish: unit.to_owned(), agent: large.clone() });
    }
    for verb in ["remove", "set", "show", "use", "replace", "add"] {
        let asked = format!("{verb} {}", different_words());
        case(format!("one wish of 3,000 words: {verb}"), Request::Patch { wish: asked, agent: large.clone() });
    }
    for (name, agent) in [("helpers in a row", helpers()), ("a title for each node", titled())] {
        for unit in
            ["remove the e-mail step. ", "set the body to x. ", "remove the last step. ", "use the subject step. "]
        {
            let asked = wish(&words(unit, CHANGES.most), &different_words());
            case(
                format!("{} wishes: {unit:?}, {name}", CHANGES.most),
                Request::Patch { wish: asked, agent: agent.clone() },
            );
        }
    }
    for (name, agent) in bulky(agent_bytes) {
        case(format!("bulky: {name}"), Request::Patch { wish: "rename it to Daily".to_owned(), agent });
    }
    all
}

fn instructions() -> Vec<(&'static str, Box<RawValue>)> {
    let chain = |at: usize| match at {
        0 => own(0, INPUT, &json!([{"name": "name", "value": "n"}])),
        at => own(at, AI, &json!([{"name": "prompt", "source": {"step": at, "output": "result"}}])),
    };
    let many = |at: usize| {
        let input = |part: usize| json!({"name": format!("prompt_values_#_{part}"), "value": 0});
        own(at, AI, &(0..INPUTS.most).map(input).collect())
    };
    let foreign = |words: String| move |_: usize| Value::from(words.as_str());
    vec![
        ("own, in a row", steps(chain)),
        ("own, with the most inputs", steps(many)),
        ("own, of one name", steps(|at| own(at, INPUT, &json!([{"name": "name", "value": "n"}])))),
        ("words", steps(foreign("summarize it".to_owned()))),
        ("words about mail", steps(foreign("send an e-mail to a@b.co".to_owned()))),
        ("words with conditions", steps(foreign("if x is greater than 5 then send an e-mail".to_owned()))),
        ("words about lists", steps(foreign("for each item of the list fetch the page".to_owned()))),
        ("words that mean nothing", steps(foreign("zzz".to_owned()))),
        ("long words", steps(foreign("a".repeat(90_000)))),
        ("blocks", steps(|_| json!({"block_id": AI, "description": "summarize it"}))),
        (
            "blocks with the most inputs",
            steps(|at| {
                let input =
                    |part: usize| json!({"name": format!("prompt_values_#_{part}"), "value": format!("step {at}")});
                json!({"block_id": AI, "description": "x", "inputs": (0..INPUTS.most).map(input).collect::<Value>()})
            }),
        ),
        (
            "blocks by meaning",
            steps(|_| json!({"block_name": "a b c d e f g h i j k l m n o p ".repeat(60), "description": "x"})),
        ),
        (
            "bulky",
            text(format!(
                r#"{{"steps":[{{"block_id":"{AI}","agent":{{"name":"x"}},"inputs":[{{"name":"prompt_values","value":[{}]}}]}}]}}"#,
                fill("[[]]", INSTRUCTIONS)
            )),
        ),
        ("bulky beside", text(format!(r#"{{"steps":["zzz"],"x":[{}]}}"#, fill("[[]]", INSTRUCTIONS)))),
    ]
}

fn fill(unit: &str, bytes: usize) -> String {
    vec![unit; bytes / (unit.len() + 1)].join(",")
}

/// Agents of this many bytes, of which a tree takes up to 70 times as much.
pub(crate) fn bulky(bytes: usize) -> Vec<(String, Box<RawValue>)> {
    let agent = agent("Summarise a web page and e-mail the summary").to_string();
    let mut all = Vec::new();
    for unit in ["[[]]", r#"{"":0}"#, "0", "0.123", "1e5", r#""""#] {
        let value = format!("[{}]", fill(unit, bytes));
        let beside = agent.replacen('{', &format!(r#"{{"x":{value},"#), 1);
        let among = agent.replacen(r#""input_default":{"#, &format!(r#""input_default":{{"table":{value},"#), 1);
        let metadata = agent.replacen(r#""metadata":{"#, &format!(r#""metadata":{{"x":{value},"#), 1);
        for (place, text_of) in [("beside the nodes", beside), ("among values", among), ("in metadata", metadata)] {
            all.push((format!("{unit} {place}"), text(text_of)));
        }
    }
    all
}
