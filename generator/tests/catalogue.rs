//! Another catalogue: accepted whole or refused with the reason, and planned over.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{Builtin, catalogue::Catalogue, fixer, validator};
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{Decomposition, Draft};

fn blocks() -> Vec<Value> {
    serde_json::from_str(Catalogue::embedded_text().unwrap()).unwrap()
}

fn only(names: &[&str]) -> Vec<Value> {
    let chosen = blocks().into_iter().filter(|block| names.contains(&block["name"].as_str().unwrap()));
    let chosen: Vec<Value> = chosen.collect();
    assert_eq!(chosen.len(), names.len());
    chosen
}

const TEN: [&str; 10] = [
    "AgentInputBlock",
    "AgentOutputBlock",
    "FillTextTemplateBlock",
    "ExtractWebsiteContentBlock",
    "AITextSummarizerBlock",
    "SendEmailBlock",
    "ReadRSSFeedBlock",
    "SendSlackMessageBlock",
    "AIConditionBlock",
    "GoogleSheetsReadBlock",
];

fn refused(blocks: &Value) -> String {
    let error = Builtin::from_catalogue(&blocks.to_string()).unwrap_err().to_string();
    assert_eq!(Catalogue::from_json(&blocks.to_string()).unwrap_err().to_string(), error);
    error
}

#[test]
fn a_broken_catalogue_is_refused_with_the_entry_and_the_reason() {
    let schemas = |id: &str, name: &str| json!({"id": id, "name": name, "inputSchema": {}, "outputSchema": {}});
    let with = |key: &str, value: Value| {
        let mut block = schemas("a", "A");
        block[key] = value;
        json!([schemas("z", "Z"), block])
    };
    for (blocks, words) in [
        (json!({}), "the block catalogue cannot be read"),
        (
            json!([{"name": "A", "default": {"$serde_json::private::Number": "1"}}]),
            "the block catalogue is not JSON: a key that begins with $serde_json::private::",
        ),
        (json!(["A"]), "entry 1 of the block catalogue (without a name) is not a block: it is not an object"),
        (json!([["a", "A"]]), "it is not an object"),
        (json!([null]), "entry 1"),
        (
            json!([{"name": "A", "inputSchema": {}, "outputSchema": {}}]),
            "entry 1 of the block catalogue (A) is not a block: missing field `id`",
        ),
        (json!([{"id": "a", "inputSchema": {}, "outputSchema": {}}]), "(a) is not a block: missing field `name`"),
        (json!([{"id": "a", "name": "A", "outputSchema": {}}]), "missing field `inputSchema`"),
        (json!([{"id": "a", "name": "A", "inputSchema": {}}]), "missing field `outputSchema`"),
        (with("id", json!(7)), "entry 2 of the block catalogue (A) is not a block: invalid type"),
        (with("id", json!(" ")), "its `id` is empty"),
        (with("name", json!("")), "its `name` is empty"),
        (
            with("inputSchema", json!("text")),
            "entry 2 of the block catalogue (A) is not a block: the schema \"text\" is not an object",
        ),
        (with("inputSchema", json!([])), "the schema [] is not an object"),
        (with("outputSchema", json!(null)), "the schema null is not an object"),
        (with("inputSchema", json!({"properties": []})), "an object of schemas"),
        (with("inputSchema", json!({"required": ["x"]})), "it requires the input `x`, which it does not have"),
        (
            json!([schemas("a", "A"), schemas("a", "B")]),
            "entry 2 of the block catalogue (B) has the id a, which entry 1 has already",
        ),
        (
            json!([schemas("a", "Read Feed"), schemas("b", "ReadFeedBlock")]),
            "entry 2 of the block catalogue (b) has the name ReadFeedBlock, which entry 1",
        ),
        (json!([]), "lacks the block"),
        (json!(only(&["AgentInputBlock", "FillTextTemplateBlock"])), "lacks the block 363ae599"),
    ] {
        let error = refused(&blocks);
        assert!(error.contains(words), "{blocks}: {error}");
    }
    let error = Builtin::from_catalogue("[{").unwrap_err().to_string();
    assert!(error.contains("line 1, column 2"), "{error}");
}

#[test]
fn unknown_keys_of_the_platforms_listing_are_ignored() {
    let mut all = only(&TEN);
    for block in &mut all {
        block["costs"] = json!([{"cost_amount": 1}]);
        block["contributors"] = json!([]);
        block["categories"] = json!([{"category": "BASIC", "description": "For everyone"}]);
        block["uiType"] = json!("Standard");
        block["description"] = json!(null);
        let object = block.as_object_mut().unwrap();
        object.shift_remove("trigger");
        object.shift_remove("needs_credentials");
    }
    all.push(json!({
        "id": "hook", "name": "HookBlock", "uiType": "Webhook (manual)", "staticOutput": null,
        "inputSchema": {"$defs": {"X": {"enum": [1]}}, "properties": {
            "x": {"$ref": "#/$defs/X", "description": null}, "y": {"anyOf": [{"type": "integer"}, {"type": "null"}], "title": "Y", "advanced": true},
        }, "additionalProperties": false},
        "outputSchema": {"properties": {"payload": {"type": "object", "additionalProperties": true}}},
    }));
    let catalogue = Catalogue::from_json(&json!(all).to_string()).unwrap();
    let hook = catalogue.by_id("hook").unwrap();
    assert!(hook.trigger && !hook.static_output);
    assert_eq!(hook.input_type("x").unwrap().to_string(), "any type");
    assert_eq!(catalogue.blocks()[0].categories, ["BASIC"]);
    assert!(!catalogue.blocks()[0].trigger);
}

/// Plans a goal over a catalogue. An agent must be valid for that catalogue.
fn planned(builtin: &Builtin, catalogue: &Catalogue, goal: &str) -> Result<Value, Decomposition> {
    match builtin.decompose_now(goal, None).unwrap() {
        Decomposition::Instructions { steps, .. } => {
            let steps: Value = serde_json::from_str(steps.get()).unwrap();
            let instructions = to_raw_value(&json!({"steps": steps})).unwrap();
            let Ok(Draft::Agent(agent, _)) = builtin.generate_now(&instructions) else { panic!("{goal}") };
            let agent: Value = serde_json::from_str(agent.get()).unwrap();
            assert_eq!(validator::faults(catalogue, &agent), Vec::<String>::new(), "{goal}");
            Ok(agent)
        }
        other => Err(other),
    }
}

const GOALS: [&str; 9] = [
    "Summarise a web page",
    "Read an RSS feed, summarise each entry and post the summaries to Slack",
    "Read a spreadsheet and e-mail a summary of it if it mentions a loss",
    "Find the five newest posts of an RSS feed and post them to Discord",
    "Transcribe a YouTube video and post the transcript to Reddit",
    "When a pull request is opened, review it and comment on the issue",
    "Book a flight",
    "help",
    "Translate a text into French, then make an image of it and send it to Telegram",
];

#[test]
fn a_small_catalogue_builds_what_it_can_and_says_what_it_cannot() {
    let text = json!(only(&TEN)).to_string();
    let (builtin, catalogue) = (Builtin::from_catalogue(&text).unwrap(), Catalogue::from_json(&text).unwrap());
    for goal in GOALS {
        match planned(&builtin, &catalogue, goal) {
            Ok(_) | Err(Decomposition::ClarifyingQuestions(_)) => {}
            Err(
                Decomposition::UnachievableGoal { suggested_goal, .. } | Decomposition::VagueGoal { suggested_goal },
            ) => {
                if let Some(suggested) = suggested_goal {
                    assert!(planned(&builtin, &catalogue, &suggested).is_ok(), "{goal}: {suggested}");
                }
            }
            Err(Decomposition::Instructions { .. }) => panic!("{goal}"),
        }
    }
    assert!(planned(&builtin, &catalogue, "Summarise a web page").is_ok());
    assert!(matches!(
        planned(&builtin, &catalogue, "Post a text to Discord"),
        Err(Decomposition::UnachievableGoal { .. }
            | Decomposition::VagueGoal { .. }
            | Decomposition::ClarifyingQuestions(_))
    ));
    // Other generators still use the embedded blocks.
    let all = Catalogue::embedded().unwrap();
    assert!(planned(&Builtin::new(), &all, "Read an RSS feed and post the entries to Discord").is_ok());
}

#[test]
fn a_known_block_with_other_fields_is_used_by_its_own_schema() {
    let mut all = only(&TEN);
    for block in &mut all {
        if block["name"] == "AITextSummarizerBlock" {
            block["inputSchema"] = json!({"properties": {"document": {"type": "string"}}, "required": ["document"]});
            block["outputSchema"] = json!({"properties": {"digest": {"type": "string"}}});
        }
    }
    let text = json!(all).to_string();
    let (builtin, catalogue) = (Builtin::from_catalogue(&text).unwrap(), Catalogue::from_json(&text).unwrap());
    drop(planned(&builtin, &catalogue, "Summarise a web page and e-mail the summary"));
    let steps = json!({"steps": [{"block_name": "AITextSummarizerBlock", "description": "Sum it up"}]});
    match builtin.generate_now(&to_raw_value(&steps).unwrap()) {
        Ok(Draft::Agent(agent, _)) => {
            let agent: Value = serde_json::from_str(agent.get()).unwrap();
            assert_eq!(validator::faults(&catalogue, &agent), Vec::<String>::new());
        }
        Ok(Draft::ClarifyingQuestions(questions)) => panic!("{questions:?}"),
        Err(failure) => panic!("{}", failure.service_error),
    }
}

#[test]
fn a_catalogue_of_5000_blocks_is_read_once_and_planned_over() {
    let mut all = blocks();
    for number in all.len()..5000 {
        let mut block = all[number % 90].clone();
        block["id"] = json!(format!("made-{number}"));
        block["name"] = json!(format!("{}Copy{number}Block", block["name"].as_str().unwrap()));
        all.push(block);
    }
    let text = json!(all).to_string();
    let (builtin, catalogue) = (Builtin::from_catalogue(&text).unwrap(), Catalogue::from_json(&text).unwrap());
    assert_eq!(catalogue.blocks().len(), 5000);
    let own = Catalogue::embedded().unwrap();
    for goal in GOALS {
        let (many, few) = (planned(&builtin, &catalogue, goal), planned(&Builtin::new(), &own, goal));
        assert_eq!(many.ok().map(|agent| agent.to_string()), few.ok().map(|agent| agent.to_string()), "{goal}");
    }
    let steps = json!({"steps": [{"block_id": "made-4999", "description": "the last"}]});
    assert!(matches!(builtin.generate_now(&to_raw_value(&steps).unwrap()), Ok(Draft::Agent(..))));
}

#[test]
fn without_a_converter_the_validator_reports_wrong_types() {
    let text = json!(only(&TEN)).to_string();
    let catalogue = Catalogue::from_json(&text).unwrap();
    let (feed, summary) =
        (catalogue.by_name("ReadRSSFeedBlock").unwrap(), catalogue.by_name("AITextSummarizerBlock").unwrap());
    let agent = json!({
        "nodes": [{"id": "a", "block_id": feed.id}, {"id": "b", "block_id": summary.id}],
        "links": [{"id": "l", "source_id": "a", "source_name": "entries", "sink_id": "b", "sink_name": "text"}],
    });
    let fixed = fixer::fix(&catalogue, agent, &fixer::Reach::All);
    assert_eq!(fixed["links"].as_array().unwrap().len(), 1);
    assert!(validator::faults(&catalogue, &fixed).iter().any(|fault| fault.contains("gives array")));
}
