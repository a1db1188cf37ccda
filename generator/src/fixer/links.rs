//! Fixes for links.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::graph::{Work, text};
use crate::catalogue::{schema::Types, special};

/// Nodes and links without an id get one, and so do links with a duplicate id. Nodes with a duplicate id stay: it is
/// unknown which of them a link means.
pub(super) fn ids(work: &mut Work<'_>) {
    for at in 0..work.nodes.len() {
        let nameless = work.reaches_nameless()
            && work.nodes.get(at).is_some_and(|node| node.is_object() && node.get("id").is_none_or(Value::is_null));
        if nameless {
            let id = work.fresh_id();
            if let Some(node) = work.nodes.get_mut(at).and_then(Value::as_object_mut) {
                node.insert("id".to_owned(), id.into());
            }
        }
    }
    let mut seen = HashSet::new();
    for at in 0..work.links.len() {
        let Some(link) = work.links.get(at).filter(|link| link.is_object()) else { continue };
        let nameless = work.reaches_nameless() && link.get("id").is_none_or(Value::is_null);
        let again = text(link, "id").is_some_and(|id| !seen.insert(id.to_owned())) && work.reaches_link(link);
        if nameless || again {
            let id = work.fresh_id();
            if let Some(link) = work.links.get_mut(at).and_then(Value::as_object_mut) {
                link.insert("id".to_owned(), id.into());
            }
        }
    }
}

/// Links from code that ends with a `print` take its standard output: `response` is the value of the last expression.
pub(super) fn printed_output(work: &mut Work<'_>) {
    let prints = |node: &Value| {
        let code = node.pointer("/input_default/code").and_then(Value::as_str).unwrap_or_default();
        let last = code.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        text(node, "block_id") == Some(special::EXECUTE_CODE)
            && (last.starts_with("print(") || last.starts_with("console.log("))
    };
    let printing: HashSet<String> =
        work.nodes.iter().filter(|node| prints(node)).filter_map(|node| text(node, "id")).map(str::to_owned).collect();
    for at in 0..work.links.len() {
        let Some(link) = work.links.get(at).filter(|link| work.reaches_link(link)) else { continue };
        let from_printer = text(link, "source_id").is_some_and(|id| printing.contains(id));
        if from_printer && text(link, "source_name") == Some("response") {
            set(work, at, "source_name", "stdout_logs".into());
        }
    }
}

/// Inserts a converter between incompatible types, if the catalogue has one.
pub(super) fn link_types(work: &mut Work<'_>) {
    if work.catalogue.by_id(special::CONVERTER).is_none() {
        return;
    }
    let index = work.index();
    for at in 0..work.links.len() {
        let Some(link) = work.links.get(at).filter(|link| work.reaches_link(link)) else { continue };
        let end = |key: &str| text(link, key).map(str::to_owned);
        let (Some(source), Some(output), Some(sink), Some(input)) =
            (end("source_id"), end("source_name"), end("sink_id"), end("sink_name"))
        else {
            continue;
        };
        let block = |id: &str| index.get(id).and_then(|at| work.block(*at));
        let types = block(&source).and_then(|block| block.output_type(&output));
        let Some((from, to)) = types.zip(block(&sink).and_then(|block| block.input_type(&input))) else { continue };
        let Some(kind) = kind(to).filter(|_| !from.flows_into(to)) else { continue };
        let is_static = block(&source).is_some_and(|block| block.static_output);
        let place =
            index.get(&source).and_then(|at| work.nodes.get(*at)).and_then(|node| node.pointer("/metadata/position"));
        let number = |key: &str| place.and_then(|place| place.get(key)?.as_f64()).unwrap_or(0.0);
        // `places` runs later and moves the nodes behind the converter.
        let (x, y) = (number("x") as i64, number("y") as i64);
        let (node, link) = (work.fresh_id(), work.fresh_id());
        work.add(
            json!({
                "id": node,
                "block_id": special::CONVERTER,
                "input_default": {"type": kind},
                "metadata": {"position": {"x": x.saturating_add(800), "y": y}, "customized_name": format!("Convert to {kind}")},
            }),
            json!({"id": link, "source_id": source, "source_name": output, "sink_id": node, "sink_name": "value", "is_static": is_static}),
        );
        set(work, at, "source_id", node.into());
        set(work, at, "source_name", "value".into());
    }
}

/// The converter's name for a type.
fn kind(types: Types) -> Option<&'static str> {
    let kinds = [
        (Types::STRING, "string"),
        (Types::NUMBER, "number"),
        (Types::INTEGER, "number"),
        (Types::BOOLEAN, "boolean"),
        (Types::ARRAY, "list"),
        (Types::OBJECT, "dictionary"),
    ];
    kinds.into_iter().find(|(one, _)| one.is_within(types)).map(|(_, kind)| kind)
}

/// A link is static if and only if its source keeps its value for the whole run.
pub(super) fn static_links(work: &mut Work<'_>) {
    let index = work.index();
    for at in 0..work.links.len() {
        let Some(link) = work.links.get(at).filter(|link| work.reaches_link(link)) else { continue };
        let source = text(link, "source_id").and_then(|id| index.get(id)).and_then(|at| work.block(*at));
        let said = link.get("is_static").and_then(Value::as_bool).unwrap_or(false);
        if let Some(is_static) = source.map(|block| block.static_output).filter(|is_static| *is_static != said) {
            set(work, at, "is_static", is_static.into());
        }
    }
}

fn set(work: &mut Work<'_>, at: usize, key: &str, value: Value) {
    if let Some(link) = work.links.get_mut(at).and_then(Value::as_object_mut) {
        link.insert(key.to_owned(), value);
    }
}
