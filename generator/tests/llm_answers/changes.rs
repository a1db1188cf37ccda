//! Patches that are nearly of the form.

use serde_json::{Value, json};

use super::{CATALOGUE, changed, is_the_patch, patch};

fn rename(object: &mut Value, from: &str, to: &str) {
    let object = object.as_object_mut().unwrap();
    if let Some(value) = object.shift_remove(from) {
        object.insert(to.to_owned(), value);
    }
}

/// The patch of a kind in the example.
fn of<'a>(answer: &'a mut Value, kind: &str) -> &'a mut Value {
    answer["patches"].as_array_mut().unwrap().iter_mut().find(|patch| patch["type"] == kind).unwrap()
}

fn links(answer: &mut Value, mut change: impl FnMut(&mut Value)) {
    of(answer, "add")["new_links"].as_array_mut().unwrap().iter_mut().for_each(&mut change);
}

type Change = (&'static str, fn(&mut Value));

const CHANGES: [Change; 43] = [
    ("the bare list", |answer| *answer = answer["patches"].take()),
    ("no type", |answer| drop(answer.as_object_mut().unwrap().shift_remove("type"))),
    ("type null", |answer| answer["type"] = Value::Null),
    ("type patches", |answer| answer["type"] = json!("Patches")),
    ("wrapped", |answer| *answer = json!({"patch": answer.take()})),
    ("wrapped beside thoughts", |answer| *answer = json!({"reasoning": "so", "result": answer.take()})),
    ("the shape of a schema", |answer| *answer = json!({"type": "object", "properties": answer.take()})),
    ("changes", |answer| rename(answer, "patches", "changes")),
    ("operations", |answer| rename(answer, "patches", "operations")),
    ("as JSON text", |answer| answer["patches"] = json!(answer["patches"].to_string())),
    ("every patch as JSON text", |answer| {
        for patch in answer["patches"].as_array_mut().unwrap() {
            *patch = json!(patch.to_string());
        }
    }),
    ("by number", |answer| {
        let patches = answer["patches"].as_array().unwrap().iter();
        answer["patches"] = patches.enumerate().map(|(at, patch)| (at.to_string(), patch.clone())).collect();
    }),
    ("patches in patches", |answer| answer["patches"] = json!({"patches": answer["patches"].take()})),
    ("op", |answer| answer["patches"].as_array_mut().unwrap().iter_mut().for_each(|patch| rename(patch, "type", "op"))),
    ("action", |answer| {
        answer["patches"].as_array_mut().unwrap().iter_mut().for_each(|patch| rename(patch, "type", "action"))
    }),
    ("kinds in upper case", |answer| {
        for patch in answer["patches"].as_array_mut().unwrap() {
            patch["type"] = json!(patch["type"].as_str().unwrap().to_uppercase());
        }
    }),
    ("delete", |answer| of(answer, "remove")["type"] = json!("delete")),
    ("update", |answer| of(answer, "modify")["type"] = json!("update")),
    ("create", |answer| of(answer, "add")["type"] = json!("create")),
    ("kinds left to be told", |answer| {
        for kind in ["remove", "add", "modify"] {
            of(answer, kind).as_object_mut().unwrap().shift_remove("type");
        }
    }),
    ("nodeId", |answer| rename(of(answer, "modify"), "node_id", "nodeId")),
    ("id", |answer| rename(of(answer, "modify"), "node_id", "id")),
    ("changes beside the id", |answer| {
        let patch = of(answer, "modify").as_object_mut().unwrap();
        let changes = patch.shift_remove("changes").unwrap();
        patch.extend(changes.as_object().unwrap().clone());
    }),
    ("values without input_default", |answer| {
        let changes = of(answer, "modify")["changes"].as_object_mut().unwrap();
        let values = changes.shift_remove("input_default").unwrap();
        changes.extend(values.as_object().unwrap().clone());
    }),
    ("inputs", |answer| rename(&mut of(answer, "modify")["changes"], "input_default", "inputs")),
    ("inputDefault", |answer| rename(&mut of(answer, "modify")["changes"], "input_default", "inputDefault")),
    ("title", |answer| rename(&mut of(answer, "modify")["changes"], "customized_name", "title")),
    ("the name in metadata", |answer| {
        let changes = &mut of(answer, "modify")["changes"];
        changes["metadata"] = json!({"customized_name": changes["customized_name"].take()});
        changes.as_object_mut().unwrap().shift_remove("customized_name");
    }),
    ("link_id", |answer| {
        let patch = of(answer, "remove");
        patch["link_id"] = patch["link_ids"][0].take();
        patch.as_object_mut().unwrap().retain(|key, _| !key.ends_with("_ids"));
    }),
    ("a link among ids", |answer| {
        let patch = of(answer, "remove");
        patch["ids"] = patch["link_ids"].take();
        patch.as_object_mut().unwrap().retain(|key, _| !key.ends_with("_ids"));
    }),
    ("links as objects", |answer| of(answer, "remove")["link_ids"] = json!([{"id": "l3"}])),
    ("one text for a list", |answer| of(answer, "remove")["link_ids"] = json!("l3")),
    ("nodes and links", |answer| {
        let patch = of(answer, "add");
        rename(patch, "new_nodes", "nodes");
        rename(patch, "new_links", "links");
    }),
    ("edges", |answer| rename(of(answer, "add"), "new_links", "edges")),
    ("one node for a list", |answer| {
        let patch = of(answer, "add");
        patch["new_nodes"] = patch["new_nodes"][0].take();
    }),
    ("a block by its id", |answer| {
        let node = &mut of(answer, "add")["new_nodes"][0];
        node["block"] = json!(CATALOGUE.by_name(node["block"].as_str().unwrap()).unwrap().id);
    }),
    ("block_id", |answer| {
        let node = &mut of(answer, "add")["new_nodes"][0];
        node["block_id"] = json!(CATALOGUE.by_name(node["block"].as_str().unwrap()).unwrap().id);
        node.as_object_mut().unwrap().shift_remove("block");
    }),
    ("ends in camel case", |answer| {
        links(answer, |link| {
            for (from, to) in [
                ("source_id", "sourceId"),
                ("source_name", "sourceName"),
                ("sink_id", "sinkId"),
                ("sink_name", "sinkName"),
            ] {
                rename(link, from, to);
            }
        });
    }),
    ("from and to", |answer| {
        links(answer, |link| {
            for (from, to) in
                [("source_id", "from"), ("source_name", "from_output"), ("sink_id", "to"), ("sink_name", "to_input")]
            {
                rename(link, from, to);
            }
        });
    }),
    ("ends as node.field", |answer| {
        links(answer, |link| {
            let end = |id: &str, name: &str| format!("{}.{}", link[id].as_str().unwrap(), link[name].as_str().unwrap());
            *link = json!({"source": end("source_id", "source_name"), "target": end("sink_id", "sink_name")});
        });
    }),
    ("the agent's name beside", |answer| {
        let patch = of(answer, "agent").as_object_mut().unwrap();
        let changes = patch.shift_remove("changes").unwrap();
        patch.extend(changes.as_object().unwrap().clone());
    }),
    ("agentName", |answer| rename(&mut of(answer, "agent")["changes"], "name", "agentName")),
    ("no intent", |answer| drop(answer.as_object_mut().unwrap().shift_remove("intent"))),
];

#[test]
fn patches_that_are_nearly_of_the_form_are_made_at_once() {
    for (what, change) in CHANGES {
        let mut answer = patch().1;
        change(&mut answer);
        assert_ne!(answer, patch().1, "{what} changes nothing");
        is_the_patch(what, &answer.to_string());
    }
}

#[test]
fn a_single_patch_is_made_however_it_stands() {
    let rename = json!({"type": "agent", "changes": {"name": "Other"}});
    for answer in [
        json!({"type": "patch", "patches": rename}),
        json!({"patches": [rename]}),
        rename.clone(),
        json!({"patch": rename}),
        json!({"type": "patch", "changes": rename}),
    ] {
        assert_eq!(changed(&answer.to_string()).unwrap()["name"], "Other", "{answer}");
    }
}

#[test]
fn an_invented_field_is_told_and_not_dropped() {
    let patches = |patch: Value| json!({"type": "patch", "patches": [patch]}).to_string();
    for (patch, told) in [
        (json!({"type": "modify", "node_id": "n3", "changes": {"colour": 1}}), "values"),
        (json!({"type": "modify", "node_id": "n3", "colour": 1}), "values"),
        (
            json!({"type": "agent", "changes": {"recomended_schedule_cron": "0 7 * * *"}}),
            "patches[0].changes.recommended_schedule_cron",
        ),
        (
            json!({"type": "agent", "changes": {"recommended_schedule_cron": "every morning"}}),
            "patches[0].changes.recommended_schedule_cron",
        ),
    ] {
        let failure = changed(&patches(patch.clone())).unwrap_err();
        assert!(failure.service_error.contains(told), "{patch}: {failure:?}");
    }
}
