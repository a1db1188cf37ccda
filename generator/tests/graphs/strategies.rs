//! Random graphs, patches and requests.

use std::sync::LazyLock;

use generator::{Builtin, catalogue::Catalogue};
use proptest::prelude::*;
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{Decomposition, Draft};

pub(crate) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

/// Few ids, so that links meet nodes, and some odd ones.
fn id() -> impl Strategy<Value = Value> {
    let odd = ["", " ", "a", "b", "c", "d", "e", "f", "\u{0}", "__proto__", "a\n1. b", "\u{202e}x", "_#_", "{{x}}"];
    prop_oneof![
        12 => prop::sample::select(odd.to_vec()).prop_map(Value::from),
        1 => "\\PC{0,300}".prop_map(Value::from),
        1 => prop::sample::select(vec![json!(null), json!(7), json!(["a"]), json!({"a": "a"})]),
    ]
}

fn block() -> impl Strategy<Value = Value> {
    (0..CATALOGUE.blocks().len() + 3).prop_map(|at| match CATALOGUE.blocks().get(at) {
        Some(block) => json!(block.id),
        None => [json!("unknown"), json!(null), json!(1)][at - CATALOGUE.blocks().len()].clone(),
    })
}

/// Common names of fields, parts of them, and others.
fn field() -> impl Strategy<Value = String> {
    let names = [
        "text",
        "name",
        "value",
        "result",
        "prompt",
        "format",
        "model",
        "style",
        "values",
        "list",
        "updated_list",
        "entry",
        "entries",
        "credentials",
        "code",
        "response",
        "summary",
        "values_#_x",
        "prompt_values_#_x",
        "entry_#_title",
        "values_#_x_#_y",
        "prompt_values",
        "max_tokens",
        "dictionary",
        "input",
        "output",
        "trigger",
        "nothing",
        "",
        "_#_",
    ];
    prop_oneof![8 => prop::sample::select(names.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,40}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        prop::sample::select(vec![
            "60",
            "true",
            " 1.50 ",
            "[1]",
            "{\"a\":{}}",
            "GPT_4O",
            "Bullet-Points",
            "print(1)",
            "-",
            ""
        ])
        .prop_map(Value::from),
        "[{}x \\PC]{0,30}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(field(), inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

fn position() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        (-3..5_i64).prop_map(|step| json!(step * 400)),
        any::<f64>().prop_map(|number| json!(number)),
        Just(json!("0")),
    ];
    prop_oneof![
        4 => (number.clone(), number).prop_map(|(x, y)| json!({"position": {"x": x, "y": y}, "customized_name": "N"})),
        1 => prop::sample::select(vec![json!(null), json!({}), json!(7), json!({"position": []})]),
    ]
}

fn node() -> impl Strategy<Value = Value> {
    let values = prop::collection::hash_map(field(), value(), 0..5).prop_map(|map| json!(map));
    let values = prop_oneof![6 => values, 1 => value()];
    (id(), block(), values, position(), any::<bool>()).prop_map(|(id, block, values, metadata, whole)| {
        let mut node = json!({"id": id, "block_id": block, "input_default": values, "metadata": metadata, "kept": 1});
        if !whole {
            node.as_object_mut().unwrap().shift_remove("metadata");
        }
        node
    })
}

fn link() -> impl Strategy<Value = Value> {
    (id(), id(), field(), id(), field(), prop::option::of(any::<bool>())).prop_map(
        |(id, source, output, sink, input, is_static)| {
            json!({"id": id, "source_id": source, "source_name": output, "sink_id": sink, "sink_name": input, "is_static": is_static})
        },
    )
}

pub(crate) fn graph() -> impl Strategy<Value = Value> {
    let nodes = prop::collection::vec(prop_oneof![20 => node(), 1 => value()], 0..9);
    let links = prop::collection::vec(prop_oneof![20 => link(), 1 => value()], 0..12);
    (nodes, links, value())
        .prop_map(|(nodes, links, extra)| json!({"name": "x", "extra": extra, "nodes": nodes, "links": links}))
}

/// A valid agent.
pub(crate) fn valid() -> impl Strategy<Value = Value> {
    let goals = [
        "Summarise a web page",
        "Read a web page, translate it into French, summarise it and post the summary to Slack",
        "Find the five newest posts of an RSS feed, summarise each and post the summaries to Discord and e-mail them",
        "Read a spreadsheet and e-mail a summary of it if it mentions a loss",
    ];
    prop::sample::select(goals.to_vec()).prop_map(|goal| {
        let Ok(Decomposition::Instructions { steps, .. }) = Builtin::new().decompose_now(goal, None) else {
            panic!("{goal}")
        };
        let steps: Value = serde_json::from_str(steps.get()).unwrap();
        match Builtin::new().generate_now(&to_raw_value(&json!({"steps": steps})).unwrap()) {
            Ok(Draft::Agent(agent, _)) => serde_json::from_str(agent.get()).unwrap(),
            other => panic!("{goal}: {other:?}"),
        }
    })
}

/// Patches that name nodes and links by index; see `addressed`.
pub(crate) fn patches() -> impl Strategy<Value = Vec<Value>> {
    let place = || any::<prop::sample::Index>();
    let patch = prop_oneof![
        (place(), field(), value()).prop_map(
            |(at, name, value)| json!({"kind": 0, "at": at.index(1000), "changes": {"input_default": {name: value}}})
        ),
        (place(), position())
            .prop_map(|(at, metadata)| json!({"kind": 0, "at": at.index(1000), "changes": {"metadata": metadata}})),
        (place(), block())
            .prop_map(|(at, block)| json!({"kind": 0, "at": at.index(1000), "changes": {"block_id": block}})),
        (node(), link(), place())
            .prop_map(|(node, link, at)| json!({"kind": 1, "node": node, "link": link, "at": at.index(1000)})),
        place().prop_map(|at| json!({"kind": 2, "at": at.index(1000)})),
        place().prop_map(|at| json!({"kind": 3, "at": at.index(1000)})),
    ];
    prop::collection::vec(patch, 1..4)
}

pub(crate) fn addressed(agent: &Value, patches: &[Value]) -> Value {
    let id = |key: &str, at: &Value| {
        let all = agent[key].as_array().unwrap();
        all[usize::try_from(at.as_u64().unwrap()).unwrap() % all.len()]["id"].clone()
    };
    let patch = |patch: &Value| match patch["kind"].as_u64().unwrap() {
        0 => json!({"type": "modify", "node_id": id("nodes", &patch["at"]), "changes": patch["changes"]}),
        1 => {
            let mut link = patch["link"].clone();
            link["source_id"] = id("nodes", &patch["at"]);
            link["sink_id"] = patch["node"]["id"].clone();
            json!({"type": "add", "new_nodes": [patch["node"]], "new_links": [link]})
        }
        2 => json!({"type": "remove", "node_ids": [id("nodes", &patch["at"])]}),
        _ => json!({"type": "remove", "link_ids": [id("links", &patch["at"])]}),
    };
    patches.iter().map(patch).collect()
}

/// Requests in known forms about existing steps.
pub(crate) fn wish() -> impl Strategy<Value = String> {
    let things = [
        "the summary",
        "Slack",
        "the web page",
        "translation",
        "the feed",
        "Discord",
        "the e-mail",
        "the first step",
        "the last step",
        "the subject",
        "the page URL",
        "the spreadsheet",
        "entries",
        "the condition",
        "the focus",
        "2",
    ];
    let forms = [
        "move {} before {}",
        "move {} after {}",
        "{} before {}",
        "remove {}",
        "replace {} with {}",
        "use {} instead of {}",
        "output {}",
        "clear {}",
        "set {} to {}",
        "add a step that summarises {} before {}",
        "post {} to Discord",
        "translate {} before {}",
        "rename it to {}",
        "get rid of {} and output {}",
    ];
    let thing = || prop::sample::select(things.to_vec());
    (prop::sample::select(forms.to_vec()), thing(), thing())
        .prop_map(|(form, one, other)| form.replacen("{}", one, 1).replacen("{}", other, 1))
}
