//! Plans the goals given as arguments and prints what becomes of them.
use generator::Builtin;
use serde_json::{Value, json, value::to_raw_value};
use shared::generator::{Decomposition, Draft};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    for goal in std::io::stdin().lines() {
        let goal = goal?;
        let (goal, context) = goal.split_once('|').map_or((goal.as_str(), None), |(g, c)| (g, Some(c)));
        writeln!(out, "\n=== {goal}")?;
        match Builtin::new().decompose_now(goal, context) {
            Ok(Decomposition::Instructions { steps }) => {
                let steps: Value = serde_json::from_str(steps.get())?;
                let instructions = to_raw_value(&json!({"type": "instructions", "steps": steps}))?;
                match Builtin::new().generate_now(&instructions) {
                    Ok(Draft::Agent(agent)) => {
                        let agent: Value = serde_json::from_str(agent.get())?;
                        writeln!(out, "{} cron={:?}", agent["name"], agent.get("recommended_schedule_cron"))?;
                        let empty = Vec::new();
                        let nodes = agent["nodes"].as_array().unwrap_or(&empty);
                        let title = |id: &Value| nodes.iter().find(|n| n["id"] == *id).map(|n| n["metadata"]["customized_name"].to_string()).unwrap_or_default();
                        for (i, node) in nodes.iter().enumerate() {
                            writeln!(out, "  {} {} <{}> {}", i + 1, node["metadata"]["customized_name"], steps[i]["block_name"].as_str().unwrap_or(""), node["input_default"])?;
                            for link in agent["links"].as_array().unwrap_or(&empty).iter().filter(|l| l["sink_id"] == node["id"]) {
                                writeln!(out, "       {} <- {}.{}", link["sink_name"], title(&link["source_id"]), link["source_name"])?;
                            }
                        }
                    }
                    other => writeln!(out, "  GENERATE {other:?}")?,
                }
            }
            other => writeln!(out, "  {other:?}")?,
        }
    }
    Ok(())
}
