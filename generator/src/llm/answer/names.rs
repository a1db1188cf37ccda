//! The names that models give to what the forms name otherwise. All are squeezed: letters and digits in lower case.

use crate::{catalogue::letters, text::distance};

/// The property that a list or an object is the value of, a property in it, and its other names, the likeliest first.
/// A name counts only where the form has the property, and where no likelier one is given.
pub(super) const KEYS: [(&str, &str, &[&str]); 41] = [
    ("", "type", &["kind", "answertype", "resulttype", "responsetype", "outcome"]),
    ("", "name", &["title", "agentname", "workflowname", "planname", "agenttitle"]),
    ("", "description", &["summary", "agentdescription", "workflowdescription"]),
    (
        "",
        "recommended_schedule_cron",
        &[
            "schedulecron",
            "recommendedcron",
            "recommendedschedule",
            "cron",
            "cronexpression",
            "cronschedule",
            "schedule",
        ],
    ),
    ("", "steps", &["plan", "workflow", "actions", "nodes", "instructions", "tasks", "blocks", "stages", "pipeline"]),
    ("", "questions", &["clarifyingquestions", "clarifications", "question", "clarifyingquestion"]),
    ("", "reason", &["unachievablereason", "why", "cause"]),
    ("", "suggested_goal", &["suggestion", "suggested", "alternativegoal", "alternative", "bettergoal"]),
    ("", "patches", &["changes", "operations", "edits", "patch", "modifications", "updates", "actions", "ops"]),
    ("", "left_out", &["omitted", "notdone", "missing"]),
    ("steps", "number", &["stepnumber", "step", "stepid", "id", "index", "no", "num", "order", "seq"]),
    (
        "steps",
        "block",
        &["blockname", "blockid", "tool", "toolname", "blocktype", "nodetype", "component", "node", "type"],
    ),
    ("steps", "title", &["name", "action", "stepname", "steptitle", "label"]),
    ("steps", "description", &["instruction", "details", "summary", "purpose"]),
    (
        "steps",
        "inputs",
        &[
            "parameters",
            "arguments",
            "input",
            "params",
            "args",
            "inputvalues",
            "inputdata",
            "inputdefault",
            "config",
            "configuration",
            "settings",
            "bindings",
        ],
    ),
    (
        "inputs",
        "name",
        &["inputname", "input", "key", "field", "inputfield", "parameter", "param", "argument", "property"],
    ),
    ("inputs", "value", &["inputvalue", "val", "literal", "constant", "content", "default"]),
    ("inputs", "source", &["from", "ref", "reference", "link", "linkedfrom", "valuefrom", "inputfrom", "sourceref"]),
    (
        "source",
        "step",
        &["stepnumber", "stepid", "fromstep", "sourcestep", "stepname", "node", "nodeid", "number", "id", "index"],
    ),
    (
        "source",
        "output",
        &[
            "outputname",
            "fromoutput",
            "sourceoutput",
            "outputfield",
            "outputkey",
            "field",
            "key",
            "name",
            "pin",
            "port",
        ],
    ),
    ("questions", "question", &["text", "questiontext", "q", "prompt", "message", "title", "content"]),
    ("questions", "keyword", &["key", "topic", "about", "field", "subject", "id", "name"]),
    ("questions", "example", &["exampleanswer", "sample", "placeholder", "hint", "suggestion", "eg"]),
    ("left_out", "text", &["part", "what", "wish", "request", "goal"]),
    ("left_out", "message", &["why", "explanation", "detail", "details", "description"]),
    ("patches", "type", &["kind", "action", "op", "operation", "patchtype", "changetype"]),
    ("patches", "node_id", &["node", "id", "targetnode", "target"]),
    ("patches", "changes", &["change", "set", "update", "updates", "modifications", "properties"]),
    ("patches", "new_nodes", &["nodes", "node", "newnode", "addnodes", "addednodes", "nodestoadd"]),
    ("patches", "new_links", &["links", "link", "newlink", "addlinks", "addedlinks", "edges", "connections"]),
    ("patches", "node_ids", &["nodeid", "nodes", "node", "ids", "id", "removenodes", "nodestoremove"]),
    ("patches", "link_ids", &["linkid", "links", "link", "edgeids", "edges", "removelinks", "linkstoremove"]),
    ("changes", "block", &["blockname", "blockid", "blocktype"]),
    ("changes", "customized_name", &["customname", "title", "name", "label"]),
    ("changes", "input_default", &INPUTS),
    ("changes", "name", &["title", "agentname"]),
    (
        "changes",
        "recommended_schedule_cron",
        &["schedulecron", "recommendedschedule", "cron", "cronexpression", "schedule"],
    ),
    ("new_nodes", "id", &["nodeid", "newid", "alias"]),
    ("new_nodes", "block", &["blockname", "blockid", "blocktype", "type"]),
    ("new_nodes", "customized_name", &["customname", "title", "name", "label"]),
    ("new_nodes", "input_default", &INPUTS),
];
const INPUTS: [&str; 9] =
    ["inputs", "input", "inputdefaults", "inputvalues", "values", "parameters", "params", "arguments", "defaults"];

/// The names of the ends of a link: a property, and its other names.
pub(super) const ENDS: [(&str, &[&str]); 4] = [
    ("source_id", &["source", "from", "fromid", "sourcenode", "sourcenodeid", "fromnode", "fromnodeid"]),
    ("source_name", &["sourceoutput", "output", "outputname", "fromoutput", "fromname", "sourcehandle", "sourcefield"]),
    (
        "sink_id",
        &["sink", "to", "toid", "target", "targetid", "sinknode", "sinknodeid", "targetnode", "tonode", "tonodeid"],
    ),
    (
        "sink_name",
        &[
            "sinkinput",
            "input",
            "inputname",
            "toinput",
            "toname",
            "targetinput",
            "targethandle",
            "targetname",
            "sinkfield",
        ],
    ),
];

/// A value of an enum, and its other names.
const VALUES: [(&str, &[&str]); 9] = [
    ("instructions", &["plan", "steps", "workflow"]),
    ("clarifying_questions", &["questions", "clarification", "clarify", "needsclarification"]),
    ("unachievable_goal", &["unachievable", "impossible", "notachievable", "cannotbebuilt"]),
    ("vague_goal", &["vague", "unclear", "toovague"]),
    ("patch", &["changes", "edits", "diff"]),
    ("modify", &["update", "change", "edit", "set", "modifynode", "updatenode", "replace"]),
    ("add", &["insert", "create", "new", "addnode", "addnodes", "addlink", "addlinks", "append"]),
    ("remove", &["delete", "removenode", "removenodes", "removelink", "removelinks", "drop"]),
    ("agent", &["agentsettings", "updateagent", "modifyagent", "renameagent", "rename", "metadata"]),
];

/// What models say about their answer beside it.
const COMMENTS: [&str; 22] = [
    "thought",
    "thoughts",
    "thinking",
    "reasoning",
    "rationale",
    "analysis",
    "explanation",
    "note",
    "notes",
    "comment",
    "comments",
    "confidence",
    "message",
    "intent",
    "schema",
    "version",
    "status",
    "success",
    "language",
    "assumptions",
    "observation",
    "id",
];

/// Words for "nothing" where a text is optional.
const NOTHING: [&str; 8] = ["", "none", "null", "na", "nil", "undefined", "notapplicable", "nothing"];

/// The property that a key means among those of an object: the exact name, else another spelling, else another name.
/// `rank` tells how sure that is: 0 is exact.
pub(super) fn property<'p>(of: &str, properties: &[&'p str], key: &str) -> Option<(usize, &'p str)> {
    if let Some(exact) = properties.iter().find(|property| **property == key) {
        return Some((0, exact));
    }
    let squeezed = letters(key);
    let same = |property: &&&str| is_same(&letters(property), &squeezed);
    if let Some(same) = properties.iter().find(same) {
        return Some((1, same));
    }
    let other = |property: &'p str| {
        let names = other_names(of, property)?;
        let at = names.iter().position(|name| is_same(name, &squeezed))?;
        Some((2 + at, property))
    };
    properties.iter().filter_map(|property| other(property)).min_by_key(|(rank, _)| *rank)
}

fn other_names(of: &str, property: &str) -> Option<&'static [&'static str]> {
    if of == "new_links" {
        return ENDS.iter().find(|(name, _)| *name == property).map(|(_, names)| *names);
    }
    KEYS.iter().find(|(place, name, _)| *place == of && *name == property).map(|(_, _, names)| *names)
}

/// The value of an enum that a text means.
pub(super) fn named<'n>(names: impl IntoIterator<Item = &'n str>, text: &str) -> Option<&'n str> {
    let squeezed = letters(text);
    let others =
        |name: &str| VALUES.iter().find(|(value, _)| *value == name).map(|(_, others)| *others).unwrap_or_default();
    let names: Vec<&str> = names.into_iter().collect();
    let same = names.iter().find(|name| is_same(&letters(name), &squeezed));
    same.or_else(|| names.iter().find(|name| others(name).contains(&squeezed.as_str()))).copied()
}

/// Equal, or singular and plural.
fn is_same(one: &str, other: &str) -> bool {
    one == other || one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
}

pub(super) fn is_comment(key: &str) -> bool {
    let squeezed = letters(key);
    COMMENTS.contains(&squeezed.as_str())
        || ["reasoning", "explanation", "rationale"].iter().any(|end| squeezed.ends_with(end))
}

pub(super) fn is_nothing(text: &str) -> bool {
    text.len() < 20 && NOTHING.contains(&letters(text).as_str())
}

/// The property that a key which means none was probably meant for: at most two letters differ, or both speak of the
/// schedule.
pub(super) fn nearest<'p>(properties: &[&'p str], key: &str) -> Option<&'p str> {
    let squeezed = letters(key);
    let speaks = |text: &str| ["schedule", "cron"].iter().any(|word| text.contains(word));
    let near = |property: &&&str| {
        let name = letters(property);
        (speaks(&name) && speaks(&squeezed)) || (name.len() > 4 && distance(&name, &squeezed) <= 2)
    };
    properties.iter().find(near).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_near_only_if_it_is_hardly_another_word() {
        let of = ["recommended_schedule_cron", "steps", "questions"];
        for (key, near) in [
            ("questons", Some("questions")),
            ("schedule_text", Some(of[0])),
            ("stepz", Some("steps")),
            ("colour", None),
            ("seats", None),
        ] {
            assert_eq!(nearest(&of, key), near, "{key}");
        }
    }
}
