//! Fixes for templates: texts into which values are inserted.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::graph::{Work, text};
use crate::catalogue::NESTED;

/// The input with the template, and the input with its values.
const TEMPLATES: [(&str, &str); 2] = [("prompt", "prompt_values"), ("format", "values")];

/// Writes the name of a value in double braces, and in a prompt without blanks inside them. Other braces stay: they may be
/// code or JSON.
pub(super) fn template_braces(work: &mut Work<'_>) {
    let mut linked: HashMap<String, HashSet<String>> = HashMap::new();
    for link in &work.links {
        if let (Some(sink), Some((_, part))) =
            (text(link, "sink_id"), text(link, "sink_name").and_then(|name| name.split_once(NESTED)))
        {
            linked.entry(sink.to_owned()).or_default().insert(part.to_owned());
        }
    }
    for at in 0..work.nodes.len() {
        let Some(node) = work.nodes.get(at).filter(|node| work.reaches_node(node)) else { continue };
        let Some(block) = work.block(at) else { continue };
        let known = |name: &str| block.input_schema().properties.get(name).is_some();
        let Some((template, holder)) = TEMPLATES.into_iter().find(|(text, values)| known(text) && known(values)) else {
            continue;
        };
        let mut names = text(node, "id").and_then(|id| linked.get(id)).cloned().unwrap_or_default();
        let values = node.get("input_default").and_then(Value::as_object);
        for (key, value) in values.into_iter().flatten() {
            match key.split_once(NESTED) {
                Some((parent, part)) if parent == holder => drop(names.insert(part.to_owned())),
                None if key == holder => {
                    names.extend(value.as_object().into_iter().flat_map(|all| all.keys().cloned()))
                }
                _ => {}
            }
        }
        let Some(slot) = work.nodes.get_mut(at).and_then(|node| node.get_mut("input_default")?.get_mut(template))
        else {
            continue;
        };
        if let Value::String(said) = slot {
            let right = braced(said, &names, template == "prompt");
            if right != *said {
                *slot = Value::from(right);
            }
        }
    }
}

/// `tight` removes the blanks inside double braces.
fn braced(said: &str, names: &HashSet<String>, tight: bool) -> String {
    let mut out = String::with_capacity(said.len() + 8);
    let mut rest = said;
    while let Some((before, from)) = rest.find('{').and_then(|at| Some((rest.get(..at)?, rest.get(at..)?))) {
        out.push_str(before);
        let opened = from.len() - from.trim_start_matches('{').len();
        let (braces, inside) = from.split_at(opened);
        let name = inside.split(['{', '}']).next().unwrap_or_default();
        let closed = inside.get(name.len()..).map_or(0, |after| after.len() - after.trim_start_matches('}').len());
        let known = names.contains(name.trim());
        let after = match (opened, closed) {
            (1, 1) if known => Some(1),
            (2, 2) if known && tight && name.trim() != name => Some(2),
            _ => None,
        };
        match after {
            Some(closing) => {
                out.push_str("{{");
                out.push_str(name.trim());
                out.push_str("}}");
                rest = inside.get(name.len() + closing..).unwrap_or_default();
            }
            None => {
                out.push_str(braces);
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::braced;

    #[test]
    fn values_reach_the_prompt_and_json_in_it_is_unchanged() {
        let names = ["text".to_owned(), "other".to_owned()].into();
        for (said, right) in [
            ("Sum up {text}", "Sum up {{text}}"),
            ("Sum up {{text}}", "Sum up {{text}}"),
            ("Sum up {{ text }}, {other}", "Sum up {{text}}, {{other}}"),
            (r#"As {"text": {text}}"#, r#"As {"text": {text}}"#),
            ("{unknown} {} { {{{text}}} {text", "{unknown} {} { {{{text}}} {text"),
        ] {
            assert_eq!(braced(said, &names, true), right, "{said}");
        }
        assert_eq!(braced("{{ text }}", &names, false), "{{ text }}");
    }
}
