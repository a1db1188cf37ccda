#![allow(clippy::print_stdout)]
use generator::{knowledge::Knowledge, plan, reading, Watch};
fn main() {
    let knowledge = match std::env::var("CATALOG") { Ok(path) => Knowledge::from_json(&std::fs::read_to_string(path).unwrap()).unwrap(), Err(_) => Knowledge::embedded().unwrap() };
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|a| a == "-read") {
        let r = reading::read(&knowledge.vocabulary, &args[1]);
        for c in &r.clauses { println!("{:?} under {:?} | {}\n    {:?}", c.role, c.under, r.tokens.get(c.span.clone()).map(|t| t.first().zip(t.last()).map(|(a, b)| &r.text[a.start..b.end])).flatten().unwrap_or(""), c.frame); }
        println!("{:?}", r.schedule);
        return;
    }
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let v: serde_json::Value = serde_json::from_str(&line).unwrap();
        let goal = v["goal"].as_str().unwrap();
        let out = std::panic::catch_unwind(|| plan::plan(&knowledge, goal, None, Watch::NONE));
        let o = match out { Err(_) => serde_json::json!({"kind":"panic"}), Ok(Err(e)) => serde_json::json!({"kind":"fail","e":format!("{e:?}")}),
          Ok(Ok(plan::Outcome::Plan(p))) => {
            let steps: Vec<_> = p.steps.iter().enumerate().map(|(i, s)| { let b = knowledge.catalogue.by_id(&s.block).map(|b| b.name.clone()).unwrap_or_default();
               let ins: Vec<String> = s.inputs.iter().map(|i| match &i.binding { plan::model::Binding::Value(v) => format!("{}={}", i.name, v), plan::model::Binding::From{step,output} => format!("{}<-{}.{}", i.name, step+1, output)}).collect();
               serde_json::json!({"n": i+1, "block": b, "title": s.title, "says": s.says, "in": ins}) }).collect();
            serde_json::json!({"kind":"agent","name":p.name,"cron":p.cron,"left":p.left_out.iter().map(|l| format!("{} ({})", l.text, l.message)).collect::<Vec<_>>(),"steps":steps}) }
          Ok(Ok(plan::Outcome::Questions(q))) => serde_json::json!({"kind":"ask","q":q.iter().map(|q| q.question.clone()).collect::<Vec<_>>()}),
          Ok(Ok(plan::Outcome::Unachievable{reason,..})) => serde_json::json!({"kind":"refuse","reason":reason}),
          Ok(Ok(plan::Outcome::Vague{..})) => serde_json::json!({"kind":"vague"}),
        };
        println!("{}", serde_json::json!({"id": v["id"], "goal": goal, "out": o}));
    }
}
