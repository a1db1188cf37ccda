//! Agents that are repaired and checked.

use generator::workbench::Checked;

use super::*;

async fn agent() -> Value {
    let Built::Agent { agent, .. } = built(&plan()).await else { panic!("not built") };
    let mut text = agent.get().to_owned();
    let ids: Vec<String> = serde_json::from_str::<Value>(&text).unwrap()["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    for (at, id) in ids.iter().enumerate() {
        text = text.replace(id, &format!("n{}", at + 1));
    }
    serde_json::from_str(&text).unwrap()
}

async fn checked(agent: &Value) -> Checked {
    workbench().check(&to_raw(agent).unwrap(), end()).await.unwrap()
}

type Row = (&'static str, fn(&mut Value), &'static [[&'static str; 3]]);

const MISTAKES: &[Row] = &[
    (
        "the name of a block in place of its id",
        |agent| agent["nodes"][1]["block_id"] = json!("ExtractWebsiteContent"),
        &[[
            "nodes[1].block_id",
            "node Read the page (n2) has the block ExtractWebsiteContent, which does not exist",
            r#"Write "436c3984-57fd-4b85-8e9a-459b356883bd", the id of ExtractWebsiteContentBlock."#,
        ]],
    ),
    (
        "an id of its own for a block",
        |agent| agent["nodes"][1]["block_id"] = json!("00000000-0000-4000-8000-000000000000"),
        &[[
            "nodes[1].block_id",
            "node Read the page (n2) has the block 00000000-0000-4000-8000-000000000000, which does not exist",
            r#"Write the id of a block that the catalogue has: "d1312c4d-fae2-4e70-893d-f4d07cce1d4e" (NotionReadPageMarkdownBlock), "5246cc1d-34b7-452b-8fc5-3fb25fd8f542" (NotionReadPageBlock), "ac444320-cf5e-4697-b586-2604c17a3e75" (FirecrawlScrapeBlock)."#,
        ]],
    ),
    (
        "a link from a node that there is not",
        |agent| agent["links"][0]["source_id"] = json!("feed"),
        &[
            [
                "links[0].source_id",
                "a link comes from the node feed, which does not exist",
                "Write the id of a node: n1, n2, n3, n4.",
            ],
            [
                "nodes[0]",
                "Page (n1) is linked to nothing",
                "Link one of its outputs to what comes next, or leave it out. Outputs: result (string).",
            ],
        ],
    ),
    (
        "an output that the block does not have",
        |agent| agent["links"][0]["source_name"] = json!("value"),
        &[[
            "links[0].source_name",
            "Page (n1) has no output `value`",
            "The outputs of AgentShortTextInputBlock are result (string).",
        ]],
    ),
    (
        "values of the wrong type and for no input",
        |agent| agent["nodes"][2]["input_default"] = json!({"chunk_overlap": "many", "size": 1}),
        &[
            [
                "nodes[2].input_default.chunk_overlap",
                "the input `chunk_overlap` of Sum it up (n3) takes integer, not \"many\"",
                "Write a value of type integer, such as 100.",
            ],
            [
                "nodes[2].input_default.size",
                "Sum it up (n3) has no input `size`",
                "The inputs of AITextSummarizerBlock are text* (string), model (string), focus (string), style (string), max_tokens (integer), chunk_overlap (integer), ollama_host (string).",
            ],
        ],
    ),
    (
        "a circle",
        |agent| {
            let back = json!({"id": "l0", "source_id": "n3", "source_name": "summary", "sink_id": "n2", "sink_name": "url", "is_static": false});
            agent["links"].as_array_mut().unwrap().push(back);
        },
        &[[
            "nodes[1]",
            "Read the page (n2) waits for its own result: the links run in a circle",
            "Leave out one of the links of the circle Read the page (n2) → Sum it up (n3) → Read the page (n2).",
        ]],
    ),
    (
        "links of another form",
        |agent| agent["links"][0] = json!({"id": "l", "source": "a", "target": "b"}),
        &[[
            "links[0]",
            "link 1 lacks a text `source_id`, `source_name`, `sink_id` or `sink_name`",
            r#"Write links as [{"id": "l1", "source_id": "n1", "source_name": "result", "sink_id": "n2", "sink_name": "text", "is_static": false}]."#,
        ]],
    ),
    (
        "no nodes",
        |agent| drop(agent.as_object_mut().unwrap().remove("nodes")),
        &[[
            "nodes",
            "the agent has no `nodes`",
            r#"Write nodes as [{"id": "n1", "block_id": "the id of a block", "input_default": {"name": "value"}, "metadata": {"position": {"x": 0, "y": 0}}}]."#,
        ]],
    ),
];

#[tokio::test]
async fn whoever_writes_a_graph_is_told_where_it_is_wrong_and_what_would_be_right() {
    for (what, spoil, expected) in MISTAKES {
        let mut agent = agent().await;
        spoil(&mut agent);
        let checked = checked(&agent).await;
        let told: Vec<[&str; 3]> = checked
            .problems
            .iter()
            .map(|problem| {
                [problem.path.as_str(), problem.message.as_str(), problem.fix.as_deref().unwrap_or_default()]
            })
            .collect();
        assert_eq!(told, *expected, "{what}");
        assert!(!checked.valid && checked.more_problems == 0, "{what}");
        // Nothing was repaired: the agent is as it was, byte for byte.
        assert_eq!((checked.fixed.len(), checked.agent.get()), (0, agent.to_string().as_str()), "{what}");
    }
}

#[tokio::test]
async fn what_has_one_right_form_is_repaired_and_said_to_be() {
    let mut agent = agent().await;
    agent["nodes"][2]["input_default"] =
        json!({"max_tokens": "60", "style": "Concise", "credentials": {"secret": "hunter2"}});
    agent["nodes"][3]["input_default"]["name"] = json!(" ");
    agent["links"][0]["is_static"] = json!(false);
    let checked = checked(&agent).await;
    let told: Vec<[&str; 2]> =
        checked.fixed.iter().map(|repair| [repair.path.as_str(), repair.message.as_str()]).collect();
    assert_eq!(
        told,
        [
            ["nodes[2].input_default.credentials", "removed"],
            ["nodes[2].input_default.max_tokens", r#""60" became 60"#],
            ["nodes[2].input_default.style", r#""Concise" became "concise""#],
            ["nodes[3].input_default.name", r#"" " became "Summary""#],
            ["links[0].is_static", "false became true"],
        ]
    );
    assert!(checked.valid && !checked.agent.get().contains("hunter2"));
    holds(&checked.agent);
}

#[tokio::test]
async fn a_link_that_is_removed_is_told_at_its_place() {
    let mut agent = agent().await;
    let key = json!({"id": "l0", "source_id": "n1", "source_name": "result", "sink_id": "n3", "sink_name": "credentials", "is_static": true});
    agent["links"].as_array_mut().unwrap().insert(1, key);
    let checked = checked(&agent).await;
    let told: Vec<[&str; 2]> =
        checked.fixed.iter().map(|repair| [repair.path.as_str(), repair.message.as_str()]).collect();
    assert_eq!(told, [["links[1]", "removed"]]);
    assert!(checked.valid);
}

#[tokio::test]
async fn a_large_agent_is_checked_and_what_no_rule_looks_at_stays_as_it_was() {
    let mut agent = agent().await;
    agent["nodes"][2]["input_default"]["focus"] = json!("x".repeat(200_000));
    agent["rows"] = json!(vec![1; 200_000]);
    let text = agent.to_string();
    let checked = checked(&agent).await;
    assert!(checked.valid && checked.agent.get() == text);
}
