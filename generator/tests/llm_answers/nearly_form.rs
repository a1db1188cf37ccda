//! Plans that are nearly of the form.

use serde_json::{Map, Value, json};

use super::{CATALOGUE, is_the_plan, plan, steps};

/// Puts a value under another key.
fn rename(object: &mut Value, from: &str, to: &str) {
    let object = object.as_object_mut().unwrap();
    if let Some(value) = object.shift_remove(from) {
        object.insert(to.to_owned(), value);
    }
}

fn each_step(plan: &mut Value, change: impl FnMut(&mut Value)) {
    plan["steps"].as_array_mut().unwrap().iter_mut().for_each(change);
}

fn each_input(plan: &mut Value, mut change: impl FnMut(&mut Value)) {
    each_step(plan, |step| step["inputs"].as_array_mut().unwrap().iter_mut().for_each(&mut change));
}

fn each_source(plan: &mut Value, mut change: impl FnMut(&mut Value)) {
    each_input(plan, |input| {
        if !input["source"].is_null() {
            change(&mut input["source"]);
        }
    });
}

/// Other keys, everywhere.
fn respelt(value: &mut Value, spell: fn(&str) -> String) {
    match value {
        Value::Array(entries) => entries.iter_mut().for_each(|entry| respelt(entry, spell)),
        Value::Object(entries) => {
            let old = std::mem::take(entries);
            for (key, mut value) in old {
                respelt(&mut value, spell);
                entries.insert(spell(&key), value);
            }
        }
        _ => {}
    }
}

fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
}

fn by_key(list: &Value, key: impl Fn(usize, &Value) -> String) -> Value {
    list.as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(at, one)| (key(at, one), one.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// Gives the steps other numbers, and the sources too.
fn numbered(plan: &mut Value, number: impl Fn(u64) -> Value) {
    each_step(plan, |step| step["number"] = number(step["number"].as_u64().unwrap()));
    each_source(plan, |source| source["step"] = number(source["step"].as_u64().unwrap()));
}

fn wrapped(plan: &mut Value, key: &str) {
    *plan = json!({key: plan.take()});
}

fn sources(plan: &mut Value, write: impl Fn(u64, &str) -> Value) {
    each_source(plan, |source| *source = write(source["step"].as_u64().unwrap(), source["output"].as_str().unwrap()));
}

/// What is wrong with a plan, and how it comes to be.
type Change = (&'static str, fn(&mut Value));

const WRAPPED: [Change; 17] = [
    ("plan", |plan| wrapped(plan, "plan")),
    ("result", |plan| wrapped(plan, "result")),
    ("parameters", |plan| wrapped(plan, "parameters")),
    ("an unknown key", |plan| wrapped(plan, "feed_to_slack")),
    ("twice", |plan| {
        wrapped(plan, "data");
        wrapped(plan, "response");
    }),
    ("the shape of a schema", |plan| *plan = json!({"type": "object", "properties": plan.take()})),
    ("a schema's shape in full", |plan| {
        *plan = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["type"], "properties": plan.take()});
    }),
    ("beside thoughts", |plan| *plan = json!({"thought": "a feed, so {…}", "confidence": 0.9, "plan": plan.take()})),
    ("beside its type", |plan| *plan = json!({"type": "instructions", "plan": plan.take()})),
    ("the steps alone are wrapped", |plan| {
        let steps = plan["steps"].take();
        plan.as_object_mut().unwrap().shift_remove("steps");
        plan["plan"] = json!({"steps": steps});
    }),
    ("name and schedule stand outside", |plan| {
        let inner = json!({"steps": plan["steps"].take(), "description": plan["description"].take()});
        plan.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        plan["workflow"] = inner;
    }),
    ("as JSON text", |plan| *plan = json!({"plan": plan.to_string()})),
    ("as a call of a function", |plan| *plan = json!({"name": "plan", "arguments": plan.to_string()})),
    ("in a list", |plan| *plan = json!([plan.take()])),
    ("steps in steps", |plan| plan["steps"] = json!({"steps": plan["steps"].take()})),
    ("a list in a list", |plan| plan["steps"] = json!([plan["steps"].take()])),
    ("thoughts among its keys", |plan| {
        plan["reasoning"] = json!("because");
        plan["steps"][0]["notes"] = json!("because");
    }),
];

const KEYS: [Change; 18] = [
    ("camel case", |plan| respelt(plan, camel)),
    ("kebab case", |plan| respelt(plan, |key| key.replace('_', "-"))),
    ("blanks", |plan| respelt(plan, |key| key.replace('_', " "))),
    ("upper case", |plan| respelt(plan, str::to_uppercase)),
    ("block_name", |plan| each_step(plan, |step| rename(step, "block", "block_name"))),
    ("blockId", |plan| each_step(plan, |step| rename(step, "block", "blockId"))),
    ("tool", |plan| each_step(plan, |step| rename(step, "block", "tool"))),
    ("step_number", |plan| each_step(plan, |step| rename(step, "number", "step_number"))),
    ("id", |plan| each_step(plan, |step| rename(step, "number", "id"))),
    ("title and instruction", |plan| {
        rename(plan, "name", "title");
        each_step(plan, |step| {
            rename(step, "title", "name");
            rename(step, "description", "instruction");
        });
    }),
    ("arguments", |plan| each_step(plan, |step| rename(step, "inputs", "arguments"))),
    ("input_name and input_value", |plan| {
        each_input(plan, |input| {
            rename(input, "name", "input_name");
            rename(input, "value", "input_value");
        });
    }),
    ("key and from", |plan| {
        each_input(plan, |input| {
            rename(input, "name", "key");
            rename(input, "source", "from");
        });
    }),
    ("step_id and output_name", |plan| {
        each_source(plan, |source| {
            rename(source, "step", "step_id");
            rename(source, "output", "output_name");
        });
    }),
    ("from_step and field", |plan| {
        each_source(plan, |source| {
            rename(source, "step", "from_step");
            rename(source, "output", "field");
        });
    }),
    ("workflow", |plan| rename(plan, "steps", "workflow")),
    ("singular", |plan| {
        rename(plan, "steps", "step");
        each_of(&mut plan["step"], |step| rename(step, "inputs", "input"));
    }),
    ("the step beside the input", |plan| {
        each_input(plan, |input| {
            if let Some(source) = input["source"].as_object().cloned() {
                let object = input.as_object_mut().unwrap();
                object.shift_remove("source");
                object.insert("from_step".to_owned(), source["step"].clone());
                object.insert("from_output".to_owned(), source["output"].clone());
            }
        });
    }),
];

fn each_of(list: &mut Value, change: impl FnMut(&mut Value)) {
    list.as_array_mut().unwrap().iter_mut().for_each(change);
}

const LISTS: [Change; 14] = [
    ("steps by number", |plan| plan["steps"] = by_key(&plan["steps"], |at, _| (at + 1).to_string())),
    ("steps by number in another order", |plan| {
        let steps = plan["steps"].as_array().unwrap();
        let mut all: Vec<(String, Value)> =
            steps.iter().enumerate().map(|(at, step)| (format!("step_{}", at + 1), step.clone())).collect();
        all.reverse();
        plan["steps"] = all.into_iter().collect::<Map<_, _>>().into();
    }),
    ("steps by number alone", |plan| {
        each_step(plan, |step| drop(step.as_object_mut().unwrap().shift_remove("number")));
        plan["steps"] = by_key(&plan["steps"], |at, _| format!("step{}", at + 1));
    }),
    ("steps by name", |plan| {
        each_step(plan, |step| drop(step.as_object_mut().unwrap().shift_remove("number")));
        plan["steps"] = by_key(&plan["steps"], |at, _| ["ask", "read", "fill", "sum", "post", "give"][at].to_owned());
        let names = ["", "ask", "read", "fill", "sum", "post", "give"];
        for step in plan["steps"].as_object_mut().unwrap().values_mut() {
            for input in step["inputs"].as_array_mut().unwrap().iter_mut().filter(|input| !input["source"].is_null()) {
                input["source"]["step"] = json!(names[input["source"]["step"].as_u64().unwrap() as usize]);
            }
        }
    }),
    ("steps as JSON text", |plan| plan["steps"] = json!(plan["steps"].to_string())),
    ("all lists as JSON text", |plan| {
        each_step(plan, |step| step["inputs"] = json!(step["inputs"].to_string()));
        plan["steps"] = json!(plan["steps"].to_string());
    }),
    ("every step as JSON text", |plan| each_step(plan, |step| *step = json!(step.to_string()))),
    ("every step in a list", |plan| each_step(plan, |step| *step = json!([step.take()]))),
    ("inputs by name", |plan| {
        each_step(plan, |step| {
            step["inputs"] = by_key(&step["inputs"], |_, input| input["name"].as_str().unwrap().to_owned())
        });
    }),
    ("inputs by name, values and sources", |plan| {
        each_step(plan, |step| {
            let given = |input: &Value| {
                if input["source"].is_null() { input["value"].clone() } else { json!({"source": input["source"]}) }
            };
            let inputs = step["inputs"].as_array().unwrap().iter();
            step["inputs"] = inputs
                .map(|input| (input["name"].as_str().unwrap().to_owned(), given(input)))
                .collect::<Map<_, _>>()
                .into();
        });
    }),
    ("inputs by name, sources bare", |plan| {
        each_step(plan, |step| {
            let given = |input: &Value| {
                if input["source"].is_null() { input["value"].clone() } else { input["source"].clone() }
            };
            let inputs = step["inputs"].as_array().unwrap().iter();
            step["inputs"] = inputs
                .map(|input| (input["name"].as_str().unwrap().to_owned(), given(input)))
                .collect::<Map<_, _>>()
                .into();
        });
    }),
    ("inputs by name, sources as references", |plan| {
        each_step(plan, |step| {
            let link =
                |source: &Value| json!(format!("{{{{{}.{}}}}}", source["step"], source["output"].as_str().unwrap()));
            let given =
                |input: &Value| if input["source"].is_null() { input["value"].clone() } else { link(&input["source"]) };
            let inputs = step["inputs"].as_array().unwrap().iter();
            step["inputs"] = inputs
                .map(|input| (input["name"].as_str().unwrap().to_owned(), given(input)))
                .collect::<Map<_, _>>()
                .into();
        });
    }),
    ("a source as the value", |plan| {
        each_input(plan, |input| {
            if !input["source"].is_null() {
                input["value"] = input["source"].take();
            }
        });
    }),
    ("the bare list of steps", |plan| plan["questions"] = json!([])),
];

const NUMBERS: [Change; 20] = [
    ("as text", |plan| numbered(plan, |number| json!(number.to_string()))),
    ("as floats", |plan| numbered(plan, |number| json!(number as f64))),
    ("as floats in text", |plan| numbered(plan, |number| json!(format!("{number}.0")))),
    ("by tens", |plan| numbered(plan, |number| json!(number * 10))),
    ("from zero", |plan| numbered(plan, |number| json!(number - 1))),
    ("step_1", |plan| numbered(plan, |number| json!(format!("step_{number}")))),
    ("Step 1", |plan| numbered(plan, |number| json!(format!("Step {number}")))),
    ("names", |plan| {
        numbered(plan, |number| json!(["", "ask", "read", "fill", "sum", "post", "give"][number as usize]))
    }),
    ("numbers as text in sources alone", |plan| {
        each_source(plan, |source| source["step"] = json!(format!("step {}", source["step"])))
    }),
    ("no numbers", |plan| each_step(plan, |step| drop(step.as_object_mut().unwrap().shift_remove("number")))),
    ("null", |plan| each_step(plan, |step| step["number"] = Value::Null)),
    ("a number and an id", |plan| {
        each_step(plan, |step| {
            step["id"] = json!(format!("node-{}", (b'a' + step["number"].as_u64().unwrap() as u8) as char))
        });
        each_source(plan, |source| {
            source["step"] = json!(format!("node-{}", (b'a' + source["step"].as_u64().unwrap() as u8) as char))
        });
    }),
    ("titles", |plan| {
        let titles: Vec<Value> = plan["steps"].as_array().unwrap().iter().map(|step| step["title"].clone()).collect();
        each_source(plan, |source| source["step"] = titles[source["step"].as_u64().unwrap() as usize - 1].clone());
    }),
    ("2.entry", |plan| sources(plan, |step, output| json!(format!("{step}.{output}")))),
    ("step 2: entry", |plan| sources(plan, |step, output| json!(format!("step {step}: {output}")))),
    ("steps.2.outputs.entry", |plan| sources(plan, |step, output| json!(format!("steps.{step}.outputs.{output}")))),
    ("{{step_2.entry}}", |plan| sources(plan, |step, output| json!(format!("{{{{step_{step}.{output}}}}}")))),
    ("entry of step 2", |plan| sources(plan, |step, output| json!(format!("{output} of step {step}")))),
    ("[2, entry]", |plan| sources(plan, |step, output| json!([step, output]))),
    ("a list of one source", |plan| each_source(plan, |source| *source = json!([source.take()]))),
];

const VALUES: [Change; 19] = [
    ("Instructions", |plan| plan["type"] = json!("Instructions")),
    ("instruction", |plan| plan["type"] = json!("instruction")),
    ("INSTRUCTIONS", |plan| plan["type"] = json!(" INSTRUCTIONS ")),
    ("type plan", |plan| plan["type"] = json!("plan")),
    ("type null", |plan| plan["type"] = Value::Null),
    ("type unknown", |plan| plan["type"] = json!("agent")),
    ("no type", |plan| drop(plan.as_object_mut().unwrap().shift_remove("type"))),
    ("None for what is absent", |plan| {
        for key in ["questions", "reason", "suggested_goal"] {
            plan[key] = json!("None");
        }
    }),
    ("N/A for what is absent", |plan| plan["reason"] = json!("N/A")),
    ("empty for what is absent", |plan| {
        for key in ["questions", "reason", "suggested_goal"] {
            plan[key] = json!("");
        }
    }),
    ("empty lists for what is absent", |plan| plan["questions"] = json!([])),
    ("None for no source", |plan| {
        each_input(plan, |input| {
            if input["source"].is_null() {
                input["source"] = json!("None");
            }
        });
    }),
    ("no nulls", |plan| {
        plan.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        each_input(plan, |input| input.as_object_mut().unwrap().retain(|_, value| !value.is_null()));
    }),
    ("values as text", |plan| {
        each_input(plan, |input| {
            if input["value"].is_number() || input["value"].is_boolean() {
                input["value"] = json!(input["value"].to_string());
            }
        });
    }),
    ("schedule as an object", |plan| {
        rename(plan, "recommended_schedule_cron", "schedule");
        plan["schedule"] = json!({"cron": plan["schedule"].take(), "timezone": "UTC"});
    }),
    ("cron_expression", |plan| rename(plan, "recommended_schedule_cron", "cron_expression")),
    ("blocks by id", |plan| {
        each_step(plan, |step| step["block"] = json!(CATALOGUE.by_name(step["block"].as_str().unwrap()).unwrap().id))
    }),
    ("blocks without Block", |plan| {
        each_step(plan, |step| step["block"] = json!(step["block"].as_str().unwrap().trim_end_matches("Block")))
    }),
    ("inputs in camel case", |plan| {
        each_input(plan, |input| {
            if !input["name"].as_str().unwrap().contains('#') {
                input["name"] = json!(camel(input["name"].as_str().unwrap()));
            }
        });
    }),
];

#[test]
fn a_plan_that_is_nearly_of_the_form_is_used_at_once() {
    for (what, change) in WRAPPED.iter().chain(&KEYS).chain(&LISTS).chain(&NUMBERS).chain(&VALUES) {
        let mut changed = plan();
        change(&mut changed);
        assert_ne!(changed, plan(), "{what} changes nothing");
        is_the_plan(what, &changed.to_string());
    }
}

#[test]
fn what_may_mean_two_things_is_asked_about() {
    let changes: [Change; 7] = [
        ("two steps of one number", |plan| plan["steps"][2]["number"] = json!(2)),
        ("a place in a list, which may be counted from 0", |plan| {
            sources(plan, |step, output| json!(format!("steps[{step}].{output}")))
        }),
        ("a later step", |plan| {
            plan["steps"][1]["inputs"][0] = json!({"name": "rss_url", "source": {"step": 5, "output": "ts"}})
        }),
        ("questions beside steps", |plan| {
            plan["type"] = Value::Null;
            plan["questions"] = json!(["Which channel?"]);
        }),
        ("two plans", |plan| *plan = json!({"a": plan.clone(), "b": plan.take()})),
        ("a block that is not one", |plan| plan["steps"][1]["block"] = json!("ReadFeed")),
        ("a step without an output", |plan| plan["steps"][4]["inputs"][0]["source"] = json!({"step": 2})),
    ];
    for (what, change) in changes {
        let mut changed = plan();
        change(&mut changed);
        assert!(steps(&changed.to_string()).is_err(), "{what}");
    }
}
